"""Filters, recency and the order by date, through the command line over the small corpus: csto.md is of 2018-11-22 and
from the Example Institute, peace.md of May 2024; the other three have no date."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from briefqa.evaluation.runs import read_run
from tests.cli.runner import Runner
from tests.fakes import RERANKER

QUESTION = "Which members does the organisation or commission of Russia and Armenia have?"
UNDATED = " 3 articles without a date, or without one full enough to tell, were left out."


def paths(run: Runner, *arguments: str) -> set[str]:
    value = run("search", QUESTION, "-k", "50", *arguments, "--json").json
    return {hit["document"]["path"] for hit in value["hits"]}


ALL = {f"corpus/{name}" for name in ("csto.md", "nested/cis.md", "osce.txt", "peace.md", "union.text")}


@pytest.mark.parametrize("retriever", ["dense", "lexical", "hybrid"])
@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], ALL),
        (["--since", "2018"], {"corpus/csto.md", "corpus/peace.md"}),
        (["--since", "2018-11-23"], {"corpus/peace.md"}),
        (["--before", "2024"], {"corpus/csto.md"}),
        (["--since", "2018-11-22", "--before", "2018-11-23"], {"corpus/csto.md"}),
        (["--since", "2024-05-01", "--before", "2024-06"], {"corpus/peace.md"}),
        (["--source", "example institute"], {"corpus/csto.md"}),
        (["--source", "example.org", "--source", "nobody"], {"corpus/csto.md"}),
        (["--path", "corpus/nested"], {"corpus/nested/cis.md"}),
        (["--path", "*.txt", "--path", "nested/*"], {"corpus/nested/cis.md", "corpus/osce.txt"}),
        (["--path", "*.md", "--before", "2020"], {"corpus/csto.md"}),
    ],
)
def test_only_articles_that_fit_are_found(
    indexed: Runner, retriever: str, arguments: list[str], found: set[str]
) -> None:
    assert paths(indexed, "-r", retriever, *arguments) == found


def test_what_was_asked_and_what_was_left_out_are_told(indexed: Runner) -> None:
    value = indexed("search", QUESTION, "--since", "2019", "--before", "2030-01", "--path", "corpus/*", "--json").json
    assert value["filter"] == {
        "since": "2019",
        "before": "2030-01",
        "sources": [],
        "paths": ["corpus/*"],
        "tags": [],
        "languages": [],
        "collections": [],
        "documents": 1,
        "undated": 3,
    }
    note = f"1 of 5 articles fits the filter (since 2019, before 2030-01, path corpus/*).{UNDATED}"
    assert value["notes"] == [note]
    assert indexed("ask", QUESTION, "--since", "2019", "--min-confidence", "0", "--json").json["notes"][0] == (
        f"1 of 5 articles fits the filter (since 2019).{UNDATED}"
    )
    assert indexed("search", QUESTION, "--json").json["filter"] is None
    partial = indexed("search", QUESTION, "--since", "2024-05-02", "--json")
    assert partial.code == 1
    assert json.loads(partial.out)["filter"]["undated"] == 4  # May 2024 may be before that day


@pytest.mark.parametrize("retriever", ["dense", "lexical", "hybrid"])
def test_a_filter_that_leaves_nothing(indexed: Runner, retriever: str) -> None:
    for command in ("ask", "search"):
        outcome = indexed(command, QUESTION, "-r", retriever, "--source", "nobody", "--json")
        value = outcome.json
        assert (outcome.code, value["hits"], value["filter"]["documents"]) == (1, [], 0)
        assert value["notes"] == ["No article fits the filter (source nobody)."]
    assert (indexed("ask", QUESTION, "--source", "nobody", "--json").json["status"]) == "no_answer"
    asked = indexed("ask", QUESTION, "-r", retriever, "--source", "nobody")
    assert asked.code == 1
    assert asked.out == (
        "  There is nothing to answer this from.\n\n  confidence 0.00\n\n"
        "  Note: No article fits the filter (source nobody).\n"
    )
    searched = indexed("search", QUESTION, "-r", retriever, "--source", "nobody")
    assert (searched.code, searched.out) == (1, "  Note: No article fits the filter (source nobody).\n")


def test_words_are_said_to_be_missing_where_they_are(indexed: Runner) -> None:
    notes = indexed("search", "soldiers", "-r", "lexical", "--path", "*.txt", "--json").json["notes"]
    assert notes[1:] == ["None of the question's words stands in the articles that fit."]
    assert indexed("search", "soldiers", "-r", "lexical", "--json").json["notes"] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--since", "May"], "since is 'May'; it must be a date such as 2022-01-31, 2022-01 or 2022."),
        (["--last", "soon"], "last is 'soon'; it must be a number of days, weeks, months or years, such as 90d, 12w,"),
        (["--language", "german"], "language is 'german'; it must be a code such as de or fr."),
        (["--tag", ""], "One of the tags of the filter is empty. Name one, or leave it out."),
        (["--sort", "up"], "sort is 'up'; it must be score or date."),
        (["--recency", "2"], "recency is 2.0; it must be a number from 0 to 1."),
    ],
)
def test_values_that_cannot_be_used(indexed: Runner, arguments: list[str], told: str) -> None:
    for command in ("ask", "search"):
        outcome = indexed(command, QUESTION, *arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.startswith(f"error: {told}")


def test_a_filter_cannot_smuggle_escapes_to_the_terminal(indexed: Runner) -> None:
    outcome = indexed("search", QUESTION, "--source", "a\x1b[31mb")
    assert "\x1b" not in outcome.out
    assert "No article fits the filter" in outcome.out


def test_newest_first(indexed: Runner) -> None:
    Path("corpus/new.md").write_text("---\ndate: 2025-01-02\n---\nA commission meets.\n", encoding="utf-8")
    indexed("index")
    by_score = indexed("search", QUESTION, "-k", "50", "--json").json["hits"]
    by_date = indexed("search", QUESTION, "-k", "50", "--sort", "date", "--json").json["hits"]
    assert sorted(by_date, key=lambda hit: int(hit["rank"])) == by_score
    dates = [hit["document"]["published"] for hit in by_date]
    assert dates[:3] == ["2025-01-02", "2024-05", "2018-11-22"]
    undated = [hit["rank"] for hit in by_date if hit["document"]["published"] is None]
    assert undated == sorted(undated)
    assert dates[-len(undated) :] == [None] * len(undated)
    # The newest among those found: the sort finds no others.
    few = indexed("search", QUESTION, "-k", "2", "--sort", "date", "--json").json["hits"]
    assert {hit["passage_id"] for hit in few} == {hit["passage_id"] for hit in by_score[:2]}


def test_quotes_newest_first_keep_their_markers(indexed: Runner) -> None:
    asked = ("ask", "Armenia", "--min-confidence", "0")
    by_score = indexed(*asked, "-n", "20", "--json").json
    by_date = indexed(*asked, "-n", "20", "--sort", "date", "--json").json
    assert by_date["answer"] == by_score["answer"]
    assert sorted(by_date["citations"], key=lambda quote: int(quote["marker"])) == by_score["citations"]
    dates = [quote["document"]["published"] or "" for quote in by_date["citations"]]
    assert dates == sorted(dates, reverse=True)
    assert len(set(dates)) > 1
    lines = indexed(*asked, "-n", "20", "--sort", "date").out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  [")] == ["[1]", "[3]", "[1]", "[2]"]


def test_the_nearest_passage_is_named_whatever_the_order(indexed: Runner) -> None:
    asked = ("ask", QUESTION, "--min-confidence", "1")
    assert indexed(*asked, "--sort", "date").out == indexed(*asked).out


@pytest.mark.parametrize("arguments", [[], ["--rerank"], ["-r", "dense"], ["-r", "lexical", "--rerank"]])
def test_recency_is_a_part_of_the_score(indexed: Runner, arguments: list[str]) -> None:
    assert indexed("index", "--reranker", RERANKER).code == 0
    plain = indexed("search", QUESTION, "-k", "50", *arguments, "--json").json["hits"]
    command = ("search", QUESTION, "-k", "3", *arguments, "--recency", "0.5", "--explain", "--json")
    value = indexed(*command).json
    relevance = {hit["passage_id"]: hit["score"] for hit in plain}
    best = max(relevance.values())
    for hit, why in zip(value["hits"], value["explanation"]["hits"], strict=True):
        days = {"2024-05": 0, "2018-11-22": 1987, None: None}[hit["document"]["published"]]
        share = 0.0 if days is None else 0.5 ** (days / 365)
        assert hit["scores"]["relevance"] == pytest.approx(relevance[hit["passage_id"]], abs=1e-5)
        assert hit["scores"]["recency"] == pytest.approx(share, abs=1e-5)
        assert hit["score"] == pytest.approx(relevance[hit["passage_id"]] + 0.5 * best * share, abs=1e-5)
        part = why["parts"][-1]
        assert (part["name"], part["weight"]) == ("recency", pytest.approx(0.5 * best, abs=1e-5))
        assert sum(part["contribution"] for part in why["parts"]) == pytest.approx(hit["score"], abs=1e-5)
    assert value["hits"][0]["document"]["path"] == "corpus/peace.md"
    shown = indexed(*command[:-1]).out
    assert "recency: what the article's date adds" in " ".join(shown.split())


def test_a_confidence_does_not_rise_with_recency(indexed: Runner) -> None:
    asked = ("ask", "Who agreed to mark a stretch of the border?", "--json", "--min-confidence", "0")
    plain, recent = indexed(*asked).json, indexed(*asked, "--recency", "0.3").json
    assert plain["hits"][0]["document"]["path"] == recent["hits"][0]["document"]["path"] == "corpus/peace.md"
    assert recent["confidence"] == plain["confidence"]


def test_recency_may_stand_in_the_settings(indexed: Runner) -> None:
    Path("briefqa.toml").write_text("recency = 0.5\nrecency_half_life = 1987\n", encoding="utf-8")
    hits = indexed("search", QUESTION, "-k", "50", "--json").json["hits"]
    shares = {hit["document"]["path"]: hit["scores"]["recency"] for hit in hits}
    assert (shares["corpus/csto.md"], shares["corpus/peace.md"], shares["corpus/osce.txt"]) == (0.5, 1.0, 0.0)


RECORD: dict[str, Any] = {
    "id": "q1",
    "question": "When did Georgia leave the commonwealth?",
    "tags": [],
    "gold": [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}],
}


@pytest.fixture
def asking(indexed: Runner) -> Runner:
    """The command line with a question whose answer stands in nested/cis.md."""
    Path("q.jsonl").write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    return indexed


@pytest.mark.parametrize("more", [[], ["--retrieval-only"]])
def test_an_evaluation_is_asked_within_the_filter_and_keeps_it(asking: Runner, more: list[str]) -> None:
    def measured(name: str, *arguments: str) -> float:
        outcome = asking("eval", "run", "q.jsonl", "--name", name, *more, *arguments, "--json")
        assert outcome.code == 0
        return float(json.loads(outcome.out)["measures"]["documents.R@5"]["value"])

    assert measured("all") == 1.0
    assert measured("within", "--path", "**/cis.md", "--path", "*.txt", "--recency", "0.2") == 1.0
    assert measured("without", "--since", "2000", "--before", "2030", "--source", "example.org") == 0.0
    assert "since" not in read_run("all").record.settings
    kept = read_run("within").record.settings
    assert (kept["path"], kept["recency"], kept["recency_half_life"]) == ("**/cis.md or *.txt", 0.2, 365)
    kept = read_run("without").record.settings
    assert (kept["since"], kept["before"], kept["source"]) == ("2000", "2030", "example.org")
    told = asking("eval", "compare", "all", "without", "--json").out
    assert '"since"' in told


def test_a_gate_and_a_sweep_are_asked_within_the_filter(asking: Runner) -> None:
    gate = ("eval", "gate", "q.jsonl", "--min", "documents.recall@5=.5", "--retrieval-only")
    assert asking(*gate, "--path", "nested").code == 0
    assert asking(*gate, "--path", "*.txt").code == 4
    sweep = ("eval", "sweep", "q.jsonl", "--grid", "retriever=lexical,dense", "--by", "documents.recall@5")
    outcome = asking(*sweep, "--retrieval-only", "--path", "*.txt", "--json")
    assert json.loads(outcome.out)["configurations"][0]["measure"]["value"] == 0.0
    assert read_run("sweep/retriever=dense").record.settings["path"] == "*.txt"
    kept = asking("eval", "gate", "--run", "sweep/retriever=dense", "--min", "documents.recall@5=.5", "--since", "2020")
    assert (kept.code, kept.out) == (2, "")
    assert "leave out the question set and the options of asking" in kept.err


def test_help_lists_filters_by_themselves(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TERM", "dumb")
    for command in (["ask"], ["search"], ["eval", "run"], ["eval", "gate"], ["eval", "sweep"]):
        text = run(*command, "--help").out
        options, filters = text.split("Filters", 1)
        for name in ("--since", "--before", "--last", "--source", "--path", "--tag", "--language"):
            assert name in filters
        assert "--recency" in options
