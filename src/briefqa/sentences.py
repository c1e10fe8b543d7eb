"""Sentence boundaries, by sentencex (rules from many languages' Wikipedias; it keeps hard-wrapped lines together)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import sentencex

from briefqa.languages import ENGLISH, base_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.types import Span

_HEADING_LINE = re.compile(r"^[ \t]*#{1,6}[ \t][^\n]*(?:\n|\Z)", re.MULTILINE)
_LIST_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S|[ \t]*\|)")
_EMPHASIS = re.compile(r"\*\*|__")
_OPENING_EMPHASIS = re.compile(r"(?:\*\*|__)\s*")
_LEADING_MARK = re.compile(r"\s*(?:(?:[-*+•>|]|\d{1,3}[.)])[ \t]+)*")


def tiles(text: str, language: str | None = None) -> list[Span]:
    """Spans that cover `text` without gap or overlap, each a sentence with the white space around it. Sentences end as
    they do in `language`, a code of ISO 639-1, or in English where it is not known."""
    found = sentencex.get_sentence_boundaries(base_code(language) or ENGLISH, text)
    cuts = {0, len(text)}
    cuts.update(boundary["start_index"] for boundary in found)
    for heading in _HEADING_LINE.finditer(text):
        cuts.difference_update(range(heading.start() + 1, heading.end()))
        cuts.update(heading.span())
    cuts.update(item.end() for item in _LIST_ITEM.finditer(text))
    ordered = sorted(cuts)
    return list(pairwise(ordered))


def sentences(text: str, language: str | None = None) -> list[Span]:
    """Spans of the sentences that can be quoted: trimmed, without headings and list marks, in order."""
    return list(_trimmed(text, language))


def _trimmed(text: str, language: str | None) -> Iterator[Span]:
    for start, end in tiles(text, language):
        if _HEADING_LINE.match(text, start, end):
            continue
        first, last = _without_marks(text, start, end)
        if any(character.isalnum() for character in text[first:last]):
            yield first, last


def _without_marks(text: str, start: int, end: int) -> Span:
    """Where the words of a tile stand: without list and table marks, and without half of a pair of emphasis marks."""
    leading = _LEADING_MARK.match(text, start, end)
    first = leading.end() if leading else start
    last = _trimmed_end(text, first, end)
    if last > first and text[last - 1] == "|":
        last = _trimmed_end(text, first, last - 1)
    if len(_EMPHASIS.findall(text, first, last)) % 2:
        opening = _OPENING_EMPHASIS.match(text, first, last)
        if opening:
            first = opening.end()
        elif _EMPHASIS.fullmatch(text, max(first, last - 2), last):
            last = _trimmed_end(text, first, last - 2)
    return first, last


def _trimmed_end(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())
