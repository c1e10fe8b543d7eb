"""Measures quotes and confidence, with the weights that ship: are the quotes right, and is it known when they are?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from beir import Bench, BenchmarkQuestion, Hiding
from briefqa.answering.answer import judge
from briefqa.answering.confidence import confidence
from briefqa.answering.quotes import pick_quotes
from briefqa.api import DEPTH
from briefqa.evaluation.calibration import RiskPoint, brier, risk_coverage
from briefqa.evaluation.calibration import reliability as bins_of
from briefqa.evaluation.metrics import auroc
from briefqa.evaluation.statistics import LEVEL, RESAMPLES, SEED, Interval, auroc_interval
from briefqa.protocols import PassageStore
from briefqa.retrieval.retrievers import make_retriever
from right import is_right
from tables import summary

Kind = Literal["answerable", "hidden", "unanswerable"]
ALLOWED = 0.1  # of the hidden ones, so many are answered at the threshold that is looked for


@dataclass(frozen=True, slots=True)
class Judged:
    """A question asked of the whole index (`answerable`, or `unanswerable` as the set says), or of one without what
    answers it (`hidden`): how sure briefqa was, and whether the first quote, one of the first three, and one of those
    that would be printed were right. Where nothing answers, none is."""

    id: str
    kind: Kind
    odd: bool
    confidence: float
    first: bool = False
    three: bool = False
    printed: bool = False


def judge_all(
    bench: Bench, questions: Sequence[BenchmarkQuestion], progress: Callable[[int], None] = lambda done: None
) -> list[Judged]:
    """Each question once; the odd ones of those with evidence a second time, with it hidden. Those that have relevant
    documents but no evidence are left out."""
    judged = []
    for done, question in enumerate(questions, 1):
        if question.gold:
            judged.append(_judged(bench, question, "answerable", bench.reader))
            if question.odd:
                store = Hiding(bench.reader, bench.gold_passages(question))
                judged.append(_judged(bench, question, "hidden", store))
        elif not question.documents:
            judged.append(_judged(bench, question, "unanswerable", bench.reader))
        progress(done)
    return judged


def _judged(bench: Bench, question: BenchmarkQuestion, kind: Kind, store: PassageStore) -> Judged:
    candidates = make_retriever(bench.settings, store, lambda: bench.encoder).retrieve(question.text, DEPTH)
    judgement = judge(question.text, candidates, store, bench.encoder)
    sure = confidence(judgement.features)
    if kind != "answerable":
        return Judged(question.id, kind, question.odd, sure)
    ranked = judgement.ranked
    printed = pick_quotes(ranked, limit=bench.settings.max_quotes)
    first, three, any_printed = (
        any(is_right(quote, question) for quote in quotes) for quotes in (ranked[:1], ranked[:3], printed)
    )
    return Judged(question.id, kind, question.odd, sure, first, three, any_printed)


def report(judged: Sequence[Judged], threshold: float) -> dict[str, Any]:
    """Everything that is said of a set, a part each, and the questions one by one."""
    return {
        "quotes": quotes([entry for entry in judged if entry.kind == "answerable"]),
        "hidden": left_out(left_out_cases(judged), threshold),
        "unanswerable": false_answers(judged, threshold),
        "risk": [asdict(point) for point in _risk(left_out_cases(judged))],
        "judged": [asdict(entry) for entry in judged],
    }


def left_out_cases(judged: Sequence[Judged]) -> list[Judged]:
    """Every question with evidence once: the odd ones without it, the even ones with it."""
    return [entry for entry in judged if entry.kind == "hidden" or (entry.kind == "answerable" and not entry.odd)]


def quotes(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Questions (all, odd, even) -> which quotes -> the share of questions where one of them is right."""
    halves = {
        "all": judged,
        "odd": [entry for entry in judged if entry.odd],
        "even": [entry for entry in judged if not entry.odd],
    }
    return {
        half: {
            "first": summary([float(entry.first) for entry in part]),
            "three": summary([float(entry.three) for entry in part]),
            "printed": summary([float(entry.printed) for entry in part]),
        }
        for half, part in halves.items()
    }


def left_out(cases: Sequence[Judged], threshold: float) -> dict[str, Any]:
    """How well the confidence tells questions whose answer is there from those whose answer was hidden."""
    present, hidden = _confidences(cases, "answerable"), _confidences(cases, "hidden")
    there = [float(entry.kind == "answerable") for entry in cases]
    right = [float(entry.printed) for entry in cases]
    sure = [entry.confidence for entry in cases]
    return {
        "auroc": _auroc(present, hidden),
        "answered_at_allowed": answered_at(present, hidden),
        "brier_answerable": brier(sure, there),
        "brier_right": brier(sure, right),
        "answered_answerable": summary([float(value >= threshold) for value in present]),
        "answered_hidden": summary([float(value >= threshold) for value in hidden]),
        "reliability": reliability(cases),
    }


def false_answers(judged: Sequence[Judged], threshold: float) -> dict[str, Any]:
    """The questions that nothing in the set answers: the share answered all the same, and how well they are told from
    all that something answers."""
    present, without = _confidences(judged, "answerable"), _confidences(judged, "unanswerable")
    return {
        "answered": summary([float(value >= threshold) for value in without]),
        "auroc": _auroc(present, without),
    }


def answered_at(present: Sequence[float], hidden: Sequence[float], allowed: float = ALLOWED) -> dict[str, Any]:
    """The share of `present` above the lowest threshold that at most `allowed` of `hidden` pass, and its percentile
    bootstrap, which draws both sides anew."""
    if not present or not hidden:
        return {"value": None, "interval": None, "threshold": None}
    positives, negatives = np.array(present), np.array(hidden)
    rng = np.random.default_rng(SEED)
    drawn = [
        _share_above(rng.choice(positives, len(positives)), _limit(rng.choice(negatives, len(negatives)), allowed))
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    limit = _limit(negatives, allowed)
    interval: Interval = (float(low), float(high))
    return {"value": _share_above(positives, limit), "interval": interval, "threshold": limit}


def _limit(hidden: NDArray[np.float64], allowed: float) -> float:
    """The highest confidence that too many reach."""
    return float(np.sort(hidden)[::-1][int(allowed * len(hidden) + 1e-9)])


def _share_above(values: NDArray[np.float64], limit: float) -> float:
    return float(np.mean(values > limit))


def reliability(cases: Sequence[Judged]) -> list[dict[str, Any]]:
    """Ten bins of equal width: how many cases, how sure on average, and the shares that had an answer to find and that
    would print a right quote; None in an empty bin."""
    sure = [entry.confidence for entry in cases]
    answerable = bins_of(sure, [entry.kind == "answerable" for entry in cases])
    right = bins_of(sure, [entry.printed for entry in cases])
    return [
        {
            "from": there.low,
            "to": there.high,
            "n": there.n,
            "confidence": there.confidence,
            "answerable": there.right,
            "right": printed.right,
        }
        for there, printed in zip(answerable, right, strict=True)
    ]


def _risk(cases: Sequence[Judged]) -> list[RiskPoint]:
    return risk_coverage([entry.confidence for entry in cases], [float(not entry.printed) for entry in cases])


def _confidences(cases: Sequence[Judged], kind: Kind) -> list[float]:
    return [entry.confidence for entry in cases if entry.kind == kind]


def _auroc(present: Sequence[float], absent: Sequence[float]) -> dict[str, Any]:
    value = auroc(present, absent)
    interval = None if value is None else auroc_interval(value, len(present), negatives=len(absent))
    return {"value": value, "interval": interval, "n": [len(present), len(absent)]}
