"""Risk, reliability and calibration errors, worked out by hand and against every order of ties."""

from __future__ import annotations

from itertools import permutations

import pytest
from sklearn.metrics import brier_score_loss

from briefqa.errors import UsageError
from briefqa.evaluation.calibration import (
    ReliabilityBin,
    RiskPoint,
    area_under_risk_coverage,
    brier,
    expected_calibration_error,
    reliability,
    risk_coverage,
)


def test_risk_grows_with_coverage_and_equally_sure_ones_count_as_their_mean() -> None:
    sure = [0.5, 0.9, 0.9, 0.1, 0.9, 0.5, 0.9, 0.5, 0.9, 0.5]
    wrong = [1, 0, 0, 1, 0, 0, 0, 1, 0, 1]
    points = risk_coverage(sure, wrong)
    assert [point.coverage for point in points] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert [point.n for point in points] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert [point.risk for point in points] == pytest.approx(
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.75 / 6, 1.5 / 7, 2.25 / 8, 3.0 / 9, 4.0 / 10]
    )
    assert [point.threshold for point in points] == [0.9] * 5 + [0.5] * 4 + [0.1]


def test_no_order_of_the_cases_decides() -> None:
    cases = [(0.5, 1.0), (0.5, 0.0), (0.5, 0.0), (0.7, 1.0)]
    curves = {tuple(risk_coverage(*zip(*order, strict=True))) for order in permutations(cases)}
    assert len(curves) == 1


def test_tenths_of_few_cases_may_hold_none() -> None:
    points = risk_coverage([0.8, 0.3], [0, 1])
    # Rounded, to even numbers where it is a half: .2, .4, .6, .8, 1, 1.2, 1.4, 1.6, 1.8, 2.
    assert [point.n for point in points] == [0, 0, 1, 1, 1, 1, 1, 2, 2, 2]
    assert points[1] == RiskPoint(0.2, 0, None, None)
    assert points[-1] == RiskPoint(1.0, 2, 0.5, 0.3)
    assert [(point.n, point.risk) for point in risk_coverage([], [])] == [(0, None)] * 10


def test_the_area_under_the_curve_by_hand() -> None:
    # By falling confidence right, wrong, right, wrong: risks 0, 1/2, 1/3, 2/4.
    assert area_under_risk_coverage([0.2, 0.9, 0.7, 0.5], [1, 0, 1, 0]) == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert area_under_risk_coverage([0.4, 0.3], [0, 0]) == 0.0
    assert area_under_risk_coverage([0.4, 0.3], [1, 1]) == 1.0
    assert area_under_risk_coverage([], []) is None


def test_the_area_with_ties_is_the_mean_over_their_orders() -> None:
    tied = [1, 0, 0, 1, 1]
    orders = [area_under_risk_coverage([0.9, 0.5, 0.4, 0.3, 0.2, 0.1], [0, *order]) for order in permutations(tied)]
    assert area_under_risk_coverage([0.9] + [0.5] * 5, [0, *tied]) == pytest.approx(
        sum(area for area in orders if area is not None) / len(orders)
    )


def test_confidences_fall_in_bins_of_equal_width() -> None:
    bins = reliability([1.0, 0.92, 0.9, 0.0], [1, 0, 0, 0])
    assert [part.n for part in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert (bins[9].low, bins[9].high) == (0.9, 1.0)
    assert bins[9].confidence == pytest.approx(2.82 / 3)
    assert bins[9].right == pytest.approx(1 / 3)
    assert bins[5] == ReliabilityBin(0.5, 0.6, 0, None, None)
    assert [(part.low, part.high, part.n) for part in reliability([0.5, 0.2], [1, 1], bins=2)] == [
        (0.0, 0.5, 1),
        (0.5, 1.0, 1),
    ]


@pytest.mark.parametrize("confidence", [1.2, -0.1, float("nan")])
def test_a_confidence_outside_the_bins_is_refused(confidence: float) -> None:
    with pytest.raises(UsageError, match=rf"^a confidence of {confidence} is in no bin; confidences must be from 0 to"):
        reliability([0.5, confidence], [1, 1])


def test_the_expected_calibration_error_by_hand() -> None:
    # Between .8 and .9 three cases of mean .85 with two right; at .1 one of .15 that was right.
    sure, right = [0.8, 0.85, 0.89999, 0.15], [1, 0, 1, 1]
    expected = 3 / 4 * abs((0.8 + 0.85 + 0.89999) / 3 - 2 / 3) + 1 / 4 * (1 - 0.15)
    assert expected_calibration_error(sure, right) == pytest.approx(expected)
    # In one bin, the mean of all against the share of all.
    assert expected_calibration_error(sure, right, bins=1) == pytest.approx(abs(sum(sure) / 4 - 3 / 4))
    assert expected_calibration_error([1.0, 0.0], [1, 0]) == 0.0
    assert expected_calibration_error([], []) is None


def test_the_brier_score_is_a_mean_square() -> None:
    assert brier([0.8, 0.4], [1.0, 0.0]) == pytest.approx((0.04 + 0.16) / 2)
    assert brier([], []) is None
    sure, right = [0.1, 0.35, 0.5, 0.99, 0.7], [0, 1, 1, 1, 0]
    assert brier(sure, right) == pytest.approx(brier_score_loss(right, sure))
