"""Which differences between two versions of a sentence matter."""

from __future__ import annotations

import pytest

from briefqa.answering.readings import Reading, match, newer, share_told
from briefqa.answering.versions import alikeness, differ
from briefqa.types import Document
from tests.answering.builders import make_document


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Twelve people were killed.", "Fifteen people were killed."),
        ("About 1,200 men crossed the river.", "About 1,300 men crossed the river."),
        ("The talks were held in Vienna.", "The talks were held in Geneva."),
        ("The minister, Anna Petrosyan, resigned.", "The minister, Clara Weiss, resigned."),
        ("Anna Petrosyan resigned.", "Clara Weiss resigned."),
        ("The treaty was signed.", "The treaty was not signed."),
        ("The ministers didn’t sign it.", "The ministers did sign it."),
        ("Nobody was hurt.", "A man was hurt."),
        ("They meet on Tuesday.", "They meet on Friday."),
        ("It will open in March.", "It will open in April."),
    ],
)
def test_numbers_names_dates_and_negations_matter(one: str, other: str) -> None:
    assert differ(one, other)
    assert differ(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Twelve people were killed.", "12 people were killed."),
        ("About 1,200 men crossed it.", "Some 1200 men crossed it."),
        ("Twelve people were killed.", "Twelve people were killed and 30 were hurt."),
        ("The minister resigned.", "The minister, Anna Petrosyan, resigned."),
        ("Officials said the road was closed.", "Authorities said the road was closed."),
        ("They meet on Tuesday.", "They meet next week."),
        ("It may open in summer.", "It can open in summer."),
        ("Anna Petrosyan’s plan was read.", "The plan of Anna Petrosyan was read."),
        ("The treaty was not signed.", "Nobody signed the treaty."),
        ("", "Twelve."),
    ],
)
def test_what_only_one_adds_and_other_words_do_not_matter(one: str, other: str) -> None:
    assert not differ(one, other)
    assert not differ(other, one)


def test_alikeness() -> None:
    assert alikeness(frozenset("abc"), frozenset("bcde")) == pytest.approx(4 / 7)
    assert alikeness(frozenset("a"), frozenset("a")) == 1.0
    assert alikeness(frozenset(), frozenset()) == 0.0


def read(*sentences: str, key: str = "a.md") -> Reading:
    document = make_document(" ".join(sentences), key=key)
    starts = [document.text.index(sentence) for sentence in sentences]
    return Reading(document, [(start, start + len(text)) for start, text in zip(starts, sentences, strict=True)])


def test_a_sentence_is_matched_word_for_word_then_by_what_stands_for_it() -> None:
    home = read("The road to the old harbour was closed on Tuesday.", "Twelve ships left it in May.", "Rain fell.")
    other = read(
        "Rain fell.",
        "A guard said: the road to the old harbour was closed on Tuesday, for a day.",
        "Fifteen ships left it in May.",
        key="b.md",
    )
    road, ships, rain = home.sentences
    found = match(road, home, other)
    assert found is not None
    assert other.document.text[slice(*found.span)] == "the road to the old harbour was closed on Tuesday"
    assert (found.other, found.differs) == (None, False)
    found = match(ships, home, other)
    assert found is not None
    assert found.other is not None
    assert (found.other.text, found.differs) == ("Fifteen ships left it in May.", True)
    found = match(rain, home, other)
    assert found is not None
    assert (found.span, found.other) == ((0, 10), None)


def test_a_sentence_that_stands_in_both_stands_for_no_other() -> None:
    home = read("Twelve ships left it in May.", "Fifteen ships left it in May.")
    other = read("Fifteen ships left it in May.", "Rain fell.", key="b.md")
    assert match(home.sentences[0], home, other) is None


def test_what_is_said_in_other_words_matches_if_it_is_much_alike() -> None:
    """Dice 14/16 of the first two, 10/16 of the next."""
    home = read("the new line to the coast will open in early summer.")
    alike = read("the new line to the coast will open in late summer.", key="b.md")
    far = read("the new line to our port may start in early autumn.", key="c.md")
    found = match(home.sentences[0], home, alike)
    assert found is not None
    assert found.other == alike.sentences[0]
    assert not found.differs
    assert match(home.sentences[0], home, far) is None


def test_the_share_that_is_told() -> None:
    home = read("One two three four five six.", "Seven eight.", "Nine nine nine.")
    other = read("One two three four five six.", key="b.md")
    matches = [match(sentence, home, other) for sentence in home.sentences]
    assert share_told(home, matches) == pytest.approx(6 / 11)
    contradicting = read("One two three four five seven.", key="b.md")
    assert share_told(home, [match(sentence, home, contradicting) for sentence in home.sentences]) == 0.0
    assert share_told(read(), []) == 0.0


def dated(published: str | None, updated: str | None = None) -> Document:
    document = make_document("Text.")
    return Document(document.id, "a.md", "a.md", "Text.", "0" * 64, published=published, updated=updated)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("2024-05-02", None), ("2024-05-01", None)),
        (("2024-06", None), ("2024-05-31", None)),
        (("2024", None), (None, None)),
        (("2024-05-01", "2024-05-03"), ("2024-05-01", None)),
        (("2024-05-01", "2024-05-03"), ("2024-05-01", "2024-05-02")),
        ((None, "2024-05-03"), (None, None)),
    ],
)
def test_newer(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> None:
    assert newer(dated(*one), dated(*other))
    assert not newer(dated(*other), dated(*one))


@pytest.mark.parametrize(("one", "other"), [("2024", "2024-05-01"), ("2024-05", "2024-05-01"), (None, None)])
def test_neither_is_surely_newer(one: str | None, other: str | None) -> None:
    assert not newer(dated(one), dated(other))
    assert not newer(dated(other), dated(one))
