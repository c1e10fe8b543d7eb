"""Runs written down by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from briefqa.evaluation.results import FoundGold, Outcome, Setting
from briefqa.evaluation.runs import Run, RunRecord
from briefqa.evaluation.summary import make_report


def make_outcome(
    identity: str,
    measures: Mapping[str, float],
    *,
    text: str | None = None,
    gold: Sequence[str] = ("It is so.",),
    document: str = "a.md",
    confidence: float = 0.5,
    milliseconds: float = 10.0,
) -> Outcome:
    """An outcome with these measures; `gold` are its gold quotes."""
    return Outcome(
        id=identity,
        text=text if text is not None else f"Text of {identity}?",
        tags=(),
        line=1,
        status="answered",
        confidence=confidence,
        right=False,
        measures=dict(measures),
        golds=tuple(FoundGold(document, f"id:{document}", (0, len(quote)), quote) for quote in gold),
        hits=(),
        quotes=(),
        milliseconds=milliseconds,
    )


def make_run(
    name: str,
    outcomes: Sequence[Outcome],
    *,
    corpus: str = "c" * 64,
    settings: Mapping[str, Setting] | None = None,
    index: Mapping[str, Setting] | None = None,
    briefqa: str = "1.0",
) -> Run:
    """A kept run of these outcomes."""
    record = RunRecord(
        name=name,
        started="2026-01-02T03:04:05+00:00",
        seconds=1.0,
        briefqa=briefqa,
        questions="q.jsonl",
        questions_sha256="0" * 64,
        settings=settings or {"retriever": "hybrid"},
        index={"corpus_sha256": corpus, "passages": 9, **(index or {})},
        host={},
    )
    return Run(Path("runs", name), record, make_report("q.jsonl", outcomes, None, record.settings), {})


def scored(name: str, key: str, scores: Sequence[float]) -> Run:
    """A run of the questions q1, q2 and so on, with one measure."""
    return make_run(name, [make_outcome(f"q{number}", {key: score}) for number, score in enumerate(scores, 1)])
