"""Worked out by hand: sigmoid(ln 3) = .75, sigmoid(-ln 3) = .25, sigmoid(ln 9) = .9, sigmoid(0) = .5."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from briefqa.protocols import Candidate
from briefqa.retrieval.reranking import RerankingRetriever
from briefqa.types import Document, Passage, Scores

LN3, LN9 = math.log(3.0), math.log(9.0)


class Store:
    """Hands out passages "text N" of documents titled "title N"; document 3 has no title."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        self.asked.append(list(numbers))
        return [
            (
                Passage(f"p{number}", f"d{number}", 0, 6, f"text {number}", (1, 1), ((0, 6),)),
                Document(
                    f"d{number}", "k", "k", f"text {number}", "0", title=f"title {number}" if number != 3 else None
                ),
            )
            for number in numbers
        ]


class First:
    """A first stage that finds what it was given."""

    def __init__(self, *found: tuple[str, float]) -> None:
        self.found = [
            Candidate(number, identity, score, Scores(dense=score)) for number, (identity, score) in enumerate(found)
        ]
        self.asked: list[tuple[str, int]] = []

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        self.asked.append((question, k))
        return self.found[:k]


class Scorer:
    """Gives the logits that it was given, in that order."""

    def __init__(self, *logits: float) -> None:
        self.logits = logits
        self.asked: list[tuple[str, list[str]]] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((question, list(texts)))
        return list(self.logits[: len(texts)])


def retriever(first: First, scorer: Scorer, *, candidates: int) -> RerankingRetriever:
    return RerankingRetriever(first, Store(), scorer, candidates=candidates)  # type: ignore[arg-type]


def ranked(found: list[Candidate]) -> list[tuple[str, float]]:
    return [(candidate.passage_id, candidate.score) for candidate in found]


FOUND = (("a", 0.8), ("b", 0.6), ("c", 0.4), ("d", 0.2), ("e", 0.1))
LOGITS = (-LN3, LN3, LN9)
# a: (.25 + 1) / 2, b: (.75 + .6 / .8) / 2, c: (.9 + .4 / .8) / 2; d and e are half and a quarter of the lowest.
RERANKED = [("b", 0.75), ("c", 0.7), ("a", 0.625), ("d", 0.3125), ("e", 0.15625)]


@pytest.mark.parametrize(("k", "asked"), [(1, 3), (2, 3), (3, 3), (4, 4), (5, 5), (50, 50)])
def test_the_first_are_reordered_and_the_rest_follow(k: int, asked: int) -> None:
    first, scorer = First(*FOUND), Scorer(*LOGITS)
    found = retriever(first, scorer, candidates=3).retrieve("Who?", k)
    assert [identity for identity, _ in ranked(found)] == [identity for identity, _ in RERANKED[:k]]
    assert [score for _, score in ranked(found)] == pytest.approx([score for _, score in RERANKED[:k]])
    assert first.asked == [("Who?", asked)]
    assert scorer.asked == [("Who?", ["title 0\ntext 0", "title 1\ntext 1", "title 2\ntext 2"])]


def test_logits_come_along_with_the_scores_of_the_first_stage() -> None:
    found = retriever(First(*FOUND), Scorer(*LOGITS), candidates=3).retrieve("Who?", 4)
    assert [(candidate.number, candidate.scores) for candidate in found] == [
        (1, Scores(dense=0.6, rerank=LN3)),
        (2, Scores(dense=0.4, rerank=LN9)),
        (0, Scores(dense=0.8, rerank=-LN3)),
        (3, Scores(dense=0.2)),
    ]


def test_a_passage_without_a_title_is_scored_alone() -> None:
    scorer = Scorer(0.0, 0.0, 0.0, 0.0)
    retriever(First(*FOUND), scorer, candidates=4).retrieve("Who?", 4)
    assert scorer.asked[0][1][2:] == ["title 2\ntext 2", "text 3"]


@pytest.mark.parametrize("candidates", [1, 2, 5, 200])
def test_no_more_than_the_candidates_are_scored(candidates: int) -> None:
    scorer = Scorer(*[0.0] * 200)
    found = retriever(First(*FOUND), scorer, candidates=candidates).retrieve("Who?", 5)
    assert [len(texts) for _, texts in scorer.asked] == [min(candidates, 5)]
    assert [candidate.passage_id for candidate in found] == ["a", "b", "c", "d", "e"]


def test_equal_scores_go_by_id() -> None:
    # z: (.5 + 1) / 2; a: (1 + .5) / 2, as the sigmoid of 800 is 1.
    found = retriever(First(("z", 0.8), ("a", 0.4)), Scorer(0.0, 800.0), candidates=2).retrieve("Who?", 2)
    assert ranked(found) == [("a", 0.75), ("z", 0.75)]


def test_the_rest_stays_below_even_where_it_equalled_the_last_of_the_first() -> None:
    found = retriever(First(("b", 0.8), ("z", 0.4), ("a", 0.4)), Scorer(0.0, 0.0), candidates=2).retrieve("Who?", 3)
    assert [candidate.passage_id for candidate in found] == ["b", "z", "a"]
    assert found[1].score == 0.5
    assert 0.499999 < found[2].score < 0.5


def test_scores_below_zero_have_no_share_and_stay_in_order() -> None:
    first = First(("a", 0.5), ("b", -0.2), ("c", -0.3), ("d", -0.4))
    found = retriever(first, Scorer(0.0, -800.0), candidates=2).retrieve("Who?", 4)
    assert ranked(found) == [("a", 0.75), ("b", 0.0), ("c", -0.3), ("d", -0.4)]
    first = First(("a", -0.1), ("b", -0.2), ("c", -0.3))
    found = retriever(first, Scorer(-LN3, LN3), candidates=2).retrieve("Who?", 3)
    assert [identity for identity, _ in ranked(found)] == ["b", "a", "c"]
    assert [score for _, score in ranked(found)] == pytest.approx([0.375, 0.125, -0.3])


def test_scores_of_zero_stay_below_a_score_of_zero() -> None:
    found = retriever(First(("b", 0.0), ("a", 0.0)), Scorer(-800.0), candidates=1).retrieve("Who?", 2)
    assert [candidate.passage_id for candidate in found] == ["b", "a"]
    assert found[0].score == 0.0 > found[1].score


def test_nothing_found_is_nothing_to_score() -> None:
    scorer = Scorer()
    assert retriever(First(), scorer, candidates=3).retrieve("Who?", 5) == []
    assert retriever(First(*FOUND), scorer, candidates=3).retrieve("Who?", 0) == []
    assert scorer.asked == []


def test_the_time_is_that_of_the_last_question() -> None:
    reranker = retriever(First(*FOUND), Scorer(*LOGITS), candidates=3)
    assert reranker.seconds == 0.0
    reranker.retrieve("Who?", 5)
    assert 0.0 < reranker.seconds < 1.0
    reranker.retrieve("Who?", 0)
    assert reranker.seconds == 0.0
