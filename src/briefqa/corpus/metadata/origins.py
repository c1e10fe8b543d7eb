"""Lines that say where an article is from: "Source: Reuters", "Link: https://example.org/a", an address alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.corpus.metadata.lines import Line

_ADDRESS = re.compile(
    r"(?:(?:url|link|permalink|source|original|web|quelle)\s*:\s*)?<?(?P<url>https?://[^\s<>\"]+)>?", re.I
)
_SOURCE = re.compile(
    r"(?:source|quelle|fuente|fonte|источник|kaynak)\s*:\s*(?P<source>[^\s:][^:;|]{1,58})", re.IGNORECASE
)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}")
_MOST_WORDS = 5


def address_of(line: Line) -> str | None:
    """The address that stands in `line` alone, or behind a label."""
    match = _ADDRESS.fullmatch(line.text)
    return match["url"] if match else None


def source_of(line: Line) -> str | None:
    """What `line` names as the source: a domain, or a few words with capitals; no figures, which a chart's source
    has."""
    match = _SOURCE.fullmatch(line.text)
    if match is None:
        return None
    source = match["source"].strip(" .")
    if _DOMAIN.fullmatch(source):
        return source
    words = source.split()
    named = len(words) <= _MOST_WORDS and source[0].isupper() and not re.search(r"[\d,]", source)
    return source if named and line.place != "far" else None
