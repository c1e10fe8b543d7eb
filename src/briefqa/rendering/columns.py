"""Text of documents and question sets in columns of a terminal."""

from __future__ import annotations

import textwrap
import unicodedata
from bisect import bisect_right
from itertools import accumulate

from briefqa.rendering.escape import one_line

WIDTH = 80
FEW = 30
"""Fewer questions than this show little: what is said of them is `FEW_NOTE`."""
FEW_NOTE = f"Fewer than {FEW} questions: the intervals are wide, and small differences mean nothing."


def clip(text: str, width: int) -> str:
    """`text` escaped, on one line, and cut with an ellipsis where it would take more than `width` columns."""
    text = one_line(text)
    ends = list(accumulate(columns(letter) for letter in text))
    if not ends or ends[-1] <= width:
        return text
    return text[: bisect_right(ends, width - 1)].rstrip() + "…"


def padded(text: str, width: int) -> str:
    """`text` and so many spaces that it takes `width` columns."""
    return text + " " * (width - columns(text))


def wrapped(text: str, *, indent: int = 0) -> list[str]:
    """`text`, escaped, as lines of at most 80 columns behind `indent` spaces."""
    lines = textwrap.wrap(one_line(text), WIDTH - indent)
    return [" " * indent + clip(line, WIDTH - indent) for line in lines]


def columns(text: str) -> int:
    """Terminal columns: wide characters take two, combining and invisible ones none."""
    return sum(
        0 if unicodedata.category(letter) in {"Mn", "Me", "Cf"} else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )
