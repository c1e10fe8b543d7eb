"""Runs made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from briefqa.evaluation.results import FoundGold, FoundPassage, FoundQuote, Outcome
from briefqa.evaluation.runs import KeptPassage, Run, RunRecord
from briefqa.evaluation.summary import make_report
from briefqa.types import IndexInfo

HALLS = KeptPassage("aa11", "seat.md", "The seat", "The seat is Minsk. It has\nfive old halls.\n\n- One is shut.")
TRADE = KeptPassage("bb22", "trade.md", None, "Trade grew. " * 12)
GOLD = FoundGold("seat.md", "d1", (119, 141), "It has\nfive old halls.")
HALLS_HIT = FoundPassage("aa11", "seat.md", (100, 157), (7, 10), 1.25, (0,))
TRADE_HIT = FoundPassage("bb22", "trade.md", (0, 144), (3, 3), 0.5, ())
QUOTE = FoundQuote("seat.md", (7, 8), "It has\nfive old halls.", right=True)
OTHER_QUOTE = FoundQuote("trade.md", (3, 3), "Trade grew.", right=False)


def answerable(identity: str, **changes: Any) -> Outcome:
    """A question that is answered rightly, with nDCG@10 0.5 and confidence 0.75, if `changes` do not say otherwise."""
    ndcg = changes.pop("ndcg", 0.5)
    values: dict[str, Any] = {
        "id": identity,
        "text": f"How many halls, {identity}?",
        "tags": ("fact",),
        "line": 1,
        "status": "answered",
        "confidence": 0.75,
        "right": True,
        "golds": (GOLD,),
        "hits": (TRADE_HIT, HALLS_HIT),
        "quotes": (QUOTE, OTHER_QUOTE),
        "milliseconds": 12.4,
    } | changes
    printed = float(values["right"] and values["status"] == "answered")
    values["measures"] = {
        "passages.R@5": 1.0,
        "passages.nDCG@10": ndcg,
        "quote_hit": printed,
        "missed_answers": float(values["status"] != "answered"),
        "brier": (values["confidence"] - values["right"]) ** 2,
    }
    return Outcome(**values)


def unanswerable(identity: str, **changes: Any) -> Outcome:
    """A question that nothing answers, and that is refused with confidence 0.25."""
    values: dict[str, Any] = {
        "id": identity,
        "text": f"Who built it, {identity}?",
        "tags": ("none",),
        "line": 2,
        "status": "no_answer",
        "confidence": 0.25,
        "right": False,
        "golds": (),
        "hits": (TRADE_HIT,),
        "quotes": (),
        "milliseconds": 8.0,
    } | changes
    false = float(values["status"] == "answered")
    values["measures"] = {"false_answers": false, "brier": values["confidence"] ** 2}
    return Outcome(**values)


def make_run(outcomes: Iterable[Outcome], passages: Iterable[KeptPassage] = (HALLS, TRADE), **changes: Any) -> Run:
    """A run of these outcomes; `changes` are of its record."""
    values: dict[str, Any] = {
        "name": "main",
        "started": "2026-03-01T09:30:00+00:00",
        "seconds": 4.2,
        "briefqa": "1.2.3",
        "questions": "q.jsonl",
        "questions_sha256": "ab" * 32,
        "settings": {"retriever": "hybrid", "min_confidence": 0.6},
        "index": {"corpus_sha256": "cd" * 32, "documents": 2, "reranker_sha256": None},
        "host": {"machine": "x86_64", "system": "Linux", "cores": 4},
    } | changes
    record = RunRecord(**values)
    index = IndexInfo(generation=3, documents=2, passages=2, encoder="fake", stale=False)
    report = make_report(record.questions, list(outcomes), index, record.settings)
    return Run(Path("runs") / record.name, record, report, {passage.id: passage for passage in passages})
