"""`briefqa status --duplicates`, and what ask and search show of copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import Runner
from tests.stories import HARBOUR, STORY, UPDATE, write_story


@pytest.fixture
def wired(run: Runner, articles: Path) -> Runner:
    """`run`, with an index of an agency's item, its copy and its update."""
    write_story(articles / "agency.md", STORY, date="2024-05-01", title="A train derails")
    write_story(articles / "repost.md", STORY, date="2024-05-01", title="Train accident in Velm")
    write_story(articles / "update.md", UPDATE, date="2024-05-02", title="More dead in Velm")
    write_story(articles / "oster.md", HARBOUR)
    assert run("index").code == 0
    return run


def test_groups_are_listed(wired: Runner) -> None:
    outcome = wired("status", "--duplicates")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "index, generation 1: 9 documents, 3 of them in 1 group of copies.\n"
        "\n"
        "  first  2024-05-02  corpus/update.md\n"
        "    88%  2024-05-01  corpus/agency.md\n"
        "    88%  2024-05-01  corpus/repost.md\n"
    )
    found = wired("status", "--duplicates", "--json").json
    assert found == {
        "schema": "briefqa.duplicates/1",
        "index": "index",
        "generation": 1,
        "documents": 9,
        "groups": [
            [
                {"path": f"corpus/{name}.md", "title": title, "published": date, "equal_sentences": share}
                for name, title, date, share in (
                    ("update", "More dead in Velm", "2024-05-02", 1.0),
                    ("agency", "A train derails", "2024-05-01", 0.875),
                    ("repost", "Train accident in Velm", "2024-05-01", 0.875),
                )
            ]
        ],
    }


def test_without_copies_and_without_an_index(indexed: Runner) -> None:
    assert (
        indexed("status", "--duplicates").out == "index, generation 1: 5 documents, none of them a copy of another.\n"
    )
    outcome = indexed("status", "--duplicates", "--index", "no")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == "error: There is no index in no. Did you mean index? Or make one with: briefqa index\n"


def test_an_answer_shows_the_newest_and_what_was_said_before(wired: Runner) -> None:
    question = "How many people were killed near Velm?"
    outcome = wired("ask", question, "-r", "lexical", "--min-confidence", "0", "-n", "1")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0] == "  Fifteen people were killed and the line to the coast was closed. [1]"
    assert lines[2:8] == [
        "  [1] More dead in Velm · 2024-05-02",
        "      corpus/update.md:5",
        "      “Fifteen people were killed and the line to the coast was closed.”",
        "      earlier version of 2024-05-01 says: “Twelve people were killed and the",
        "      line to the coast was closed.” (corpus/agency.md:5 and 1 other article)",
        "",
    ]


def test_copies_can_be_shown_each(wired: Runner) -> None:
    """The newest of three passages with the words comes first, and the others are named there."""
    once = wired("search", "forty trains", "-r", "lexical", "--json").json["hits"]
    assert once[0]["document"]["path"] == "corpus/update.md"
    assert [(copy["document"]["path"], copy["lines"]) for copy in once[0]["also_in"]] == [
        ("corpus/agency.md", [7, 7]),
        ("corpus/repost.md", [7, 7]),
    ]
    assert [hit["document"]["path"] for hit in once if "forty" in hit["text"]] == ["corpus/update.md"]
    each = wired("search", "forty trains", "-r", "lexical", "--copies", "--json").json["hits"]
    assert {hit["document"]["path"] for hit in each if "forty" in hit["text"]} == {
        f"corpus/{name}.md" for name in ("agency", "repost", "update")
    }
    assert all(hit["also_in"] == [] for hit in each)
