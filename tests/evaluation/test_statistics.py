"""The intervals against published and hand-worked values, and against simulation."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from briefqa.evaluation.metrics import auroc
from briefqa.evaluation.statistics import auroc_interval, bootstrap_interval, mean_interval, wilson_interval

Z = 1.959964


def test_bootstrap_of_many_values_is_near_the_normal_interval() -> None:
    values = np.random.default_rng(1).uniform(size=400).tolist()
    mean, error = np.mean(values), np.std(values) / sqrt(len(values))
    assert bootstrap_interval(values) == pytest.approx((mean - Z * error, mean + Z * error), abs=0.004)


def test_bootstrap_repeats_itself_and_follows_its_seed() -> None:
    values = [0.0, 0.2, 0.5, 1.0, 0.3]
    assert bootstrap_interval(values) == bootstrap_interval(values)
    assert bootstrap_interval(values, seed=1) != bootstrap_interval(values, seed=2)


def test_bootstrap_in_blocks_draws_every_resample(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [0.0, 0.2, 0.5, 1.0, 0.3]
    whole = bootstrap_interval(values, resamples=1999)
    monkeypatch.setattr("briefqa.evaluation.statistics._CELLS_AT_ONCE", 35)
    assert bootstrap_interval(values, resamples=1999) == pytest.approx(whole, abs=0.03)


def test_a_lower_level_gives_a_narrower_interval() -> None:
    values = [0.0, 0.2, 0.5, 1.0, 0.3, 0.9, 0.1]
    wide, narrow = bootstrap_interval(values, level=0.99), bootstrap_interval(values, level=0.5)
    assert wide is not None
    assert narrow is not None
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_bootstrap_of_a_quantile() -> None:
    # The median of a resample of three values is one of them, and each is drawn as the median often enough
    # (7/27 for the outer ones, 13/27 for the inner) to bound a 95% interval.
    assert bootstrap_interval([1.0, 5.0, 9.0], quantile=0.5) == (1.0, 9.0)


@pytest.mark.parametrize("values", [[], [0.7]])
def test_bootstrap_claims_nothing_from_fewer_than_two_values(values: list[float]) -> None:
    assert bootstrap_interval(values) is None


@pytest.mark.parametrize(
    ("successes", "trials", "expected"),
    [
        # 0 of 10: high = z^2 / (n + z^2) = 3.841459 / 13.841459
        (0, 10, (0.0, 0.277533)),
        (10, 10, (0.722467, 1.0)),
        # 8 of 10: centre = (8 + 1.920729) / 13.841459 = 0.716740;
        # half = 1.959964 / 13.841459 * sqrt(10 * .8 * .2 + .960365) = 0.141601 * 1.600114 = 0.226577
        (8, 10, (0.490162, 0.943318)),
        # 1 of 1: low = 1 / (1 + z^2)
        (1, 1, (0.206549, 1.0)),
        # Newcombe (1998), table I: 81 of 263 and 15 of 148, to four places
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
    ],
)
def test_wilson_by_hand(successes: int, trials: int, expected: tuple[float, float]) -> None:
    assert wilson_interval(successes, trials) == pytest.approx(expected, abs=6e-5)


def test_wilson_without_trials() -> None:
    assert wilson_interval(0, 0) is None


@pytest.mark.parametrize(
    ("values", "method"),
    [
        ([0.0, 1.0, 1.0], "wilson"),
        ([1.0, 1.0], "wilson"),
        ([1.0], "wilson"),
        ([0.5, 0.5, 0.5], "wilson"),
        ([0.5, 1.0], "bootstrap"),
    ],
)
def test_the_mean_of_scores_never_looks_certain(values: list[float], method: str) -> None:
    found = mean_interval(values)
    assert found is not None
    (low, high), named = found
    assert named == method
    assert 0 <= low <= sum(values) / len(values) <= high <= 1
    assert high - low > 0.1


def test_the_mean_of_nothing_has_no_interval() -> None:
    assert mean_interval([]) is None


def test_auroc_interval_solves_its_equation() -> None:
    # For 3 and 5 questions N* = 3; at each limit t, |0.8 - t| = z sqrt(V(t)), with
    # V(t) = t (1 - t) (1 + 3 (1 - t) / (2 - t) + 3 t / (1 + t)) / 15.
    interval = auroc_interval(0.8, 3, negatives=5)
    assert interval is not None
    assert 0 < interval[0] < 0.8 < interval[1] < 1
    for limit in interval:
        variance = limit * (1 - limit) * (1 + 3 * (1 - limit) / (2 - limit) + 3 * limit / (1 + limit)) / 15
        assert abs(0.8 - limit) == pytest.approx(Z * sqrt(variance), abs=1e-6)


def test_a_perfect_auroc_of_few_questions_keeps_a_width() -> None:
    # One pair: N* = 0, so the limit is Wilson's for 1 of 1.
    assert auroc_interval(1.0, 1, negatives=1) == pytest.approx((0.206549, 1.0), abs=1e-5)
    assert auroc_interval(0.0, 1, negatives=1) == pytest.approx((0.0, 0.793451), abs=1e-5)


@pytest.mark.parametrize(("positives", "negatives"), [(0, 3), (3, 0)])
def test_auroc_of_one_side_has_no_interval(positives: int, negatives: int) -> None:
    assert auroc_interval(0.5, positives, negatives=negatives) is None


def test_auroc_interval_covers_the_truth() -> None:
    # Scores from two normals sqrt(2) apart: the true AUROC is Phi(1) = 0.841345.
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        positives, negatives = rng.normal(sqrt(2), 1, 25).tolist(), rng.normal(0, 1, 12).tolist()
        value = auroc(positives, negatives)
        assert value is not None
        interval = auroc_interval(value, 25, negatives=12)
        assert interval is not None
        covered += interval[0] <= 0.841345 <= interval[1]
    assert 0.92 <= covered / 400 <= 0.99
