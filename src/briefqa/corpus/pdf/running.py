"""Running heads and feet: lines that stand at the same place at the top or bottom of page after page."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.corpus.pdf.lines import Line

# Heads and feet stand in this share of a page's height, among this many lines at its edge.
_MARGIN = 0.15
_OUTERMOST = 3
# They stand apart from the text: the next line is further off than this multiple of the size of type.
_APART = 1.6
# They stand at the same height to this many points, and on this many pages, or on all where there are two.
_SAME_HEIGHT = 3.0
_FEWEST_PAGES = 3
_NUMBER = re.compile(r"\d+")
_WORDS_ABOUT_PAGES = re.compile(r"\b(?:page|p|of|seite|von|de|sur|p[aá]g(?:ina)?)\b|\W", re.IGNORECASE)
_ROMAN = re.compile(r"(?=[mdclxvi])(?:m*)(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: Line
    at_top: bool
    height: float  # from the edge
    rank: int  # from the edge, 0 the outermost
    gap: float  # to the next line from the edge

    @property
    def numbers(self) -> set[int]:
        """The numbers that may be the page's: the first and the last in it."""
        found = [int(number[:9]) for number in _NUMBER.findall(self.line.text)]
        text = self.line.text.strip("-–— .[]()").lower()
        if not found and text and _ROMAN.fullmatch(text):
            return {_roman(text)}
        return {found[0], found[-1]} if found else set()

    @property
    def pattern(self) -> str:
        """Its text without its numbers."""
        text = _NUMBER.sub("#", self.line.text).lower()
        return "#" if not _WORDS_ABOUT_PAGES.sub("", text.replace("#", "")) or _ROMAN.fullmatch(text) else text


def running_lines(pages: Sequence[tuple[Sequence[Line], float, float]]) -> set[Line]:
    """The running heads and feet and page numbers of pages, each given as its lines, bottom and top edge.

    A line is one if its text, numbers aside, stands at the same height of three pages at least, or of both where there
    are two, apart from other text; if it is only a number, that must rise with the pages. Where the page numbers are
    known, a line at the same height that begins or ends with its page's number is one, too.
    """
    candidates = [candidate for lines, bottom, top in pages for candidate in _candidates(lines, bottom, top)]
    fewest = min(_FEWEST_PAGES, max(2, len(pages)))
    groups: dict[tuple[bool, str], list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.at_top, candidate.pattern].append(candidate)
    found: list[_Candidate] = []
    for (_, pattern), group in groups.items():
        level = [candidate for candidate in group if _level(candidate, group)]
        if pattern == "#":
            level = _in_step(level, fewest)
        if len({candidate.line.page for candidate in level}) >= fewest:
            found += level
    steps = Counter(number - entry.line.page for entry in found for number in entry.numbers)
    sure = {step for step, pages_in_step in steps.items() if pages_in_step >= _FEWEST_PAGES}
    heights = {(entry.at_top, round(entry.height)) for entry in found}
    known = {entry.line for entry in found}
    for entry in candidates:
        beside = any((entry.at_top, round(entry.height) + shift) in heights for shift in (-2, -1, 0, 1, 2))
        if entry.line not in known and beside and any(number - entry.line.page in sure for number in entry.numbers):
            found.append(entry)
    return _outermost(found)


def _candidates(lines: Sequence[Line], bottom: float, top: float) -> Iterator[_Candidate]:
    margin = _MARGIN * (top - bottom)
    by_height = sorted(lines, key=lambda line: -line.middle)
    for at_top, inwards in ((True, by_height), (False, by_height[::-1])):
        for rank, line in enumerate(inwards[:_OUTERMOST]):
            height = top - line.middle if at_top else line.middle - bottom
            gap = abs(inwards[rank + 1].middle - line.middle) if rank + 1 < len(inwards) else math.inf
            if height <= margin:
                yield _Candidate(line, at_top, height, rank, gap)


def _level(candidate: _Candidate, group: Sequence[_Candidate]) -> bool:
    return abs(candidate.height - median(entry.height for entry in group)) <= _SAME_HEIGHT


def _in_step(group: Sequence[_Candidate], fewest: int) -> list[_Candidate]:
    """Those whose number is the page's, give or take where the count begins, as it is on enough of the pages."""
    steps = Counter(number - entry.line.page for entry in group for number in entry.numbers)
    common = {step for step, count in steps.items() if count >= fewest}
    return [entry for entry in group if any(number - entry.line.page in common for number in entry.numbers)]


def _outermost(found: Sequence[_Candidate]) -> set[Line]:
    """Those with nothing but heads or feet between them and the edge, down to the last that stands apart."""
    edges: dict[tuple[int, bool], dict[int, _Candidate]] = defaultdict(dict)
    for entry in found:
        edges[entry.line.page, entry.at_top][entry.rank] = entry
    kept: set[Line] = set()
    for edge in edges.values():
        unbroken = [edge[rank] for rank in range(_OUTERMOST) if edge.keys() >= set(range(rank + 1))]
        apart = [entry.rank for entry in unbroken if entry.gap > _APART * entry.line.size]
        kept |= {entry.line for entry in unbroken if apart and entry.rank <= apart[-1]}
    return kept


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )
