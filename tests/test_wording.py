"""Words as they are compared."""

from __future__ import annotations

import pytest

from briefqa.wording import word_spans, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don’t say “No”!", ["don", "t", "say", "no"]),
        ("1,200.5 men, 3.", ["1,200.5", "men", "3"]),
        ("STRASSE Straße ﬁn", ["strasse", "strasse", "fin"]),
        ("日本の車 abc", ["日", "本", "の", "車", "abc"]),
        (" \n", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert list(word_spans(text).words) == expected


def test_runs_of_words_are_found_where_they_stand() -> None:
    text = "An  art, a\npart: A PART of it."
    read = word_spans(text)
    assert read.find(("a", "part")) == (9, 15)
    assert read.find(("part", "of", "it")) == (19, 29)
    assert text[19:29] == "PART of it"
    assert read.find(("art", "part")) is None
    assert read.find(("par",)) is None
    assert read.find(()) is None
    assert word_spans(text, 16, 29).find(("a", "part")) == (17, 23)
