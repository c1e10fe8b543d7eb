from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefqa.sentences import sentences, tiles

TEXT = """\
# The bloc: what is it? A short guide.

The CSTO has six members. It was founded by
treaty in 1992; Mr. Lukashenko and Dr. Sahakyan
signed. Who joined later?

Its bodies are:

- the council of heads of state
* the secretariat. It sits in Moscow.
1. the first item
12) the second item

| body | seat |
| --- | --- |
| council | Moscow |

## Why now?
"It works," he said. The end
"""

# What articles are made of, in lengths that make every branch meet every other.
MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            ["# H one. Two\n", "## x\n", "\n", "\n\n", "- item. Two\n", "1. a\n", "| a | b |\n", "A b. C d! ", " \t"]
        ),
        st.sampled_from(
            ["\xa0", "\u2028", "\f", "\v", "\x85", "😀", "é", "\u0301", "\u200b", "Dr. ", "e.g. ", "2018. ", "「は。」"]
        ),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_sentences_are_trimmed_and_keep_hard_wrapped_lines_together() -> None:
    assert cut(TEXT) == [
        "The CSTO has six members.",
        "It was founded by\ntreaty in 1992; Mr. Lukashenko and Dr. Sahakyan\nsigned.",
        "Who joined later?",
        "Its bodies are:",
        "the council of heads of state",
        "the secretariat. It sits in Moscow.",
        "the first item",
        "the second item",
        "body | seat",
        "council | Moscow",
        '"It works," he said.',
        "The end",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\n", []),
        ("...", []),
        ("---\n\n***", []),
        ("# Only a heading", []),
        ("# Why now? Because of this. And that\nText.", ["Text."]),
        ("Text\n# Heading. Two\nMore", ["Text", "More"]),
        ("  ###### Deep. Six\nText.", ["Text."]),
        ("####### Seven are no heading.", ["####### Seven are no heading."]),
        ("#hashtag is text.", ["#hashtag is text."]),
        ("\xa0\u2003Odd space.\f", ["Odd space."]),
        ("> Quoted text. More.", ["Quoted text.", "More."]),
        ("- - nested item", ["nested item"]),
        ("3 members left.", ["3 members left."]),
        ("| a | b |", ["a | b"]),
        ("**Bold start. Then** more.", ["Bold start.", "Then** more."]),
        ("**All bold.**", ["All bold."]),
        ("One. 😀😀 Two.", ["One.", "😀😀 Two."]),
    ],
)
def test_what_can_be_quoted(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_tiles_hold_headings_and_marks_too() -> None:
    text = "# A. B\nOne. Two.\n- three\n"
    assert [text[start:end] for start, end in tiles(text)] == ["# A. B\n", "One. ", "Two.\n", "- three\n"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(MARKUP)
@example(TEXT)
@example(TEXT.replace("\n", "\r\n"))
@example("No end")
def test_tiles_cover_any_text_without_gap_or_overlap(text: str) -> None:
    spans = tiles(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(MARKUP)
@example(TEXT)
def test_sentences_of_any_text_lie_in_its_tiles_trimmed_and_in_order(text: str) -> None:
    spans = sentences(text)
    around = tiles(text)
    for start, end in spans:
        piece = text[start:end]
        assert piece == piece.strip()
        assert any(character.isalnum() for character in piece)
        assert sum(first <= start and end <= last for first, last in around) == 1
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_sentences_end_as_they_do_in_their_language() -> None:
    text = "Am 3. Oktober kam Dr. Roth. Er ging bald."
    german = ["Am 3. Oktober kam Dr. Roth.", "Er ging bald."]
    assert [text[start:end] for start, end in sentences(text, "de")] == german
    assert [text[start:end] for start, end in sentences(text, "de-AT")] == german
    assert [text[start:end] for start, end in sentences(text)] == ["Am 3.", "Oktober kam Dr. Roth.", "Er ging bald."]
    assert sentences(text, "Deutsch") == sentences(text, "en") == sentences(text)
    chinese = "北京是首都。它很大。"
    assert [chinese[start:end] for start, end in sentences(chinese, "zh")] == ["北京是首都。", "它很大。"]
