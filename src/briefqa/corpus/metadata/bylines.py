"""Lines that name an article's authors: "By Ann Smith and Bob Jones, Staff Writers", "Von Ann Smith"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefqa.corpus.metadata.vocabulary import MONTHS, NO_NAME, PARTICLES, plain
from briefqa.corpus.metadata.written_dates import written_dates

if TYPE_CHECKING:
    from briefqa.corpus.metadata.lines import Line

_LONGEST = 160
_MOST_WORDS = 5
_BY = re.compile(
    r"(?:(?:story|written|posted|reported|published|text|words)\s+by|by|von|par|por|authors?\s*:|autore?n?\s*:|auteur\s*:"
    r"|text\s*:|автор\s*:|автор|yazan\s*:|yazar\s*:)\s+(?P<names>\S.*)",
    re.IGNORECASE,
)
_REPORTS = re.compile(r"(?P<names>\S.{2,80}?)\s+reports?\.?", re.IGNORECASE)
# What ends the names: a bar, a bullet, a bracket, a handle, a word about publication, an address.
_END = re.compile(
    r"\s*(?:[|•·/(\[@<;:]|\s[-–—]\s|\b(?:published|posted|updated|publiziert|veröffentlicht|publié|for)\b)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|und|et|y|e|и|ve)\s+|\s*&\s*")
_WORD = re.compile(r"(?:[^\W\d_]|['’.-])+")
_RUN_TOGETHER = re.compile(r"[^\W\d_]{3}[a-z][A-Z]")
_INITIAL = re.compile(r"[^\W\d_]\.?")


def authors_of(line: Line, language: str | None) -> tuple[str, ...]:
    """The authors that `line` names, as it writes them; none for a line that is more than a byline."""
    in_a_sentence = line.goes_on and line.text[0].islower()
    if line.listed or in_a_sentence or line.place == "end" or len(line.text) > _LONGEST:
        return ()
    match = _BY.fullmatch(line.text) or _REPORTS.fullmatch(line.text)
    if match is None:
        return ()
    names = match["names"]
    dates = written_dates(names, language)
    names = names[: dates[0].start] if dates else names
    end = _END.search(names)
    return _authors(names[: end.start()] if end else names)


def _authors(names: str) -> tuple[str, ...]:
    """Names joined by commas and an "and"; what follows a last comma, a role or an office, is none."""
    *most, last = _AND.split(names.strip(" ,.:"))
    listed = [name for piece in most for name in piece.split(",")] if most else []
    found = [name.strip(" ,") for name in (*listed, last.split(",")[0])]
    return tuple(found) if all(map(_is_name, found)) else ()


def _is_name(name: str) -> bool:
    """Two to five words in title case; particles may be small, but for the first. All capitals are one, too."""
    words = name.split()
    if not 2 <= len(words) <= _MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        return False
    if any(plain(word.strip(".")) in NO_NAME or plain(word.strip(".")) in MONTHS for word in words):
        return False
    if (
        len(set(words)) < len(words)
        or re.search(r"['’]s(?: |$)", name)
        or any(_RUN_TOGETHER.search(word) for word in words)
    ):
        return False
    if not words[0][0].isupper() or not words[-1][0].isupper() or _INITIAL.fullmatch(words[-1]):
        return False
    return all(word[0].isupper() or word.casefold() in PARTICLES or "-" in word for word in words)
