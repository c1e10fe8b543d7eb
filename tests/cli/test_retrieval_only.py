"""`briefqa eval run --retrieval-only`: the ranking without answers."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from briefqa.api import Index
from briefqa.evaluation.runs import read_run
from tests.cli.runner import Runner
from tests.fakes import FakeQuestionEncoder

RECORDS: list[dict[str, object]] = [
    {
        "id": "q1",
        "question": "When did Georgia leave the commonwealth?",
        "tags": ["date"],
        "gold": [{"document": "nested/cis.md", "quote": "Georgia left the commonwealth in 2009."}],
    },
    {
        "id": "q2",
        "question": "Who chairs the Minsk Group?",
        "tags": ["who"],
        "gold": [{"document": "osce.txt", "quote": "France, Russia and the United States share its chair."}],
    },
    {"id": "q3", "question": "Who flew the zeppelin?", "tags": ["who"], "gold": []},
]
TEXTS = [record["question"] for record in RECORDS]
ALONE = ["eval", "run", "q.jsonl", "--retrieval-only"]


@pytest.fixture
def run(indexed: Runner) -> Runner:
    """`indexed`, with a question set beside it."""
    Path("q.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    return indexed


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The questions that are encoded, call by call."""
    found: list[list[str]] = []
    real = FakeQuestionEncoder.encode_questions

    def encode(encoder: FakeQuestionEncoder, texts: Sequence[str]) -> Any:
        found.append(list(texts))
        return real(encoder, texts)

    monkeypatch.setattr(FakeQuestionEncoder, "encode_questions", encode)
    return found


def test_nothing_is_asked(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Index, "ask", ask)
    outcome = run(*ALONE)
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.split("\n")
    headings = [line for line in lines if line in {"Passages", "Documents", "Characters", "Quotes", "Abstention"}]
    assert headings == ["Passages", "Documents", "Characters"]
    assert "Milliseconds" in lines
    for word in ("risk by coverage", "Unanswerable, but answered", "gold quote was not printed"):
        assert word not in outcome.out
    assert "retrieval_only=True" in outcome.out
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("options", [[], ["-r", "dense"], ["-r", "lexical"], ["--dense-weight", ".2", "-k", "12"]])
def test_the_ranking_is_that_of_answers(run: Runner, options: list[str]) -> None:
    whole = run("eval", "run", "q.jsonl", "--json", *options).json
    alone = run(*ALONE, "--json", *options).json
    assert [entry["hits"] for entry in alone["outcomes"]] == [entry["hits"] for entry in whole["outcomes"]]
    of_retrieval = [name for name in whole["measures"] if name.startswith(("passages.", "documents.", "characters."))]
    assert len(of_retrieval) == 21
    for name in of_retrieval:
        assert alone["measures"][name] == whole["measures"][name]
    nothing = {"value": None, "low": None, "high": None, "n": 0, "interval": None}
    for name in ("quote_hit@1", "quote_hit@3", "quote_hit", "missed_answers", "false_answers", "auroc", "brier"):
        assert alone["measures"][name] == nothing
    assert {entry["status"] for entry in alone["outcomes"]} == {"not_asked"}
    assert all(set(entry["measures"]) <= set(of_retrieval) for entry in alone["outcomes"])
    assert alone["calibration"] is None
    assert alone["settings"] == {
        key: value for key, value in whole["settings"].items() if key not in {"min_confidence", "max_quotes"}
    } | {"retrieval_only": True}


def test_questions_are_encoded_once_for_all_time(run: Runner, encoded: list[list[str]]) -> None:
    assert run(*ALONE).code == 0
    assert run(*ALONE, "-r", "dense").code == 0
    assert encoded == [TEXTS]
    assert len(os.listdir("runs/.questions")) == 1


def test_vectors_are_kept_where_runs_are(run: Runner, encoded: list[list[str]]) -> None:
    assert run(*ALONE, "--runs", "kept").code == 0
    assert run(*ALONE, "--runs", "kept", "--name", "main").code == 0
    assert encoded == [TEXTS]
    assert sorted(os.listdir("kept")) == [".questions", "main"]
    assert not Path("runs").exists()


def test_a_place_that_cannot_be_written_is_done_without(run: Runner, encoded: list[list[str]]) -> None:
    Path("runs").write_text("A file.", encoding="utf-8")
    for _ in range(2):
        outcome = run(*ALONE)
        assert (outcome.code, outcome.err) == (0, "")
    assert encoded == [TEXTS, TEXTS]


def test_words_alone_encode_nothing(run: Runner, encoded: list[list[str]]) -> None:
    assert run(*ALONE, "-r", "lexical").code == 0
    assert encoded == []
    assert not Path("runs").exists()


def test_such_a_run_is_kept_and_is_another_than_one_with_answers(run: Runner) -> None:
    assert run(*ALONE, "--name", "alone").code == 0
    assert run("eval", "run", "q.jsonl", "--name", "whole").code == 0
    alone, whole = read_run("alone"), read_run("whole")
    assert not alone.record.same_making(whole.record)
    assert [outcome.hits for outcome in alone.report.outcomes] == [outcome.hits for outcome in whole.report.outcomes]
    for name in ("passages.run", "documents.run", "passages.qrels", "documents.qrels"):
        expected = Path("runs/whole", name).read_text(encoding="utf-8").replace(" whole\n", " alone\n")
        assert Path("runs/alone", name).read_text(encoding="utf-8") == expected
    assert not any(outcome.quotes for outcome in alone.report.outcomes)
