"""How confidences and scores are spread, as histograms one above the other."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from statistics import median
from typing import TYPE_CHECKING

from briefqa.rendering.page.plot import ACROSS, AREA, FIFTHS, Scale, Table, Tick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefqa.evaluation.results import Report

_BINS = 20
_GAP = 28
_STEPS = (1, 2, 2.5, 5, 10, 20)
_TOPS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a histogram."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Panel:
    """A histogram of one kind of thing, from the base line `bottom` up to `top`, which is the tick `most`."""

    label: str
    n: int
    top: float
    bottom: float
    most: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Histograms:
    """Histograms over one axis, one above the other, as shares of each kind; `line` marks a threshold."""

    description: str
    x: tuple[Tick, ...]
    panels: tuple[Panel, ...]
    line: float | None
    table: Table


def confidences(report: Report) -> Histograms:
    """The confidence in questions that something answers, and in the others."""
    threshold = report.settings.get("min_confidence")
    kinds = {"Answerable": True, "Nothing answers": False}
    return _histograms(
        {
            label: [outcome.confidence for outcome in report.outcomes if outcome.answerable == kind]
            for label, kind in kinds.items()
        },
        low=0.0,
        high=1.0,
        line=threshold if isinstance(threshold, float) else None,
    )


def hit_scores(report: Report) -> Histograms | None:
    """The scores of hits that hold a gold quote, and of the others, where quotes answer; None without hits."""
    hits = [hit for outcome in report.outcomes if outcome.answerable and outcome.quoted for hit in outcome.hits]
    if not hits:
        return None
    scores = [hit.score for hit in hits]
    low, high = _round_limits(min(scores), max(scores))
    return _histograms(
        {
            "Hits that hold a gold quote": [hit.score for hit in hits if hit.golds],
            "Other hits": [hit.score for hit in hits if not hit.golds],
        },
        low=low,
        high=high,
        line=None,
    )


def _histograms(kinds: Mapping[str, Sequence[float]], *, low: float, high: float, line: float | None) -> Histograms:
    counts = {label: _counts(values, low, high) for label, values in kinds.items()}
    most = max((max(held) / sum(held) for held in counts.values() if sum(held)), default=1.0)
    most = next(limit for limit in _TOPS if limit >= most)
    x = Scale(low, high, *ACROSS)
    height = (AREA.bottom - AREA.top - _GAP * len(kinds)) / len(kinds)
    panels = []
    for place, (label, held) in enumerate(counts.items()):
        top = AREA.top + _GAP + place * (height + _GAP)
        panels.append(_panel(label, held, top=top, bottom=top + height, most=most))
    edges = [low + (high - low) * edge / _BINS for edge in range(_BINS + 1)]
    rows = tuple(
        (f"{edges[place]:.2f}–{edges[place + 1]:.2f}", *(str(held[place]) for held in counts.values()))
        for place in range(_BINS)
    )
    medians = "; ".join(f"{label} {median(values):.2f} (n {len(values)})" for label, values in kinds.items() if values)
    return Histograms(
        description=f"Medians: {medians}.",
        x=x.ticks([round(low + (high - low) * share, 10) for share in FIFTHS]),
        panels=tuple(panels),
        line=None if line is None else x(line),
        table=Table(("from–to", *kinds), rows),
    )


def _panel(label: str, held: Sequence[int], *, top: float, bottom: float, most: float) -> Panel:
    y = Scale(0, most, bottom, top)
    step = (AREA.right - AREA.left) / _BINS
    n = sum(held)
    columns = tuple(
        Column(
            round(AREA.left + place * step + 0.5, 1), y(count / n), round(step - 1, 1), round(bottom - y(count / n), 1)
        )
        for place, count in enumerate(held)
        if count
    )
    return Panel(label, n, round(top, 1), round(bottom, 1), f"{most:.0%}", columns)


def _counts(values: Sequence[float], low: float, high: float) -> list[int]:
    counts = [0] * _BINS
    for value in values:
        place = int((value - low) / (high - low) * _BINS)
        counts[min(max(place, 0), _BINS - 1)] += 1
    return counts


def _round_limits(low: float, high: float) -> tuple[float, float]:
    """Round numbers around both, five round steps apart."""
    reach = (high - low) or abs(high) or 1.0
    size = 10.0 ** floor(log10(reach / 6))
    starts = ((floor(low / (step * size)) * step * size, step * size) for step in _STEPS)
    return next((start, start + 5 * step) for start, step in starts if start + 5 * step >= high)
