"""How far a confidence can be trusted, as curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.evaluation.calibration import (
    area_under_risk_coverage,
    expected_calibration_error,
    reliability,
    risk_coverage,
)
from briefqa.evaluation.statistics import wilson_interval
from briefqa.rendering.page.measures import number
from briefqa.rendering.page.plot import ACROSS, AREA, FIFTHS, UP, Scale, Table, Tick

if TYPE_CHECKING:
    from briefqa.evaluation.results import Report


@dataclass(frozen=True, slots=True)
class Curve:
    """Risk over coverage: an SVG path, and where the run itself stands, if it answered anything, which `told` says
    in words."""

    description: str
    x: tuple[Tick, ...]
    y: tuple[Tick, ...]
    path: str
    here: tuple[float, float] | None
    told: str
    area: str
    table: Table


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin of a reliability diagram, with the ends of its interval, and how many confidences it holds, where that is
    written."""

    x: float
    y: float
    low: float
    high: float
    n: int
    n_y: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """The share that is right over confidence, in bins, and the expected calibration error."""

    description: str
    x: tuple[Tick, ...]
    y: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    error: str
    table: Table


def risk_curve(report: Report) -> Curve:
    """How the share of wrong answers grows with the share of questions answered, the surest first.

    An answer is wrong without a gold quote; to a question that nothing answers, it always is. The curve goes through
    the place where the run stands. Only questions count whose quotes can be judged; there must be one.
    """
    outcomes = [outcome for outcome in report.outcomes if outcome.judged]
    sure = [outcome.confidence for outcome in outcomes]
    wrong = [not outcome.right for outcome in outcomes]
    tenths = [(point, point.n / len(outcomes), point.risk) for point in risk_coverage(sure, wrong)]
    points = {coverage: risk for _, coverage, risk in tenths if risk is not None}
    answered = [outcome for outcome in outcomes if outcome.status == "answered"]
    here, told = None, "This run answers no question."
    if answered:
        here = len(answered) / len(outcomes), sum(not outcome.right for outcome in answered) / len(answered)
        points.update([here])
        told = f"This run answers {here[0]:.2f} of the questions (the dot), {here[1]:.2f} of them wrongly."
    # Tenths of a few questions are the same ones.
    rows = dict.fromkeys(
        (f"{coverage:.2f}", str(point.n), number(point.threshold, 2), number(risk, 3))
        for point, coverage, risk in tenths
        if point.n
    )
    top = next(limit for limit in (0.1, 0.2, 0.5, 1.0) if limit >= max(points.values()))
    x, y = Scale(0, 1, *ACROSS), Scale(0, top, *UP)
    return Curve(
        description=f"{told} {points[1.0]:.2f} would be wrong if all were answered.",
        x=x.ticks(FIFTHS),
        y=y.ticks([top * share for share in FIFTHS]),
        path="M" + "L".join(f"{x(coverage):g} {y(risk):g}" for coverage, risk in sorted(points.items())),
        here=(x(here[0]), y(here[1])) if here else None,
        told=told,
        area=number(area_under_risk_coverage(sure, wrong), 3),
        table=Table(
            ("answered", "n", "from confidence", "wrong"),
            tuple(rows),
        ),
    )


def reliability_diagram(report: Report) -> Reliability:
    """How often a gold quote was among the quotes, over the confidence in them, where quotes can be judged."""
    outcomes = [outcome for outcome in report.outcomes if outcome.judged]
    sure = [outcome.confidence for outcome in outcomes]
    right = [outcome.right for outcome in outcomes]
    x, y = Scale(0, 1, *ACROSS), Scale(0, 1, *UP)
    dots, rows = [], []
    for entry in reliability(sure, right):
        row = (f"{entry.low:.1f}–{entry.high:.1f}", str(entry.n), number(entry.confidence, 3), number(entry.right, 3))
        rows.append(row)
        if entry.confidence is None or entry.right is None:
            continue
        interval = wilson_interval(entry.right * entry.n, entry.n, level=report.level) or (entry.right, entry.right)
        low, high = map(y, interval)
        n_y = high - 6 if high > AREA.top + 14 else low + 14
        dots.append(Dot(x(entry.confidence), y(entry.right), low, high, entry.n, round(n_y, 1)))
    held = "; ".join(f"{row[0]}: {row[3]} right (n {row[1]})" for row in rows if row[1] != "0")
    return Reliability(
        description=f"Confidence, and the share that is right: {held}.",
        x=x.ticks(FIFTHS),
        y=y.ticks(FIFTHS),
        dots=tuple(dots),
        error=number(expected_calibration_error(sure, right), 3),
        table=Table(("confidence", "n", "mean", "right"), tuple(rows)),
    )
