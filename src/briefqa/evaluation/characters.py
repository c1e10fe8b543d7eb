"""How many characters of what answers a question the best passages hold, as in Chroma's evaluation of chunking (Smith
and Troynikov 2024, "Evaluating Chunking Strategies for Retrieval")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from briefqa.types import Span

Gold = tuple[str, Span]
"""Where characters stand: a document and a span of it."""


@dataclass(frozen=True, slots=True)
class CharacterMeasures:
    """From 0 to 1. Of the gold's characters, those that any passage holds are `recall`; they are also counted over all
    that the passages hold, one in two passages counting twice (`precision`), and over that and the gold characters
    that were missed (`iou`)."""

    recall: float
    precision: float
    iou: float


def character_measures(passages: Sequence[Gold], gold: Sequence[Gold]) -> CharacterMeasures:
    """Of spans named by their document; 0 where there is nothing to divide by."""
    wanted, held = _places(gold), _places(passages)
    covered = len(wanted & held)
    total = sum(end - start for _, (start, end) in passages)
    missed = len(wanted) - covered
    return CharacterMeasures(
        recall=_over(covered, len(wanted)), precision=_over(covered, total), iou=_over(covered, total + missed)
    )


def _places(spans: Iterable[Gold]) -> set[tuple[str, int]]:
    return {(document, place) for document, (start, end) in spans for place in range(start, end)}


def _over(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
