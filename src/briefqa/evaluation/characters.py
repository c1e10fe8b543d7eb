"""How many characters of what answers a question the best passages hold, as in Chroma's evaluation of chunking (Smith
and Troynikov 2024, "Evaluating Chunking Strategies for Retrieval")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from briefqa.types import Span

Place = tuple[str, Span]
"""Where characters stand: a document, and a span of it."""


@dataclass(frozen=True, slots=True)
class CharacterMeasures:
    """From 0 to 1. Of the gold's characters, those that any passage holds are `recall`; they are also counted over all
    that the passages hold, one in two passages counting twice (`precision`), and over that and the gold characters
    that were missed (`iou`)."""

    recall: float
    precision: float
    iou: float


def character_measures(passages: Sequence[Place], gold: Sequence[Place]) -> CharacterMeasures:
    """Of places; 0 where there is nothing to divide by."""
    wanted, held = _union(gold), _union(passages)
    wanted_length = sum(_length(span) for spans in wanted.values() for span in spans)
    covered = sum(
        max(0, min(mine[1], theirs[1]) - max(mine[0], theirs[0]))
        for document, spans in wanted.items()
        for mine in spans
        for theirs in held.get(document, ())
    )
    total = sum(_length(span) for _, span in passages)
    missed = wanted_length - covered
    return CharacterMeasures(
        recall=_over(covered, wanted_length), precision=_over(covered, total), iou=_over(covered, total + missed)
    )


def _union(places: Iterable[Place]) -> dict[str, list[Span]]:
    """The places' characters as spans that do not overlap."""
    found: dict[str, list[Span]] = {}
    for document, (start, end) in sorted(places):
        spans = found.setdefault(document, [])
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return found


def _length(span: Span) -> int:
    return span[1] - span[0]


def _over(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
