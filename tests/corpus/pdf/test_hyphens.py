from __future__ import annotations

import pytest

from briefqa.corpus.pdf.hyphens import Hyphens


@pytest.mark.parametrize(
    ("first", "second", "elsewhere", "joined"),
    [
        ("of repre-", "sentation", "", "of representation"),
        ("a long-", "term plan", "", "a longterm plan"),
        ("a long-", "term plan", "the long-term view", "a long-term plan"),
        ("a long-", "term plan", "long-term longterm longterm", "a longterm plan"),
        ("a long-", "term plan", "a long wait; the term ended", "a long-term plan"),
        ("an over-", "all view", "over and all", "an overall view"),
        ("(self-govern-", "ment)", "", "(self-government)"),
        ("Anglo-", "French", "", "Anglo-French"),
        ("in 2018-", "2019", "", "in 2018-2019"),
        ("NATO-", "led", "", "NATO-led"),
        ("short-", "and long-term", "", "short- and long-term"),
        ("re\u2010", "turned", "", "returned"),
        ("a plan -", "so it goes", "", "a plan - so it goes"),
        ("a plan \u2014", "so it goes", "", "a plan \u2014so it goes"),
        ("two", "words", "", "two words"),
        ("\u4e0b\u96e8", "\u4e5d\u5929", "", "\u4e0b\u96e8\u4e5d\u5929"),
        ("in \u5317\u4eac", "and", "", "in \u5317\u4eac and"),
    ],
)
def test_lines_are_joined_as_the_document_writes_its_words(
    first: str, second: str, elsewhere: str, joined: str
) -> None:
    drop, between = Hyphens([elsewhere, first, second]).joint(first, second)
    assert first[: len(first) - drop] + between + second == joined


def test_halves_of_parted_words_are_no_words_of_the_document() -> None:
    lines = ["they gave every-", "body some"]
    assert Hyphens(lines).joint("every-", "body") == (1, "")
    assert Hyphens([*lines, "every body"]).joint("every-", "body") == (0, "")
