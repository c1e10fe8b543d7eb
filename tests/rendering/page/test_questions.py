from __future__ import annotations

import pytest

from briefqa.evaluation.results import FoundGold, FoundPassage, FoundQuote, Outcome
from briefqa.evaluation.runs import KeptPassage
from briefqa.rendering.page.outcomes import FALSE, FOUND, MISSED, REFUSED, WRONG, Kind
from briefqa.rendering.page.questions import (
    GoldView,
    HitView,
    PassageView,
    Piece,
    QuestionView,
    QuoteView,
    pieces,
    question_views,
    reflowed,
)
from briefqa.types import Span
from tests.rendering.page.builders import GOLD, HALLS, HALLS_HIT, TRADE, TRADE_HIT, answerable, unanswerable

KEPT = {HALLS.id: HALLS, TRADE.id: TRADE}
BEGINNING = ("Trade grew. " * 8).rstrip() + "…"  # 95 of at most 100 characters: the next word would end at 101


def test_a_question() -> None:
    (view,), passages = question_views([answerable("q1", tags=("b", "a"), line=9)], KEPT, ["a", "b"])
    assert view == QuestionView(
        id="q1",
        text="How many halls, q1?",
        line=9,
        kind=FOUND,
        ndcg=0.5,
        confidence=0.75,
        tags=(1, 0),
        milliseconds="12",
        golds=(GoldView(1, "seat.md", "It has five old halls.", "in hit 2"),),
        quotes=(
            QuoteView("seat.md", "lines 7–8", (Piece("It has five old halls.", marked=True),), right=True),
            QuoteView("trade.md", "line 3", (Piece("Trade grew.", marked=False),), right=False),
        ),
        hits=(
            HitView("trade.md", "line 3", "0.500", "", (), BEGINNING, 1),
            HitView(
                "seat.md",
                "lines 7–10",
                "1.250",
                "1",
                (
                    Piece("The seat is Minsk. ", marked=False),
                    Piece("It has five old halls.", marked=True),
                    Piece("\n\n- One is shut.", marked=False),
                ),
                "",
                None,
            ),
        ),
    )
    assert view.answered
    assert passages == [PassageView(1, "trade.md", None, TRADE.text)]


def test_a_passage_that_many_questions_find_is_kept_once() -> None:
    third = KeptPassage("cc33", "long.md", "Long", "x " * 99)
    hit = FoundPassage("cc33", "long.md", (0, 198), (1, 1), 0.1, ())
    views, passages = question_views(
        [unanswerable("q1"), unanswerable("q2", hits=(hit, TRADE_HIT)), unanswerable("q3", hits=(TRADE_HIT,))],
        {**KEPT, "cc33": third},
        ["none"],
    )
    assert [[entry.passage for entry in view.hits] for view in views] == [[1], [2, 1], [1]]
    assert [(passage.number, passage.document) for passage in passages] == [(1, "trade.md"), (2, "long.md")]


def test_a_short_passage_is_shown_whole_where_it_is_found() -> None:
    short = KeptPassage("cc33", "short.md", None, "Just\nthis.")
    hit = FoundPassage("cc33", "short.md", (0, 10), (1, 2), 0.1, ())
    (view,), passages = question_views([unanswerable("q1", hits=(hit,))], {"cc33": short}, ["none"])
    assert view.hits == (HitView("short.md", "lines 1–2", "0.100", "", (), "Just this.", None),)
    assert passages == []


def test_a_passage_that_holds_too_little_of_a_gold_still_shows_what_it_holds() -> None:
    gold = FoundGold("seat.md", "d1", (150, 400), "is shut. And so on")
    (view,), _ = question_views(
        [answerable("q1", golds=(gold,), hits=(FoundPassage("aa11", "seat.md", (100, 157), (7, 10), 1.0, ()),))],
        KEPT,
        ["fact"],
    )
    assert view.hits[0].golds == ""
    assert view.hits[0].pieces[-1] == Piece("s shut.", marked=True)
    assert view.golds[0].found == "in none of the hits"


def test_a_gold_of_another_document_marks_nothing() -> None:
    gold = FoundGold("other.md", "d2", (100, 120), "It has\nfive old halls.")
    (view,), _ = question_views([answerable("q1", golds=(gold,), hits=(HALLS_HIT,))], KEPT, ["fact"])
    assert view.hits[0].pieces == ()
    assert view.hits[0].excerpt == "The seat is Minsk. It has five old halls. - One is shut."
    assert not any(piece.marked for quote in view.quotes for piece in quote.pieces)


def test_several_golds_and_hits_are_told_in_words() -> None:
    again = FoundPassage("aa11", "seat.md", (100, 157), (7, 10), 0.9, (0, 1))
    second = FoundGold("seat.md", "d1", (100, 118), "The seat is Minsk.")
    (view,), _ = question_views([answerable("q1", golds=(GOLD, second), hits=(HALLS_HIT, again))], KEPT, ["fact"])
    assert [gold.found for gold in view.golds] == ["in hit 1 and 2", "in hit 2"]
    assert [hit.golds for hit in view.hits] == ["1", "1 and 2"]


def test_a_quote_is_marked_without_what_closes_the_gold() -> None:
    quote = FoundQuote("seat.md", (7, 8), "It has\nfive old halls, and more", right=True)
    (view,), _ = question_views([answerable("q1", quotes=(quote,))], KEPT, ["fact"])
    assert view.quotes[0].pieces == (Piece("It has five old halls", marked=True), Piece(", and more", marked=False))


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([], "0123456789"),
        ([(2, 4)], "01[23]456789"),
        ([(0, 10)], "[0123456789]"),
        ([(-5, 2), (8, 20)], "[01]234567[89]"),
        ([(6, 8), (2, 4)], "01[23]45[67]89"),
        ([(2, 6), (4, 8)], "01[234567]89"),
        ([(2, 8), (3, 4)], "01[234567]89"),
        ([(2, 4), (4, 6)], "01[2345]6789"),
        ([(10, 12), (-3, 0)], "0123456789"),
    ],
)
def test_pieces(spans: list[Span], marked: str) -> None:
    found = pieces("0123456789", spans)
    assert "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in found) == marked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo\nthree", "one two three"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("one\n- two\n* three", "one\n- two\n* three"),
        ("one\n1. two\n2) three", "one\n1. two\n2) three"),
        ("in\n2018 they", "in 2018 they"),
        ("one\n## Two", "one\n## Two"),
        ("| a |\n| b |", "| a |\n| b |"),
        ("one\n", "one\n"),
    ],
)
def test_reflowed(text: str, shown: str) -> None:
    assert reflowed(text) == shown


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (answerable("q"), FOUND),
        (answerable("q", right=False), WRONG),
        (answerable("q", status="no_answer"), MISSED),
        (answerable("q", status="no_answer", right=False), MISSED),
        (unanswerable("q"), REFUSED),
        (unanswerable("q", status="answered"), FALSE),
    ],
)
def test_kinds(outcome: Outcome, kind: Kind) -> None:
    (view,), _ = question_views([outcome], KEPT, ["fact", "none"])
    assert view.kind == kind
    assert view.answered == (kind in (FOUND, WRONG, FALSE))
