from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from briefqa.addresses import lines_of
from briefqa.errors import UsageError
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.growing import Choices, gold_of, near_duplicates
from briefqa.types import Document, Span

MakeDocument = Callable[..., Document]


def sentences(text: str) -> Sequence[Span]:
    """What ends with a full stop."""
    return [found.span() for found in re.finditer(r"[^\s.][^.]*\.", text)]


@pytest.fixture
def choices(make_document: MakeDocument) -> Choices:
    """Sentences 1 to 3 of "a.md", of its four, and 4 and 5 of "b.md"."""
    found = Choices(sentences)
    found.of(make_document("a.md", "One.  Two\nlines. Three. Four."), 2, 20)
    found.of(make_document("b.md", "Five. Six."), 0, 10)
    return found


def test_sentences_keep_their_numbers(make_document: MakeDocument) -> None:
    choices = Choices(sentences)
    document = make_document("a.md", "One. Two. Three.")
    assert [(shown.number, shown.text, shown.place) for shown in choices.of(document, 5, 9)] == [(1, "Two.", 1)]
    shown = choices.of(document, 0, 16)
    assert [(entry.number, entry.text) for entry in shown] == [(2, "One."), (1, "Two."), (3, "Three.")]
    assert shown == choices.of(document, 0, 16)
    # Only what is held in part counts, and a text without a sentence is one.
    assert choices.of(document, 4, 5) == []
    assert [entry.text for entry in choices.of(make_document("b.md", "no stop"), 3, 7)] == ["no stop"]


@pytest.mark.parametrize(
    ("typed", "golds"),
    [
        ("1", [("a.md", "One.")]),
        ("2", [("a.md", "Two lines.")]),
        ("1-3", [("a.md", "One. Two lines. Three.")]),
        (" 2 - 3 ", [("a.md", "Two lines. Three.")]),
        ("2–3", [("a.md", "Two lines. Three.")]),
        ("2-2", [("a.md", "Two lines.")]),
        ("1,4", [("a.md", "One."), ("b.md", "Five.")]),
        ("5; 1 4", [("b.md", "Six."), ("a.md", "One."), ("b.md", "Five.")]),
        ("1,1", [("a.md", "One.")]),
        ("1,2-3,", [("a.md", "One."), ("a.md", "Two lines. Three.")]),
    ],
)
def test_selections(choices: Choices, typed: str, golds: list[tuple[str, str]]) -> None:
    assert choices.golds(typed) == tuple(Gold(document, quote) for document, quote in golds)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("0", "'0' is none of the numbers 1 to 5; type for example 2, 2-3 or 1,4"),
        ("6", "'6' is none of the numbers 1 to 5; type for example 2, 2-3 or 1,4"),
        ("1,x", "'x' is none of the numbers 1 to 5; type for example 2, 2-3 or 1,4"),
        ("", "'' is none of the numbers 1 to 5; type for example 2, 2-3 or 1,4"),
        ("-", "'-' is none of the numbers 1 to 5; type for example 2, 2-3 or 1,4"),
        ("٢", "'٢' is none of the numbers 1 to 5; type for example 2, 2-3 or 1,4"),
        ("99999999999", "'99999999999' is none of the numbers 1 to 5; type for example 2, 2-3 or 1,4"),
        ("3-4", "3-4 are not neighbouring sentences of one document; separate them by a comma"),
        ("3-2", "3-2 runs backwards; type 2-3"),
        ("1,2,3,4", "4 golds are too many; choose the 3 that matter most"),
    ],
)
def test_selections_that_are_none(choices: Choices, typed: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        choices.golds(typed)


def test_no_choice() -> None:
    with pytest.raises(UsageError, match=r"^'1' is none of the numbers shown, as there are none; "):
        Choices(sentences).golds("1")


def test_fewer_golds_are_allowed(choices: Choices) -> None:
    assert len(choices.golds("1,2", most=2)) == 2
    with pytest.raises(UsageError, match=r"^2 golds are too many; choose the 1 that matter most$"):
        choices.golds("1,2", most=1)


def test_numbers_from_other_places_are_no_neighbours(make_document: MakeDocument) -> None:
    choices = Choices(sentences)
    document = make_document("a.md", "One. Two. Three.")
    choices.of(document, 10, 16)
    choices.of(document, 0, 4)
    with pytest.raises(UsageError, match=r"^1-2 are not neighbouring sentences"):
        choices.golds("1-2")


@pytest.mark.parametrize(
    ("text", "place", "quote"),
    [
        # The first "Yes." is meant: nothing to widen.
        ("Yes. No. Yes. Why.", 0, "Yes."),
        # The second: with either neighbour it stands only there, and the one before it is taken.
        ("Yes. No. Yes. Why.", 2, "No. Yes."),
        ("No. Yes. No. Yes. Why.", 3, "Yes. Why."),
        # Both neighbours are the same in both places: two are needed.
        ("A. Yes. B. A. Yes. B. C.", 4, "B. A. Yes."),
        # It stands inside another sentence, earlier.
        ("Say Yes. No. Yes. So.", 2, "No. Yes."),
    ],
)
def test_the_first_occurrence_is_the_one_meant(make_document: MakeDocument, text: str, place: int, quote: str) -> None:
    assert gold_of(make_document("a.md", text), sentences(text), place, place) == Gold("a.md", quote)


def test_no_quote_is_left(make_document: MakeDocument) -> None:
    document = make_document("a.md", "# Yes.\n\nYes.")
    with pytest.raises(UsageError, match=r"^the same words stand earlier in 'a.md', and so does everything around"):
        gold_of(document, [(8, 12)], 0, 0)


def test_lines(make_document: MakeDocument) -> None:
    document = make_document("a.md", "One.\nTwo\nlines.")
    assert lines_of(document, 0, 4) == (1, 1)
    assert lines_of(document, 5, 15) == (2, 3)


def question(text: str) -> Question:
    return Question("q1", text, (), (), 1)


@pytest.mark.parametrize(
    ("text", "other", "alike"),
    [
        ("When did Georgia leave the bloc?", "when did georgia leave the bloc", True),
        ("When did Georgia leave the bloc?", "Georgia left the bloc when?", False),  # leav, left: 2 of 4
        ("When did Georgia leave the bloc?", "In which year did Georgia leave the bloc?", True),  # 3 of 4
        # 3 of 5 is just enough; 2 of 4 is not.
        ("red green blue white", "red green blue black", True),
        ("red green blue", "red green black", False),
        # Another name or number on each side: another question.
        ("When did Georgia leave the old bloc?", "When did Moldova leave the old bloc?", False),
        ("Which states joined the bloc in 2004?", "Which states joined the bloc in 2008?", False),
        # A name more on one side only is no other question.
        ("When did Georgia leave the old bloc?", "When did Georgia leave the old bloc in 2009?", True),
        ("Who?", "Who?", False),  # no term to compare
    ],
)
def test_near_duplicates(text: str, other: str, alike: bool) -> None:
    assert near_duplicates(text, [question(other)]) == ([question(other)] if alike else [])
    assert near_duplicates(other, [question(text)]) == ([question(text)] if alike else [])
