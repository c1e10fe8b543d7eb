"""Every token of a passage is one of two words away from the question's: cosines are read off the vectors."""

from __future__ import annotations

from typing import Any, cast

import pytest

from briefqa.answering.matching import Match, TokenMatcher
from briefqa.question import AnalysedQuestion, Weighted
from tests.answering.builders import make_reading

QUESTION = AnalysedQuestion(
    "Who leads Azerbaijan?",
    (
        Weighted("lead", "leads", 1.0, exact=False, spans=((4, 9),)),
        Weighted("azerbaijan", "Azerbaijan", 3.0, exact=True, spans=((10, 20),)),
    ),
)
# Who, leads, Azer, baijan, ?
ASKED = make_reading(
    ((0, 3), (1.0, 0.0)),
    ((4, 9), (0.0, 1.0)),
    ((10, 14), (0.6, 0.8)),
    ((14, 20), (0.8, 0.6)),
    ((20, 21), (-1.0, 0.0)),
)
# "Ilham rules. Baku." read with "Who?\n" in front of it: the title's tokens end before the passage begins.
SHIFT = 5
TOLD = make_reading(
    ((0, 3), (0.0, -1.0)),
    ((5, 10), (1.0, 0.0)),
    ((11, 16), (0.0, 1.0)),
    ((18, 22), (-1.0, 0.0)),
)


def about(match: Match) -> Any:
    return Match(*cast("Any", [pytest.approx(cosine) for cosine in match]))


def test_a_sentence_by_hand() -> None:
    # The nearest of [1, 0] and [0, 1]: Who 1, leads 1, Azer .8, baijan .8, ? 0.
    # Azerbaijan is the mean of its two tokens; terms (1 * 1 + 3 * .8) / 4, all 3.6 / 5.
    matcher = TokenMatcher(QUESTION, ASKED, TOLD, shift=SHIFT)
    assert matcher.span(0, 12) == about(Match(terms=0.85, all=0.72, asking=1.0, weakest=0.8))


def test_a_span_has_the_tokens_that_stand_wholly_in_it() -> None:
    matcher = TokenMatcher(QUESTION, ASKED, TOLD, shift=SHIFT)
    # [1, 0] alone: Who 1, leads 0, Azer .6, baijan .8, ? -1. Azerbaijan is .7; all 1.4 / 5.
    first = about(Match(terms=0.525, all=0.28, asking=1.0, weakest=0.0))
    assert matcher.span(0, 5) == first
    assert matcher.span(0, 10) == first
    # [0, 1] alone: Who 0, leads 1, Azer .8, baijan .6, ? 0.
    assert matcher.span(1, 12) == about(Match(terms=0.775, all=0.48, asking=0.0, weakest=0.7))
    # [-1, 0] alone: Who -1, leads 0, Azer -.6, baijan -.8, ? 1.
    assert matcher.span(12, 18) == about(Match(terms=-0.525, all=-0.28, asking=-1.0, weakest=-0.7))


def test_the_whole_has_the_title_too() -> None:
    # The nearest of all four: Who 1, leads 1, Azer .8, baijan .8, ? 1.
    matcher = TokenMatcher(QUESTION, ASKED, TOLD, shift=SHIFT)
    assert matcher.whole() == about(Match(terms=0.85, all=0.92, asking=1.0, weakest=0.8))
    titled = TokenMatcher(QUESTION, ASKED, make_reading(((0, 3), (0.0, -1.0))), shift=SHIFT)
    # [0, -1] alone: Who 0, leads -1, Azer -.8, baijan -.6, ? 0.
    assert titled.whole() == about(Match(terms=-0.775, all=-0.48, asking=0.0, weakest=-1.0))
    assert titled.span(0, 18) == Match(0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("span", [(6, 7), (10, 10), (18, 100), (7, 12)])
def test_a_span_without_a_token_is_nowhere_near(span: tuple[int, int]) -> None:
    matcher = TokenMatcher(QUESTION, ASKED, TOLD, shift=SHIFT)
    assert matcher.span(*span) == Match(0.0, 0.0, 0.0, 0.0)


def test_a_passage_or_a_question_without_a_token_is_nowhere_near() -> None:
    assert TokenMatcher(QUESTION, ASKED, make_reading(), shift=0).whole() == Match(0.0, 0.0, 0.0, 0.0)
    assert TokenMatcher(QUESTION, make_reading(), TOLD, shift=0).whole() == Match(0.0, 0.0, 0.0, 0.0)


def test_without_terms_the_average_stands_for_them() -> None:
    question = AnalysedQuestion("Who leads Azerbaijan?", ())
    matcher = TokenMatcher(question, ASKED, TOLD, shift=SHIFT)
    assert matcher.span(0, 12) == about(Match(terms=0.72, all=0.72, asking=1.0, weakest=0.72))


def test_without_an_asking_word_the_average_stands_for_it() -> None:
    question = AnalysedQuestion("Xxx leads Azerbaijan?", QUESTION.terms)
    matcher = TokenMatcher(question, ASKED, TOLD, shift=SHIFT)
    assert matcher.span(0, 12) == about(Match(terms=0.85, all=0.72, asking=0.72, weakest=0.8))


def test_terms_without_weight_leave_the_average() -> None:
    question = AnalysedQuestion(QUESTION.text, tuple(entry._replace(weight=0.0) for entry in QUESTION.terms))
    matcher = TokenMatcher(question, ASKED, TOLD, shift=SHIFT)
    assert matcher.span(0, 12) == about(Match(terms=0.72, all=0.72, asking=1.0, weakest=0.8))


def test_a_repeated_term_is_the_mean_of_all_its_tokens() -> None:
    question = AnalysedQuestion("Baku, Baku?", (Weighted("baku", "Baku", 2.0, exact=True, spans=((0, 4), (6, 10))),))
    asked = make_reading(((0, 4), (1.0, 0.0)), ((4, 5), (0.0, 1.0)), ((6, 10), (0.6, 0.8)), ((10, 11), (0.0, 1.0)))
    matcher = TokenMatcher(question, asked, make_reading(((0, 5), (1.0, 0.0))), shift=0)
    assert matcher.whole() == about(Match(terms=0.8, all=0.4, asking=0.4, weakest=0.8))


def test_a_term_past_the_question_s_window_is_not_weighed() -> None:
    cut = make_reading(((0, 3), (1.0, 0.0)), ((4, 9), (0.0, 1.0)))
    matcher = TokenMatcher(QUESTION, cut, make_reading(((0, 5), (0.6, 0.8))), shift=0)
    assert matcher.whole() == about(Match(terms=0.8, all=0.7, asking=0.6, weakest=0.8))


def test_the_nearest_of_several_asking_words_counts() -> None:
    question = AnalysedQuestion("Whom and WHERE, however?", ())
    asked = make_reading(((0, 4), (0.6, 0.8)), ((9, 14), (1.0, 0.0)), ((16, 23), (0.0, 1.0)))
    matcher = TokenMatcher(question, asked, make_reading(((0, 5), (0.8, 0.6))), shift=0)
    # "Whom" .96, "WHERE" .8, and "however" .6, which asks nothing.
    assert matcher.whole().asking == pytest.approx(0.96)
