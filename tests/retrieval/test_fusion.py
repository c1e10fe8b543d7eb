from __future__ import annotations

import pytest

from briefqa.retrieval.fusion import dense_shares, fuse, lexical_shares


def test_dense_shares_put_the_median_at_0_and_the_best_at_1() -> None:
    assert dense_shares({7: 0.9, 3: 0.5, 1: 0.2, 5: 0.1}, 0.2) == pytest.approx({7: 1.0, 3: 3 / 7, 1: 0.0, 5: 0.0})
    assert dense_shares({1: -0.1, 2: -0.3}, -0.5) == pytest.approx({1: 1.0, 2: 0.5})


@pytest.mark.parametrize("median", [0.5, 0.6])
def test_dense_shares_without_anything_above_the_median_are_0(median: float) -> None:
    assert dense_shares({1: 0.5, 2: 0.5}, median) == {1: 0.0, 2: 0.0}


def test_lexical_shares_are_of_the_best() -> None:
    assert lexical_shares({1: 8.0, 2: 2.0, 3: 6.0}) == {1: 1.0, 2: 0.25, 3: 0.75}
    assert lexical_shares({1: 0.0}) == {1: 0.0}


def test_shares_of_nothing_are_nothing() -> None:
    assert dense_shares({}, 0.3) == dense_shares({}, -0.3) == lexical_shares({}) == fuse({}, {}, 0.5) == {}


@pytest.mark.parametrize(
    ("weight", "fused"),
    [
        (0.5, {1: 0.7, 2: 0.25, 3: 0.5}),
        (0.75, {1: 0.85, 2: 0.375, 3: 0.25}),
        (0.0, {1: 0.4, 2: 0.0, 3: 1.0}),
        (1.0, {1: 1.0, 2: 0.5, 3: 0.0}),
    ],
)
def test_fusion_is_convex_and_a_missing_score_is_0(weight: float, fused: dict[int, float]) -> None:
    assert fuse({1: 1.0, 2: 0.5}, {1: 0.4, 3: 1.0}, weight) == pytest.approx(fused)
