"""Worked out by hand: the best first score is .8, so that a weight of .5 lets the newest gain .4."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from briefqa.protocols import Candidate
from briefqa.retrieval.recency import RECENCY_DEPTH, RecencyRetriever, recency
from briefqa.types import Scores

NEWEST = date(2024, 5, 1)
DATES = ["2022-05-02", "2024-05-01", None, "2023-05-02"]  # two years, none, not known, a year before


class First:
    """A first stage that finds passages of these scores, the n-th with the id "pn"."""

    def __init__(self, *scores: float) -> None:
        self.found = [Candidate(n, f"p{n}", score, Scores(dense=score)) for n, score in enumerate(scores)]
        self.asked: list[int] = []

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        self.asked.append(k)
        return self.found[:k]


def published(numbers: Sequence[int]) -> list[str | None]:
    return [DATES[number] for number in numbers]


def weighed(first: First, weight: float = 0.5, half_life: int = 365, newest: date | None = NEWEST) -> RecencyRetriever:
    return RecencyRetriever(first, published, newest=newest, weight=weight, half_life=half_life)


def test_new_articles_rise() -> None:
    found = weighed(First(0.8, 0.6, 0.5, 0.4)).retrieve("x", 4)
    # .8 + .4 / 4 (730 days), .6 + .4, .5, .4 + .4 / 2 (365 days)
    assert [(entry.passage_id, round(entry.score, 9)) for entry in found] == [
        ("p1", 1.0), ("p0", 0.9), ("p3", 0.6), ("p2", 0.5),
    ]  # fmt: skip
    assert [entry.scores.recency for entry in found] == pytest.approx([1.0, 0.25, 0.5, 0.0])
    assert [entry.scores.relevance for entry in found] == [0.6, 0.8, 0.4, 0.5]
    assert [entry.scores.dense for entry in found] == [0.6, 0.8, 0.4, 0.5]


def test_the_half_life_and_the_weight_are_those_that_are_given() -> None:
    # A half-life of 730 days: .8 + .08 / 2, .4 + .08 / sqrt 2
    found = weighed(First(0.8, 0.6, 0.5, 0.4), weight=0.1, half_life=730).retrieve("x", 4)
    assert {entry.passage_id: entry.score for entry in found} == pytest.approx(
        {"p0": 0.84, "p1": 0.68, "p2": 0.5, "p3": 0.4 + 0.08 / 2**0.5}
    )


def test_what_stood_further_down_may_come_first() -> None:
    first = First(0.8, 0.6, 0.5, 0.4)
    assert [entry.passage_id for entry in weighed(first).retrieve("x", 1)] == ["p1"]
    weighed(first).retrieve("x", RECENCY_DEPTH + 5)
    assert first.asked == [RECENCY_DEPTH, RECENCY_DEPTH + 5]
    assert weighed(first).retrieve("x", 0) == []


def test_equal_scores_go_by_id_and_nothing_is_gained_from_less_than_nothing() -> None:
    # .6 + .5 * .8 * .5 = .8: p3 was published a year before
    found = weighed(First(0.8, 0.4, 0.8, 0.6)).retrieve("x", 4)
    assert [entry.passage_id for entry in found] == ["p0", "p1", "p2", "p3"]
    assert [entry.score for entry in weighed(First(-0.1, -0.2)).retrieve("x", 2)] == [-0.1, -0.2]
    assert weighed(First()).retrieve("x", 3) == []


def test_without_any_date_nothing_moves() -> None:
    found = weighed(First(0.8, 0.6), newest=None).retrieve("x", 2)
    assert [(entry.score, entry.scores.recency) for entry in found] == [(0.8, 0.0), (0.6, 0.0)]


@pytest.mark.parametrize(
    ("day", "share"),
    [
        ("2024-05-01", 1.0),
        ("2024-04-21", 0.5),
        ("2024-04-11", 0.25),
        ("2024-04", 0.125),  # the first of it: 30 days
        ("2031-01-01", 1.0),
        ("long ago", 0.0),
        (None, 0.0),
    ],
)
def test_recency(day: str | None, share: float) -> None:
    assert recency(day, NEWEST, 10) == pytest.approx(share)
    assert recency(day, None, 10) == 0.0
