"""Convex fusion of dense and lexical scores (Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions")."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def dense_shares(scores: Mapping[int, float], median: float) -> dict[int, float]:
    """Cosines on a scale where the corpus's median is 0 and the best of `scores` is 1; nothing falls below 0."""
    span = max(scores.values(), default=0.0) - median
    if span <= 0.0:
        return dict.fromkeys(scores, 0.0)
    return {number: max(0.0, (score - median) / span) for number, score in scores.items()}


def lexical_shares(scores: Mapping[int, float]) -> dict[int, float]:
    """BM25 scores as shares of the best one."""
    best = max(scores.values(), default=0.0)
    return {number: score / best if best > 0.0 else 0.0 for number, score in scores.items()}


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], weight: float) -> dict[int, float]:
    """weight * dense + (1 - weight) * lexical for every passage in either; one that is missing counts as 0."""
    return {
        number: weight * dense.get(number, 0.0) + (1.0 - weight) * lexical.get(number, 0.0)
        for number in dense.keys() | lexical.keys()
    }
