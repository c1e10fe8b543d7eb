"""Whether a confidence means what it says: risk by coverage, and reliability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COVERAGES = tuple(tenths / 10 for tenths in range(1, 11))
BINS = 10


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Of the `n` surest questions, a share of `coverage`, answered where the confidence is at least `threshold`: the
    share that goes wrong."""

    coverage: float
    n: int
    threshold: float
    risk: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The `n` questions with a confidence from `low` to `high`: its mean, and the share that was right; None for
    none."""

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


def calibration(confidences: Sequence[float], right: Sequence[bool]) -> Calibration | None:
    """All of it; None without questions."""
    aurc, bins = area_under_risk(confidences, right), reliability(confidences, right)
    ece = calibration_error(bins)
    if aurc is None or ece is None:
        return None
    return Calibration(tuple(risk_coverage(confidences, right)), aurc, tuple(bins), ece)


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[RiskPoint]:
    """The risk at each tenth of coverage (El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective
    Classification"); [] without questions. Of equally sure ones each counts as their mean, so that no order decides."""
    spread = _wrong_by_rank(confidences, right)
    ordered = sorted(confidences, reverse=True)
    counts = [max(1, round(coverage * len(spread))) for coverage in COVERAGES] if spread else []
    return [
        RiskPoint(coverage, count, ordered[count - 1], sum(spread[:count]) / count)
        for coverage, count in zip(COVERAGES, counts, strict=False)
    ]


def area_under_risk(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """The mean risk over all coverages (AURC: Geifman, Uziel and El-Yaniv 2019, "Bias-Reduced Uncertainty
    Estimation"); lower is better, None without questions."""
    spread = _wrong_by_rank(confidences, right)
    if not spread:
        return None
    risks, wrong = [], 0.0
    for count, part in enumerate(spread, 1):
        wrong += part
        risks.append(wrong / count)
    return sum(risks) / len(risks)


def reliability(confidences: Sequence[float], right: Sequence[bool], *, bins: int = BINS) -> list[ReliabilityBin]:
    """The reliability diagram's bins (DeGroot and Fienberg 1983), of equal width from 0 to 1; 1 belongs to the last."""
    pairs: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, fine in zip(confidences, right, strict=True):
        pairs[min(int(confidence * bins), bins - 1)].append((confidence, fine))
    return [
        ReliabilityBin(
            low=number / bins,
            high=(number + 1) / bins,
            n=len(mine),
            confidence=sum(confidence for confidence, _ in mine) / len(mine) if mine else None,
            right=sum(fine for _, fine in mine) / len(mine) if mine else None,
        )
        for number, mine in enumerate(pairs)
    ]


def calibration_error(bins: Sequence[ReliabilityBin]) -> float | None:
    """The expected calibration error: the bins' gaps between confidence and share right, weighted by their counts
    (Naeini, Cooper and Hauskrecht 2015); None without questions."""
    total = sum(entry.n for entry in bins)
    gaps = (entry.n * abs((entry.confidence or 0.0) - (entry.right or 0.0)) for entry in bins)
    return sum(gaps) / total if total else None


def _wrong_by_rank(confidences: Sequence[float], right: Sequence[bool]) -> list[float]:
    groups: dict[float, list[float]] = {}
    for confidence, fine in zip(confidences, right, strict=True):
        groups.setdefault(confidence, []).append(float(not fine))
    return [
        sum(groups[confidence]) / len(groups[confidence])
        for confidence in sorted(groups, reverse=True)
        for _ in groups[confidence]
    ]
