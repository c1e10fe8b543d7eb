"""--refresh, and what is said of articles that moved on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import Runner

QUESTION = "When did Georgia leave the commonwealth?"
SURE = ("--retriever", "lexical", "--min-confidence", "0", "--quotes", "1")


def test_refresh_brings_the_index_up_to_date_first(indexed: Runner, articles: Path) -> None:
    (articles / "ferry.md").write_text("A ferry crosses the lake of Sevan twice a day.\n", encoding="utf-8")
    stale = indexed("ask", "How often does a ferry cross?", *SURE)
    assert "1 new, 0 changed, 0 removed since the index was made" in stale.out
    fresh = indexed("ask", "How often does a ferry cross?", *SURE, "--refresh")
    assert fresh.code == 0
    assert "A ferry crosses the lake of Sevan twice a day." in fresh.out
    assert "since the index was made" not in fresh.out
    assert fresh.err.startswith("Indexed 6 documents, 7 passages into index in ")
    assert "\nArticles: 1 new, 5 unchanged." in fresh.err
    again = indexed("search", "ferry", "-r", "lexical", "--refresh", "--strict")
    assert (again.code, again.err) == (0, "")
    (articles / "ferry.md").unlink()
    assert indexed("search", "ferry", "-r", "lexical", "--refresh", "--json").json["hits"] == []


def test_refresh_without_an_index_or_its_articles(run: Runner, articles: Path) -> None:
    outcome = run("ask", QUESTION, "--refresh")
    message = "error: There is no index in index. Make one with: briefqa index\n"
    assert (outcome.code, outcome.out, outcome.err) == (3, "", message)
    assert run("index").code == 0
    articles.rename(articles.with_name("moved"))
    outcome = run("ask", QUESTION, "--refresh")
    message = "error: There is no folder or file corpus. Name the folder that holds your articles.\n"
    assert (outcome.code, outcome.out, outcome.err) == (2, "", message)


@pytest.mark.parametrize(
    ("gone", "state", "told"),
    [
        (False, "changed", "the file has changed since it was indexed, so the quote may stand elsewhere or nowhere"),
        (True, "gone", "the file is not there any more."),
    ],
)
def test_a_cited_file_that_moved_on_is_marked(
    indexed: Runner, articles: Path, gone: bool, state: str, told: str
) -> None:
    assert "Warning" not in indexed("ask", QUESTION, *SURE).out
    path = articles / "nested/cis.md"
    if gone:
        path.unlink()
    else:
        path.write_text("Rewritten.\n", encoding="utf-8")
    outcome = indexed("ask", QUESTION, *SURE)
    lines = outcome.out.split("\n")
    quote = next(number for number, line in enumerate(lines) if "“Georgia left" in line)
    assert lines[quote + 1].startswith(f"      Warning: {told}")
    assert indexed("ask", QUESTION, *SURE, "--json").json["citations"][0]["file_state"] == state
