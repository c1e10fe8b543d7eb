"""Retrieval metrics by trec_eval's definitions, as pure functions over rankings and judgements.

An id is relevant to a question if its gain is above 0. Every function that takes `Qrels` answers for each
question in it: a question that the run lacks, or that has nothing relevant, scores 0, and a question that only
the run holds is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import log2
from struct import pack, unpack
from typing import Protocol

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


def average_precision(qrels: Qrels, run: Run, *, k: int) -> dict[str, float]:
    """Per question, the precisions at the ranks of the relevant ids in the top k, summed and divided by how many are
    relevant at all (trec_eval's map, cut at k). UsageError if k is below 1.
    """
    wanted = {question: sum(gain > 0 for gain in gains.values()) for question, gains in qrels.items()}
    scores = {}
    for question, flags in _relevance(qrels, run, k=k).items():
        found = list(accumulate(flags))
        precisions = (count / rank for rank, (count, flag) in enumerate(zip(found, flags, strict=True), 1) if flag)
        scores[question] = sum(precisions) / wanted[question] if wanted[question] else 0.0
    return scores


class Metric(Protocol):
    """A metric of rankings, cut at rank k."""

    def __call__(self, qrels: Qrels, run: Run, *, k: int) -> dict[str, float]:
        """Question id -> score, 0 to 1."""


METRICS: Mapping[str, Metric] = {
    "nDCG": ndcg,
    "RR": reciprocal_rank,
    "AP": average_precision,
    "P": precision,
    "R": recall,
    "Success": success,
}
"""By their standard names."""

ALIASES = {"recall": "r", "precision": "p", "hit": "success", "hits": "success", "mrr": "rr", "map": "ap"}
"""What else people call them, in lower case."""


def parse_metric(name: str) -> tuple[str, Metric, int]:
    """The metric that "nDCG@10", "recall@5" or "mrr@10" names: its standard name, itself, and its k.

    UsageError for any other name, and for k below 1.
    """
    kind, _, cut = name.strip().lower().partition("@")
    standard = {known.lower(): known for known in METRICS}.get(ALIASES.get(kind, kind))
    if standard is None or not cut.isdecimal() or int(cut) < 1:
        message = f"{name!r} names no measure; write one of {', '.join(f'{known}@K' for known in METRICS)}"
        raise UsageError(message)
    return f"{standard}@{int(cut)}", METRICS[standard], int(cut)


def rank_scored(scores: Mapping[str, float]) -> list[str]:
    """The ids by falling score as trec_eval ranks them: it keeps scores in single precision, and of equal ones puts the
    id that sorts last, by its bytes, first."""
    return sorted(scores, key=lambda unit: (_single(scores[unit]), unit.encode()), reverse=True)


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


def _single(score: float) -> float:
    found: float = unpack("f", pack("f", score))[0]
    return found
