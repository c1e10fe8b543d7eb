"""Where a part of a document stands: its lines and its pages.

A map is a tuple of (offset, number), rising from offset 0: from that offset of the text on, that number holds. A line's
number goes up at every newline, too; a page's does not.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.types import Document, Span

Map = tuple[tuple[int, int], ...]

FROM_THE_TOP: Map = ((0, 1),)
"""The lines of a text that is its file's from the first line on."""
_MOST_ALIKE = 8  # passages whose ids are the same by chance


def lines_of(document: Document, start: int, end: int) -> Span:
    """The first and the last line of `document.text[start:end]`, from 1."""
    return line_at(document.text, document.line_map, start), line_at(
        document.text, document.line_map, max(start, end - 1)
    )


def line_at(text: str, line_map: Map, offset: int) -> int:
    """The line that the character at `offset` stands on."""
    start, number = _entry(line_map, offset)
    return number + text.count("\n", start, offset)


def passage_id(document_id: str, start: int, text: str) -> str:
    """12 hexadecimal digits for the passage `text`, which begins at `start` in its document."""
    return hashlib.sha256(f"{document_id}\0{start}\0{text}".encode()).hexdigest()[:12]


def next_id(identity: str) -> str:
    """The id that a passage gets when another one has this one: 48 bits are not always enough."""
    return hashlib.sha256(identity.encode()).hexdigest()[:12]


def is_passage_id(identity: str, document_id: str, start: int, text: str) -> bool:
    """Whether a passage can have this id."""
    expected = passage_id(document_id, start, text)
    for _ in range(_MOST_ALIKE):
        if expected == identity:
            return True
        expected = next_id(expected)
    return False


class Lines:
    """The lines of a text that is asked about often."""

    def __init__(self, text: str, line_map: Map) -> None:
        self._map = line_map
        self._newlines = [match.start() for match in re.finditer("\n", text)]

    def of(self, start: int, end: int) -> Span:
        """The first and the last line of `text[start:end]`, as `lines_of` gives them."""
        return self._at(start), self._at(max(start, end - 1))

    def _at(self, offset: int) -> int:
        start, number = _entry(self._map, offset)
        return number + bisect_left(self._newlines, offset) - bisect_left(self._newlines, start)


def file_of(document: Document) -> str:
    """The path of the file that holds the document, alone or among others."""
    return document.path.removesuffix(f"#{document.part}") if document.part else document.path


def page_at(document: Document, offset: int) -> int | None:
    """The page that the character at `offset` stands on, from 1; None for a document without pages."""
    return _entry(document.page_map, offset)[1] if document.page_map else None


def _entry(mapped: Map, offset: int) -> tuple[int, int]:
    return mapped[max(0, bisect_right(mapped, offset, key=lambda entry: entry[0]) - 1)]
