from __future__ import annotations

import pytest

from briefqa.rendering.escape import one_line, safe


@pytest.mark.parametrize(
    "character",
    [
        *"\x00\x07\x08\x0b\x0c\r\x1b\x7f\x80\x85\x9b\x9f\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ud800\udfff"
    ],
)
def test_what_steers_a_terminal_is_replaced(character: str) -> None:
    assert safe(f"a{character}b") == "a\ufffdb"
    assert one_line(f"a{character}b") == "a\ufffdb"


@pytest.mark.parametrize("text", ["a\tb\nc", "Łódź 😀 ვინ 中 – „“ \u00a0 \u00ad \u200d", "[31m", ""])
def test_all_else_stays(text: str) -> None:
    assert safe(text) == text


def test_one_line_has_single_spaces_and_no_ends() -> None:
    assert one_line("  a \t\n\n b\u00a0\u2003c  ") == "a b c"
    assert one_line(" \n ") == ""
