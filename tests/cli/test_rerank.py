from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import Runner
from tests.fakes import RERANKER, FakeEncoders

QUESTION = "Where do Armenia and Azerbaijan mark their border?"
SURE = ["--min-confidence", "0"]
LACKING = "The index in index has no reranker, and reranking is asked for. Add one with: briefqa index --reranker NAME"


@pytest.fixture
def reranking(indexed: Runner) -> Runner:
    """`run`, in a folder with the small corpus and its index with a reranker."""
    assert indexed("index", "--reranker", RERANKER).code == 0
    return indexed


def test_adding_and_taking_out(indexed: Runner) -> None:
    outcome = indexed("index", "--reranker", RERANKER)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.endswith("Articles: 5 unchanged. Passages: 0 encoded, 6 reused.\n")
    assert f"\nreranker      {RERANKER} (reads 48 tokens)\n" in indexed("status").out
    assert indexed("status", "--json").json["reranker"] == RERANKER
    assert indexed("index", "--reranker", "none").out.startswith("Indexed ")
    assert "reranker" not in indexed("status").out
    assert indexed("status", "--json").json["reranker"] is None
    assert indexed("index", "--reranker", "").out.startswith("Nothing changed")


def test_a_rebuild_keeps_it_until_it_is_taken_out(reranking: Runner) -> None:
    assert reranking("index", "--rebuild").code == 0
    hits = reranking("search", QUESTION, "--rerank", "--json").json["hits"]
    assert all(hit["scores"]["rerank"] is not None for hit in hits)
    assert reranking("index", "--rebuild", "--reranker", "none").code == 0
    outcome = reranking("search", QUESTION, "--rerank")
    assert (outcome.code, outcome.out, outcome.err) == (3, "", f"error: {LACKING}\n")


def test_the_name_can_come_from_the_settings(run: Runner, articles: Path) -> None:
    (articles.parent / "briefqa.toml").write_text(
        f'reranker = "{RERANKER}"\nrerank = true\nrerank_candidates = 2\n', encoding="utf-8"
    )
    assert run("index").code == 0
    hits = run("search", QUESTION, "--json").json["hits"]
    assert [hit["scores"]["rerank"] is not None for hit in hits] == [True, True, False, False, False]
    hits = run("search", QUESTION, "--no-rerank", "--json").json["hits"]
    assert {hit["scores"]["rerank"] for hit in hits} == {None}
    assert run("index", "--reranker", "none").code == 0
    assert run("search", QUESTION).err == f"error: {LACKING}\n"
    assert run("search", QUESTION, "--no-rerank").code == 0


def test_search(reranking: Runner, installed_fake: FakeEncoders) -> None:
    plain = reranking("search", QUESTION, "--json").json
    found = reranking("search", QUESTION, "--rerank", "--json").json
    assert list(plain["milliseconds"]) == ["load", "retrieve", "total"]
    took = found["milliseconds"]
    assert list(took) == ["load", "retrieve", "rerank", "total"]
    assert took["total"] == pytest.approx(took["load"] + took["retrieve"] + took["rerank"])
    ((question, texts),) = installed_fake.scorer.asked
    assert (question, len(texts)) == (QUESTION, 6)
    assert any(text.startswith("Talks on a treaty\nArmenia and Azerbaijan agreed to mark a") for text in texts)
    first = found["hits"][0]
    # Armenia, and, Azerbaijan, mark, their, border: six words less three.
    assert (first["document"]["path"], first["scores"]["rerank"]) == ("corpus/peace.md", 3.0)
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    # The best of both stages: half the sigmoid of 3, .952574, and half of all.
    assert first["score"] == pytest.approx((0.952574 + 1.0) / 2, abs=1e-6)


def test_ask(reranking: Runner, installed_fake: FakeEncoders) -> None:
    answer = reranking("ask", QUESTION, "--rerank", *SURE, "--json").json
    assert answer["hits"][0]["document"]["path"] == answer["citations"][0]["document"]["path"] == "corpus/peace.md"
    took = answer["milliseconds"]
    assert list(took) == ["load", "retrieve", "rerank", "answer", "total"]
    assert took["total"] == pytest.approx(sum(took.values()) - took["total"])
    assert len(installed_fake.scorer.asked) == 1
    assert reranking("ask", QUESTION, "--rerank", *SURE).code == 0
    assert "rerank" not in reranking("ask", QUESTION, *SURE, "--json").json["milliseconds"]
    assert len(installed_fake.scorer.asked) == 2


@pytest.mark.parametrize("retriever", ["dense", "lexical", "hybrid"])
def test_every_retriever_can_be_reranked(reranking: Runner, retriever: str) -> None:
    found = reranking("search", QUESTION, "-r", retriever, "--rerank", "--json").json
    assert found["hits"][0]["document"]["path"] == "corpus/peace.md"
    assert all(hit["scores"]["rerank"] is not None for hit in found["hits"])


def test_nothing_found_is_nothing_to_rerank(reranking: Runner, installed_fake: FakeEncoders) -> None:
    for command in ("ask", "search"):
        outcome = reranking(command, "zeppelin", "-r", "lexical", "--rerank", "--json")
        assert (outcome.code, outcome.json["hits"]) == (1, [])
        assert outcome.json["milliseconds"]["rerank"] >= 0.0
    assert installed_fake.scorer.asked == []


def test_eval(reranking: Runner) -> None:
    record = {
        "id": "q1",
        "question": QUESTION,
        "tags": [],
        "gold": [{"document": "peace.md", "quote": "It will meet again."}],
    }
    Path("q.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    report = reranking("eval", "q.jsonl", "--rerank", "--json").json
    assert report["settings"]["rerank_candidates"] == 20
    assert report["measures"]["documents.R@1"]["value"] == 1.0
    assert "rerank_candidates" not in reranking("eval", "q.jsonl", "--json").json["settings"]
    assert "rerank_candidates=20" in " ".join(reranking("eval", "q.jsonl", "--rerank").out.split())


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_index_without_a_reranker_is_told_how_to_get_one(indexed: Runner, command: str) -> None:
    outcome = indexed(command, QUESTION, "--rerank")
    assert (outcome.code, outcome.out, outcome.err) == (3, "", f"error: {LACKING}\n")
    assert indexed(command, QUESTION, "--rerank", "--json").json_error["message"] == LACKING
    assert indexed(command, QUESTION, "--no-rerank").code in (0, 1)


def test_a_reranker_that_is_gone_is_told(reranking: Runner, installed_fake: FakeEncoders) -> None:
    folder = Path("index/rerankers") / installed_fake.find_reranker(RERANKER).sha256
    (folder / "fake-reranker.json").unlink()
    outcome = reranking("ask", QUESTION, "--rerank")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == (
        f"error: The index's reranker in {folder} can't be loaded: {folder / 'fake-reranker.json'} is missing or"
        " unreadable. Make the index again with: briefqa index --rebuild\n"
    )
    outcome = reranking("verify")
    assert outcome.code == 3
    assert f"{folder / 'fake-reranker.json'} is missing or unreadable" in outcome.err


def test_an_unknown_reranker_is_told(indexed: Runner) -> None:
    outcome = indexed("index", "--reranker", "no")
    assert (outcome.code, outcome.out, outcome.err) == (2, "", "error: There is no reranker 'no' here.\n")


def test_too_many_candidates_are_refused(reranking: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFQA_RERANK_CANDIDATES", "201")
    outcome = reranking("ask", QUESTION, "--rerank")
    assert (outcome.code, outcome.err) == (
        2,
        "error: rerank_candidates is 201; it must be a whole number from 1 to 200.\n",
    )


@pytest.mark.parametrize("command", ["ask", "search", "eval run"])
def test_help_shows_how(run: Runner, command: str) -> None:
    text = run(*command.split(), "--help").out
    assert "--rerank" in text
    assert "--no-rerank" in text
