"""How terminal text is set: its width, and escape sequences if the reader's terminal takes them."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from briefqa.addresses import file_of, page_at
from briefqa.analysis import content_tokens, tokens
from briefqa.fragments import quote_link
from briefqa.rendering.escape import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.types import Document, Span


class Style(NamedTuple):
    """`color` allows ANSI sequences, `links` OSC 8 hyperlinks; `width` is in columns."""

    color: bool = False
    links: bool = False
    width: int = 80

    def bold(self, text: str) -> str:
        """`text` set off."""
        return f"\x1b[1m{text}\x1b[22m" if self.color else text

    def dim(self, text: str) -> str:
        """`text` set back."""
        return f"\x1b[2m{text}\x1b[22m" if self.color else text

    def accent(self, text: str) -> str:
        """`text` in the colour of markers and ids."""
        return f"\x1b[36m{text}\x1b[39m" if self.color else text

    def match(self, text: str) -> str:
        """A word of the question found in an article."""
        return f"\x1b[1;33m{text}\x1b[22;39m" if self.color else text

    def link(self, text: str, document: Document) -> str:
        """`text` as a link to the document's file."""
        return self._linked(text, Path(file_of(document)).absolute().as_uri()) if self.links else text

    def page_link(self, text: str, document: Document, quote: str) -> str:
        """`text` as a link that opens the document's web page at the quote; "" where there is none to be had."""
        address = quote_link(document, quote) if self.links else None
        return self._linked(text, address) if address else ""

    def _linked(self, text: str, address: str) -> str:
        safe = address.encode("ascii", "ignore").decode()
        return f"\x1b]8;;{''.join(mark for mark in safe if mark.isprintable())}\x1b\\{text}\x1b]8;;\x1b\\"


def paragraph(text: str, style: Style, *, indent: int, question: str = "", language: str | None = None) -> list[str]:
    """`text`, in `language`, as indented lines of at most the style's width; words that the question shares are set
    off."""
    flat = one_line(text)
    spans = _shared(flat, question, language) if style.color and question else []
    lines = []
    place = 0
    for line in textwrap.wrap(flat, max(20, style.width - indent), break_on_hyphens=False, drop_whitespace=True):
        start = flat.index(line, place)
        place = start + len(line)
        lines.append(" " * indent + "".join(_set_off(line, start, spans, style)))
    return lines


def headline(document: Document, style: Style, *, lead: str, indent: int) -> list[str]:
    """The document's heading, set off, behind `lead`; further lines are indented by `indent`, the lead's width."""
    lines = textwrap.wrap(heading(document), max(20, style.width - indent), break_on_hyphens=False)
    return [(" " * indent if number else lead) + style.bold(line) for number, line in enumerate(lines)]


def count(number: int, noun: str) -> str:
    """A number of things, with the plural where it belongs."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def heading(document: Document) -> str:
    """Title, source or authors, and date of a document, as far as they are known."""
    publisher = document.source or ", ".join(document.authors)
    parts = (document.title or document.key, publisher, document.published)
    return " · ".join(one_line(part) for part in parts if part)


def place(document: Document, lines: tuple[int, int], start: int) -> str:
    """The path with the line or lines, as editors take it; for a file that has no lines, the page that the text at
    offset `start` stands on, or the lines of its text as `briefqa show` numbers them."""
    first, last = lines
    page = page_at(document, start)
    if page is not None:
        return f"{one_line(document.path)}, page {page}"
    if document.lines_of == "text":
        return f"{one_line(document.path)}, {line_range(lines)} of its text"
    return f"{one_line(document.path)}:{first}" + (f"-{last}" if last != first else "")


def line_range(lines: tuple[int, int]) -> str:
    """The lines in words."""
    first, last = lines
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _shared(text: str, question: str, language: str | None) -> list[Span]:
    asked = {token.term for token in content_tokens(question, language)}
    return [(token.start, token.end) for token in tokens(text, language) if token.term in asked]


def _set_off(line: str, start: int, spans: list[Span], style: Style) -> Iterator[str]:
    done = 0
    for first, last in spans:
        if start <= first and last <= start + len(line):
            yield line[done : first - start]
            yield style.match(line[first - start : last - start])
            done = last - start
    yield line[done:]
