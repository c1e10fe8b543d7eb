"""Sentence boundaries, by sentencex (rules from many languages' Wikipedias; it keeps hard-wrapped lines together)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sentencex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.types import Span

_HEADING_LINE = re.compile(r"^[ \t]*#{1,6}[ \t][^\n]*(?:\n|\Z)", re.MULTILINE)
_LIST_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S|[ \t]*\|)")
_LEADING_MARK = re.compile(r"[ \t\n]*(?:(?:[-*+•>|]|\d{1,3}[.)])[ \t]+)*")


def tiles(text: str, language: str = "en") -> list[Span]:
    """Spans that cover `text` without gap or overlap, each a sentence with the white space around it."""
    found = sentencex.get_sentence_boundaries(language, text)
    cuts = {0, len(text)}
    cuts.update(boundary["start_index"] for boundary in found)
    for heading in _HEADING_LINE.finditer(text):
        cuts.update(heading.span())
    cuts.update(item.end() for item in _LIST_ITEM.finditer(text))
    ordered = sorted(cuts)
    return list(zip(ordered, ordered[1:], strict=False))


def sentences(text: str, language: str = "en") -> list[Span]:
    """Spans of the sentences that can be quoted: trimmed, without headings and list marks, in order."""
    return list(_trimmed(text, language))


def _trimmed(text: str, language: str) -> Iterator[Span]:
    for start, end in tiles(text, language):
        if _HEADING_LINE.match(text, start, end):
            continue
        mark = _LEADING_MARK.match(text, start, end)
        first = mark.end() if mark else start
        last = first + len(text[first:end].rstrip())
        if any(character.isalnum() for character in text[first:last]):
            yield first, last
