"""Links that open a web page at a quote, by the text directives of WICG's "URL Fragment Text Directives"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encoded

if TYPE_CHECKING:
    from briefqa.types import Document

DIRECTIVE = ":~:"

_WHOLE_WORDS = 12
"""A longer quote is told by its first and its last words."""
_EDGE_WORDS = 5
# A browser finds words within one block of a page: a line break and a cell's border are where another begins.
_BORDER = re.compile(r"\s*\n\s*(?:- )?|\s+\|\s+")


def quote_link(document: Document, quote: str) -> str | None:
    """The document's address with a directive that has a browser scroll to `quote` and mark it; None for a document
    that is not from the web and a quote without words. A fragment that the address has is kept."""
    url = document.url
    if url is None or not re.match(r"https?://\S+\Z", url, re.IGNORECASE) or not any(map(str.isalnum, quote)):
        return None
    pieces = [words for piece in _BORDER.split(quote.strip().removeprefix("- ")) if (words := piece.split())]
    if len(pieces) == 1 and len(pieces[0]) <= _WHOLE_WORDS:
        text = _encoded(pieces[0])
    else:
        start, end = _edges(document.text, quote, pieces[0], pieces[-1], one_block=len(pieces) == 1)
        text = f"{_encoded(start)},{_encoded(end)}"
    address, _, fragment = url.partition("#")
    kept = fragment.partition(DIRECTIVE)[0]
    return f"{address}#{kept}{DIRECTIVE}text={text}"


def _edges(text: str, quote: str, first: list[str], last: list[str], *, one_block: bool) -> tuple[list[str], list[str]]:
    """The fewest first and last words, at least _EDGE_WORDS, by which a browser that looks for the first place of
    each, the last ones after the first ones, finds the quote and no other place."""
    plain = " ".join(text.split())
    whole = " ".join(quote.split())
    at = plain.find(whole)
    most = len(first) // 2 if one_block else len(first)
    count = min(_EDGE_WORDS, most)
    while count < most and at >= 0 and plain.find(" ".join(first[:count])) != at:
        count += 1
    start = first[:count]
    rest = len(last) - count if one_block else len(last)
    tail = min(_EDGE_WORDS, rest)
    after = at + len(" ".join(start))
    while tail < rest and at >= 0:
        end = " ".join(last[-tail:])
        if plain.find(end, after) == at + len(whole) - len(end):
            break
        tail += 1
    return start, last[-tail:]


def _encoded(words: list[str]) -> str:
    """Percent-encoded, with the characters that part a directive: a hyphen, too, which other encoders leave."""
    return percent_encoded(" ".join(words), safe="", errors="replace").replace("-", "%2D")
