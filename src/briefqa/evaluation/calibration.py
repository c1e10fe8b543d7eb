"""Whether confidence can be trusted: what answering only the surest questions would cost, and whether of those that
are answered with a confidence of .8 eight in ten are right.

Every function takes cases in two sequences of the same length: confidences, and what became of each case (0 or 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from briefqa.errors import UsageError

BINS = 10
COVERAGES = tuple(tenths / 10 for tenths in range(1, 11))


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """The `n` surest cases, a share `coverage` of all: the share of them that is wrong, and the least confidence among
    them. None where the share is of no case."""

    coverage: float
    n: int
    risk: float | None
    threshold: float | None


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The `n` cases with a confidence from `low` up to `high`: their mean confidence, and the share that was right;
    None in an empty bin."""

    low: float
    high: float
    n: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a set says of its confidences: the risk at each coverage, the area under that curve (AURC), the bins of
    the reliability diagram, and their expected calibration error (ECE)."""

    risk: tuple[RiskPoint, ...]
    aurc: float
    reliability: tuple[ReliabilityBin, ...]
    ece: float


def calibrate(confidences: Sequence[float], right: Sequence[bool]) -> Calibration | None:
    """All of it; None without cases."""
    wrong = [float(not fine) for fine in right]
    aurc, ece = area_under_risk_coverage(confidences, wrong), expected_calibration_error(confidences, right)
    if aurc is None or ece is None:
        return None
    bins = tuple(reliability(confidences, right))
    return Calibration(tuple(risk_coverage(confidences, wrong)), aurc, bins, ece)


def risk_coverage(confidences: Sequence[float], wrong: Sequence[float]) -> list[RiskPoint]:
    """The risk-coverage curve (El-Yaniv and Wiener 2010) at each tenth of the cases, the surest first.

    Of equally sure cases, each counts as their mean, so that no order decides which are in.
    """
    sure, spread = _surest_first(confidences, wrong)
    points = []
    for coverage in COVERAGES:
        n = round(coverage * len(sure))
        points.append(RiskPoint(coverage, n, _mean(spread[:n]), float(sure[n - 1]) if n else None))
    return points


def area_under_risk_coverage(confidences: Sequence[float], wrong: Sequence[float]) -> float | None:
    """The mean (0 to 1) of the risks of the surest case, the two surest, and so on to all; None without cases.

    AURC (Geifman, Uziel and El-Yaniv 2019), lower is better; of equally sure cases, the mean over their orders. Wrong
    cases weigh more the surer they are (Traub et al. 2024), and more of them raise it whatever their order: compare
    it over the same questions only.
    """
    _, spread = _surest_first(confidences, wrong)
    return _mean(np.cumsum(spread) / np.arange(1, len(spread) + 1))


def reliability(confidences: Sequence[float], right: Sequence[float], *, bins: int = BINS) -> list[ReliabilityBin]:
    """The reliability diagram (DeGroot and Fienberg 1983) in bins of equal width from 0 to 1, which is in the last.

    UsageError for a confidence outside 0 to 1.
    """
    parts: list[list[tuple[float, float]]] = [[] for _ in range(bins)]
    for confidence, outcome in zip(confidences, right, strict=True):
        if not 0 <= confidence <= 1:
            message = f"a confidence of {confidence} is in no bin; confidences must be from 0 to 1"
            raise UsageError(message)
        parts[min(bins - 1, int(confidence * bins))].append((confidence, outcome))
    return [
        ReliabilityBin(
            low=number / bins,
            high=(number + 1) / bins,
            n=len(part),
            confidence=_mean([confidence for confidence, _ in part]),
            right=_mean([outcome for _, outcome in part]),
        )
        for number, part in enumerate(parts)
    ]


def expected_calibration_error(
    confidences: Sequence[float], right: Sequence[float], *, bins: int = BINS
) -> float | None:
    """How far confidence and the share that was right are apart (0 to 1), a mean over the bins weighted by their cases.

    ECE (Naeini, Cooper and Hauskrecht 2015), in bins of equal width; None without cases, UsageError as `reliability`.
    """
    filled = [
        (part.n, abs(part.confidence - part.right))
        for part in reliability(confidences, right, bins=bins)
        if part.confidence is not None and part.right is not None
    ]
    return sum(n * gap for n, gap in filled) / len(confidences) if filled else None


def brier(confidences: Sequence[float], right: Sequence[float]) -> float | None:
    """The mean squared difference (Brier 1950): 0 for a seer, .25 for always saying one half; None without cases."""
    return _mean([(confidence - outcome) ** 2 for confidence, outcome in zip(confidences, right, strict=True)])


def _surest_first(
    confidences: Sequence[float], wrong: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The confidences, falling, and what became of them: for equal ones, their mean."""
    groups: dict[float, list[float]] = {}
    for confidence, outcome in zip(confidences, wrong, strict=True):
        groups.setdefault(confidence, []).append(outcome)
    order = [confidence for confidence in sorted(groups, reverse=True) for _ in groups[confidence]]
    means = {confidence: float(np.mean(outcomes)) for confidence, outcomes in groups.items()}
    return np.array(order, dtype=np.float64), np.array([means[confidence] for confidence in order], dtype=np.float64)


def _mean(values: Sequence[float] | NDArray[np.float64]) -> float | None:
    return float(np.mean(values)) if len(values) else None
