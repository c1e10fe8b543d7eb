from __future__ import annotations

import pytest

from briefqa.prompting.claims import cited_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Georgia left [1]. It had joined in 1993. [2]", [("Georgia left.", (1,)), ("It had joined in 1993.", (2,))]),
        ("Georgia left.[1][3]\nIt had joined.[2, 4]", [("Georgia left.", (1, 3)), ("It had joined.", (2, 4))]),
        ("[2] Georgia left in 2009.\n[1] It had joined.", [("Georgia left in 2009.", (2,)), ("It had joined.", (1,))]),
        ("- Georgia left [1]\n- Armenia stayed [2-4]", [("Georgia left", (1,)), ("Armenia stayed", (2, 3, 4))]),
        ("Armenia joined [1], and Georgia left [2].", [("Armenia joined, and Georgia left.", (1, 2))]),
        ("# Members [9]\n\nGeorgia left in 2009.", [("Georgia left in 2009.", ())]),
        ("An array[0] is [no marker]. [1000]", [("An array is [no marker]. [1000]", (0,))]),
        ("It begins. [3-1] It ends. [1-9999]", [("It begins.", ()), ("It ends.", ()), ("[1-9999]", ())]),
        ("[1]", []),
        ("", []),
    ],
)  # fmt: skip
def test_markers_belong_to_their_sentences(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    found = cited_sentences(text)
    assert [(sentence.plain, sentence.markers) for sentence in found] == expected
    for sentence in found:
        start, end = sentence.span
        assert text[start:end].strip().startswith(sentence.plain[:3]) or "[" in text[start:end]


def test_a_span_reaches_to_its_last_marker() -> None:
    text = "Georgia left in 2009. [1] [2] It had joined in 1993 [3]."
    assert [text[slice(*sentence.span)] for sentence in cited_sentences(text)] == [
        "Georgia left in 2009. [1] [2]",
        "It had joined in 1993 [3].",
    ]


def test_half_a_character_is_told_as_one_that_is_not_known() -> None:
    [sentence] = cited_sentences("Georgia \ud83d left in 2009 [1].")
    assert (sentence.span, sentence.plain, sentence.markers) == ((0, 27), "Georgia \ufffd left in 2009.", (1,))
