"""Intervals around what a question set measured: how far the value may move with other questions of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np

LEVEL = 0.95
RESAMPLES = 2000
SEED = 20020

Interval = tuple[float, float]
Method = Literal["bootstrap", "wilson", "newcombe"]

_CELLS_AT_ONCE = 1_000_000
_HALVINGS = 60


def bootstrap_interval(
    values: Sequence[float],
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    quantile: float | None = None,
) -> Interval | None:
    """Percentile bootstrap over `values` (Efron and Tibshirani 1993) of their mean, or of a quantile (0 to 1) of them.

    None for fewer than two values: resampling one value only repeats it, which would look like certainty.
    The same arguments give the same interval.
    """
    if len(values) < 2:
        return None
    sample = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(seed)
    rows = max(1, _CELLS_AT_ONCE // len(sample))
    estimates = []
    for first in range(0, resamples, rows):
        drawn = sample[rng.integers(0, len(sample), size=(min(rows, resamples - first), len(sample)))]
        estimates.append(drawn.mean(axis=1) if quantile is None else np.quantile(drawn, quantile, axis=1))
    low, high = np.quantile(np.concatenate(estimates), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def wilson_interval(successes: float, trials: int, *, level: float = LEVEL) -> Interval | None:
    """Wilson's score interval for a share (Brown, Cai and DasGupta 2001), within 0 to 1; None without trials.

    Unlike the bootstrap it keeps a width when every trial ended alike. `successes` may be a sum of scores from
    0 to 1: their variance is at most that of yes-or-no outcomes with the same mean, so the interval errs wide.
    """
    if trials < 1:
        return None
    z = _z(level)
    share = successes / trials
    centre = (successes + z * z / 2) / (trials + z * z)
    half = z / (trials + z * z) * sqrt(trials * share * (1 - share) + z * z / 4)
    # At the ends the formula is exactly 0 or 1, which floats may miss by a hair.
    return (0.0 if successes <= 0 else centre - half, 1.0 if successes >= trials else centre + half)


def mean_interval(values: Sequence[float]) -> tuple[Interval, Method] | None:
    """The interval of the mean of scores from 0 to 1, and the method: None without values.

    Wilson where every score is 0 or 1, or all are equal (there the bootstrap would claim no doubt at all);
    else the bootstrap.
    """
    kinds = set(values)
    if len(kinds) == 1 or kinds <= {0.0, 1.0}:
        wilson = wilson_interval(sum(values), len(values))
        return (wilson, "wilson") if wilson else None
    bootstrap = bootstrap_interval(values)
    return (bootstrap, "bootstrap") if bootstrap else None


def auroc_interval(value: float, positives: int, *, negatives: int, level: float = LEVEL) -> Interval | None:
    """The interval of an AUROC from so many positives and negatives; None if one side is empty.

    Newcombe's method 5 (Statistics in Medicine 25, 2006): Hanley and McNeil's variance taken at the limit itself,
    as Wilson does for a share, so that a perfect AUROC of few questions keeps a width.
    """
    if positives < 1 or negatives < 1:
        return None
    z = _z(level)

    def reaches(limit: float) -> bool:
        weight = (positives + negatives) / 2 - 1
        spread = 1 + weight * (1 - limit) / (2 - limit) + weight * limit / (1 + limit)
        return abs(value - limit) <= z * sqrt(limit * (1 - limit) * spread / (positives * negatives))

    def limit_towards(end: float) -> float:
        inside, outside = value, end
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if reaches(middle) else (inside, middle)
        return outside

    return (0.0 if value <= 0 else limit_towards(0.0), 1.0 if value >= 1 else limit_towards(1.0))


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
