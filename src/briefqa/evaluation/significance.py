"""Comparing two sides question by question: whether a difference could be chance, and what this set could show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from briefqa.errors import UsageError
from briefqa.evaluation.statistics import LEVEL, RESAMPLES, SEED, Interval, bootstrap_interval

PERMUTATIONS = 10_000
POWER = 0.8
FEW = 30
"""Below so many questions an interval is wide, and hardly any difference can be shown."""

_EXACT = 14  # questions that differ, up to which every assignment of signs is tried
_CELLS_AT_ONCE = 2_000_000
_TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals and p values are drawn: the level of the intervals, the resamples of the bootstrap, the exchanges
    of the randomisation test, and the seed of both."""

    level: float = LEVEL
    resamples: int = RESAMPLES
    permutations: int = PERMUTATIONS
    seed: int = SEED


RESAMPLING = Resampling()


@dataclass(frozen=True, slots=True)
class Paired:
    """`other` against `baseline` on the `n` questions that both have: the means, the mean difference (other less
    baseline) with its bootstrap interval, the p of the randomisation test, how many questions `other` scores higher
    (`higher`), lower and alike, and the smallest true difference that such a set would likely have shown."""

    n: int
    baseline: float
    other: float
    difference: float
    interval: Interval | None
    p: float
    higher: int
    lower: int
    ties: int
    detectable: float | None

    @property
    def few(self) -> bool:
        """Whether there are too few questions to show much."""
        return self.n < FEW


def paired(baseline: Mapping[str, float], other: Mapping[str, float]) -> Paired:
    """Compare scores by question id. Raises UsageError where the two share no question."""
    shared = [question for question in baseline if question in other]
    if not shared:
        message = "the two have no question in common that this measure applies to"
        raise UsageError(message)
    differences = [_exact(other[question] - baseline[question]) for question in shared]
    return Paired(
        n=len(shared),
        baseline=sum(baseline[question] for question in shared) / len(shared),
        other=sum(other[question] for question in shared) / len(shared),
        difference=sum(differences) / len(shared),
        interval=bootstrap_interval(differences),
        p=randomisation_test(differences),
        higher=sum(difference > 0 for difference in differences),
        lower=sum(difference < 0 for difference in differences),
        ties=sum(difference == 0 for difference in differences),
        detectable=smallest_detectable(differences),
    )


def randomisation_test(differences: Sequence[float], *, permutations: int = PERMUTATIONS, seed: int = SEED) -> float:
    """The two-sided p of a mean difference of paired scores, by exchanging the sides of each pair at random (Fisher
    1935; for retrieval: Smucker, Allan and Carterette 2007, "A Comparison of Statistical Significance Tests").

    Exact, over all assignments, where at most 14 differ; else from random ones, counting the observed one (Phipson and
    Smyth 2010), so that p is never 0. 1 where none differs.
    """
    sample = np.array([difference for difference in differences if difference != 0], dtype=np.float64)
    if not len(sample):
        return 1.0
    # Sums of the same numbers in another order may differ in the last places: they count as equal.
    observed = abs(float(sample.sum())) * (1 - 1e-9) - 1e-15
    if len(sample) <= _EXACT:
        patterns = np.arange(2 ** len(sample))[:, None] >> np.arange(len(sample))[None, :] & 1
        return float(np.mean(np.abs((1 - 2 * patterns) @ sample) >= observed))
    rng = np.random.default_rng(seed)
    rows = max(1, _CELLS_AT_ONCE // len(sample))
    extreme = 0
    for first in range(0, permutations, rows):
        count = min(rows, permutations - first)
        extreme += int(np.sum(np.abs(_signs(rng, count, len(sample)) @ sample) >= observed))
    return (extreme + 1) / (permutations + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p values adjusted for being several, in their order (Holm 1979): reject those at or below the level, and the
    chance of any false rejection among all stays at it."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


def smallest_detectable(differences: Sequence[float], *, level: float = LEVEL, power: float = POWER) -> float | None:
    """The smallest true mean difference that a two-sided paired test at 1 - `level` would show with a chance of
    `power` on a set of this size and spread: (z + z') s / sqrt(n) (Cohen 1988; for retrieval: Sakai 2016, "Topic set
    size design"). None for fewer than two questions, or where all differ alike and the spread is unknown."""
    if len(differences) < 2:
        return None
    spread = float(np.std(differences, ddof=1))
    if spread <= _TIE:
        return None
    normal = NormalDist()
    return (normal.inv_cdf((1 + level) / 2) + normal.inv_cdf(power)) * spread / sqrt(len(differences))


def _signs(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float64]:
    return 1.0 - 2.0 * rng.integers(0, 2, size=(rows, columns), dtype=np.int8).astype(np.float64)


def _exact(difference: float) -> float:
    """Without what floats add to nothing."""
    return 0.0 if abs(difference) <= _TIE else difference
