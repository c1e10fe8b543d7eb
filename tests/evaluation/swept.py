"""Runs that hold nothing but the measures of single questions, for what ranks runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from briefqa.evaluation.results import FoundGold, Outcome
from briefqa.evaluation.runs import Run, RunRecord
from briefqa.evaluation.summary import make_report

GOLD = FoundGold("a.md", "0" * 12, (0, 1), "A")


def swept(name: str, measures: Sequence[Mapping[str, float]]) -> Run:
    """A run whose questions q0, q1 ... have these measures."""
    outcomes = [
        Outcome(
            id=f"q{number}",
            text="Who?",
            tags=(),
            line=number + 1,
            status="answered",
            confidence=0.5,
            right=True,
            measures=found,
            golds=() if "false_answers" in found else (GOLD,),
            hits=(),
            quotes=(),
            milliseconds=1.0,
        )
        for number, found in enumerate(measures)
    ]
    record = RunRecord(
        name=name,
        started="2026-01-01T00:00:00+00:00",
        seconds=1.0,
        briefqa="0",
        questions="q.jsonl",
        questions_sha256="0" * 64,
        settings={},
        index={},
        host={},
    )
    return Run(Path("runs", name), record, make_report("q.jsonl", outcomes, None, {}), {})


def scored(name: str, key: str, values: Sequence[float]) -> Run:
    """A run whose questions have the one measure."""
    return swept(name, [{key: value} for value in values])
