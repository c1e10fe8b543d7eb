"""Tests of differences against enumeration by hand, scipy, and simulation."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import permutation_test

from briefqa.errors import UsageError
from briefqa.evaluation.significance import holm, paired, randomisation_test, smallest_detectable


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([1.0, 1.0, 1.0], 2 / 8),  # only all + and all - are as far from 0
        ([1.0, -1.0, 1.0, 1.0], 10 / 16),  # sums of 4, 2, 0, -2, -4 from 1, 4, 6, 4, 1 patterns
        ([0.5, 0.0, 0.0], 1.0),  # of the one that differs, either sign is as far
        ([0.0, 0.0], 1.0),
        ([], 1.0),
        ([3.0, 1.0], 2 / 4),  # 4, 2, -2, -4
        ([0.1, 0.2, -0.3], 1.0),  # a sum of 0, but for what floats leave
    ],
)
def test_few_questions_by_hand(differences: list[float], p: float) -> None:
    assert randomisation_test(differences) == p


def test_exact_is_every_assignment_of_signs() -> None:
    differences = np.random.default_rng(3).normal(0.2, 1.0, 12).round(3).tolist()
    observed = abs(sum(differences))
    sums = [abs(sum(a * b for a, b in zip(signs, differences, strict=True))) for signs in product((1, -1), repeat=12)]
    assert randomisation_test(differences) == pytest.approx(sum(value >= observed - 1e-9 for value in sums) / 2**12)


@pytest.mark.parametrize("shift", [0.0, 0.15, 0.35])
def test_many_questions_as_scipy_has_it(shift: float) -> None:
    differences = np.random.default_rng(5).normal(shift, 1.0, 80)
    theirs = permutation_test(
        (differences,), lambda x, axis: x.mean(axis=axis), permutation_type="samples", n_resamples=50_000, rng=7
    ).pvalue
    # Both are drawn: the spread of 10,000 draws is at most sqrt(.25 / 10,000) = .005, and four of them are allowed.
    assert randomisation_test(differences.tolist()) == pytest.approx(theirs, abs=0.02)


def test_the_same_call_gives_the_same_p_and_sides_do_not_matter() -> None:
    differences = np.random.default_rng(6).normal(0.2, 1.0, 200).tolist()
    p = randomisation_test(differences)
    assert randomisation_test(differences) == p
    assert randomisation_test([-difference for difference in differences]) == pytest.approx(p, abs=0.02)
    assert randomisation_test(differences, permutations=10) >= 1 / 11


def test_a_large_set_never_gives_a_p_of_0() -> None:
    assert randomisation_test([1.0] * 10_000, permutations=500) == 1 / 501


def test_holm_by_hand() -> None:
    # .01 x 4; .02 x 3 = .06; .03 x 2 = .06; .2 x 1.
    assert holm([0.2, 0.01, 0.03, 0.02]) == pytest.approx([0.2, 0.04, 0.06, 0.06])
    # .04 x 2 = .08 may not come after .09 below it: the larger stays.
    assert holm([0.03, 0.04, 0.045]) == pytest.approx([0.09, 0.09, 0.09])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_smallest_detectable_difference_by_hand() -> None:
    # Spread 1 (sample), n 4: (1.959964 + .841621) / 2.
    assert smallest_detectable([-1.0, 1.0, 1.0, -1.0]) == pytest.approx(2.801585 / 2 * (4 / 3) ** 0.5, abs=1e-5)
    assert smallest_detectable([0.5]) is None
    assert smallest_detectable([0.5, 0.5]) is None


def test_such_a_difference_is_shown_four_times_of_five() -> None:
    rng = np.random.default_rng(11)
    size, spread = 100, 0.3
    detectable = 2.801585 * spread / size**0.5
    shown = [
        randomisation_test(rng.normal(detectable, spread, size).tolist(), permutations=400) < 0.05 for _ in range(300)
    ]
    # 300 draws of .8 stray by .023: four of that.
    assert np.mean(shown) == pytest.approx(0.8, abs=0.1)


def test_sides_are_paired_by_question() -> None:
    found = paired({"a": 0.5, "b": 1.0, "c": 0.0, "only": 1.0}, {"c": 0.5, "a": 0.5 + 1e-15, "b": 0.0, "other": 1.0})
    assert (found.n, found.higher, found.lower, found.ties) == (3, 1, 1, 1)
    assert [found.baseline, found.other] == pytest.approx([0.5, 1 / 3])
    assert found.difference == pytest.approx(-1 / 6)
    # Of 1 and .5 with either sign, -.5 is as near to 0 as can be.
    assert found.p == 1.0
    assert found.few
    back = paired({"a": 0.5, "b": 0.0, "c": 0.5}, {"a": 0.5, "b": 1.0, "c": 0.0})
    assert back.difference == pytest.approx(1 / 6)
    assert (back.higher, back.lower) == (1, 1)
    assert back.detectable == pytest.approx(found.detectable)


def test_thirty_questions_are_not_few() -> None:
    scores = {f"q{number}": float(number % 2) for number in range(30)}
    assert not paired(scores, scores).few
    assert paired(scores, scores).interval == (0.0, 0.0)


def test_two_without_a_common_question_are_refused() -> None:
    with pytest.raises(UsageError, match=r"^the two have no question in common that this measure applies to$"):
        paired({"a": 1.0}, {"b": 1.0})
