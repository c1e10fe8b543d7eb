"""Retrieval metrics by trec_eval's definitions, as pure functions over rankings and judgements.

An id is relevant to a question if its gain is above 0. Every function that takes `Qrels` answers for each
question in it: a question that the run lacks, or that has nothing relevant, scores 0, and a question that only
the run holds is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from math import log2

from briefqa.errors import UsageError

Run = Mapping[str, Sequence[str]]
"""Question id -> ranked ids, best first, none twice."""

Qrels = Mapping[str, Mapping[str, int]]
"""Question id -> judged id -> gain."""


def ndcg(qrels: Qrels, run: Run, *, k: int) -> dict[str, float]:
    """Per question, discounted gain of the top k over that of an ideal ranking, 0 to 1.

    Linear gain and a log2(rank + 1) discount: trec_eval's ndcg_cut (Järvelin and Kekäläinen 2002). The ideal
    ranking is cut at k as well. UsageError if k is below 1.
    """
    scores = {}
    for question, gains in qrels.items():
        ideal = _discounted(sorted((max(gain, 0) for gain in gains.values()), reverse=True)[:k])
        found = _discounted([max(gains.get(unit, 0), 0) for unit in _top(run, question, k=k)])
        scores[question] = found / ideal if ideal else 0.0
    return scores


def reciprocal_rank(qrels: Qrels, run: Run, *, k: int) -> dict[str, float]:
    """Per question, 1 / rank of the first relevant id in the top k, else 0 (trec_eval's recip_rank, cut at k).

    UsageError if k is below 1.
    """
    return {
        question: next((1 / rank for rank, relevant in enumerate(flags, 1) if relevant), 0.0)
        for question, flags in _relevance(qrels, run, k=k).items()
    }


def recall(qrels: Qrels, run: Run, *, k: int) -> dict[str, float]:
    """Per question, the share (0 to 1) of its relevant ids that stand in the top k. UsageError if k is below 1."""
    wanted = {question: sum(gain > 0 for gain in gains.values()) for question, gains in qrels.items()}
    return {
        question: sum(flags) / wanted[question] if wanted[question] else 0.0
        for question, flags in _relevance(qrels, run, k=k).items()
    }


def success(qrels: Qrels, run: Run, *, k: int) -> dict[str, float]:
    """Per question, 1 if anything relevant stands in the top k, else 0. UsageError if k is below 1."""
    return {question: float(any(flags)) for question, flags in _relevance(qrels, run, k=k).items()}


def precision(qrels: Qrels, run: Run, *, k: int) -> dict[str, float]:
    """Per question, relevant ids in the top k over k, however few were retrieved. UsageError if k is below 1."""
    return {question: sum(flags) / k for question, flags in _relevance(qrels, run, k=k).items()}


def best_passage_per_document(ranked: Iterable[tuple[str, str]]) -> list[str]:
    """Rank documents by their best passage (MaxP, Dai and Callan 2019).

    `ranked` holds (passage id, document id), best passage first; the result has each document id once.
    """
    return list(dict.fromkeys(document for _, document in ranked))


def auroc(positive_scores: Sequence[float], negative_scores: Sequence[float]) -> float | None:
    """The chance (0 to 1) that a positive outscores a negative, a tie counting half; None if one side is empty.

    The Mann-Whitney statistic over the number of pairs (Hanley and McNeil 1982).
    """
    if not positive_scores or not negative_scores:
        return None
    negatives = sorted(negative_scores)
    wins = sum((bisect_left(negatives, score) + bisect_right(negatives, score)) / 2 for score in positive_scores)
    return wins / (len(positive_scores) * len(negatives))


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _relevance(qrels: Qrels, run: Run, *, k: int) -> dict[str, list[bool]]:
    return {
        question: [gains.get(unit, 0) > 0 for unit in _top(run, question, k=k)] for question, gains in qrels.items()
    }


def _top(run: Run, question: str, *, k: int) -> Sequence[str]:
    if k < 1:
        message = f"a metric was cut at rank {k}; give a cutoff of 1 or more"
        raise UsageError(message)
    return run.get(question, ())[:k]


def average_precision(qrels: Qrels, run: Run, *, k: int) -> dict[str, float]:
    """Stands in until the merge."""
    out = {}
    for question, flags in _relevance(qrels, run, k=k).items():
        wanted = sum(gain > 0 for gain in qrels[question].values())
        total = sum(sum(flags[: r + 1]) / (r + 1) for r, f in enumerate(flags) if f)
        out[question] = total / wanted if wanted else 0.0
    return out
