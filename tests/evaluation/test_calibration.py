"""Curves of a few confidences, worked out by hand."""

from __future__ import annotations

import pytest

from briefqa.evaluation.calibration import (
    RiskPoint,
    area_under_risk,
    calibration,
    calibration_error,
    reliability,
    risk_coverage,
)

SURE = [0.9] * 5 + [0.5] * 4 + [0.1]
RIGHT = [True] * 5 + [True, False, False, False] + [False]


def test_risk_grows_with_coverage_and_equally_sure_ones_count_as_their_mean() -> None:
    points = risk_coverage(SURE, RIGHT)
    assert [point.n for point in points] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert [point.coverage for point in points] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert [point.threshold for point in points] == [0.9] * 5 + [0.5] * 4 + [0.1]
    assert [point.risk for point in points] == pytest.approx(
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.75 / 6, 1.5 / 7, 2.25 / 8, 3.0 / 9, 4.0 / 10]
    )
    # Whatever the order.
    assert risk_coverage(SURE[::-1], RIGHT[::-1]) == points


def test_a_tenth_of_few_questions_is_one_at_least() -> None:
    points = risk_coverage([0.8, 0.2], [False, True])
    assert points[0] == RiskPoint(0.1, 1, 0.8, 1.0)
    assert points[-1] == RiskPoint(1.0, 2, 0.2, 0.5)


def test_the_area_is_the_mean_risk() -> None:
    # Risks 0, 1/2, 1/3.
    assert area_under_risk([0.9, 0.5, 0.4], [True, False, True]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert area_under_risk([0.5, 0.5], [True, False]) == pytest.approx(0.5)


def test_bins_of_a_fifth() -> None:
    bins = reliability([0.0, 0.19, 0.2, 1.0, 0.9], [False, True, True, True, False], bins=5)
    assert [(entry.low, entry.high, entry.n) for entry in bins] == [
        (0.0, 0.2, 2),
        (0.2, 0.4, 1),
        (0.4, 0.6, 0),
        (0.6, 0.8, 0),
        (0.8, 1.0, 2),
    ]
    assert [bins[0].confidence, bins[0].right] == pytest.approx([0.095, 0.5])
    assert (bins[2].confidence, bins[2].right) == (None, None)
    assert [bins[4].confidence, bins[4].right] == pytest.approx([0.95, 0.5])
    # |.095 - .5| of 2, |.2 - 1| of 1, |.95 - .5| of 2.
    assert calibration_error(bins) == pytest.approx((2 * 0.405 + 0.8 + 2 * 0.45) / 5)


def test_without_questions_there_is_nothing() -> None:
    assert risk_coverage([], []) == []
    assert area_under_risk([], []) is None
    assert calibration_error(reliability([], [])) is None
    assert calibration([], []) is None


def test_all_of_it_together() -> None:
    found = calibration(SURE, RIGHT)
    assert found is not None
    assert found.risk == tuple(risk_coverage(SURE, RIGHT))
    assert (found.aurc, found.ece) == (area_under_risk(SURE, RIGHT), calibration_error(found.reliability))
    assert sum(entry.n for entry in found.reliability) == 10
