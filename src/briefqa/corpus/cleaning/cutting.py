"""An article without some of its units: what stays keeps its lines, and what went stands in the cuts."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from briefqa.addresses import FROM_THE_TOP
from briefqa.corpus.article import keep
from briefqa.types import Cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.corpus.article import Article
    from briefqa.corpus.cleaning.units import Unit
    from briefqa.types import Span


def cut_out(article: Article, units: Sequence[Unit], reasons: Sequence[str | None]) -> Article:
    """`article` without the units that have a reason. Neighbours that go for the same reason are one cut, and a blank
    line stands where something was. The same article when nothing goes, or nothing would stay."""
    if not any(reasons) or all(reasons):
        return article
    cuts = [_cut(article, units[first], units[last - 1], reason) for first, last, reason in _runs(reasons) if reason]
    cleaned = keep(article, _kept(article.text, units, reasons), cuts)
    return replace(cleaned, line_map=FROM_THE_TOP) if article.lines_of == "text" else cleaned


def _runs(reasons: Sequence[str | None]) -> list[tuple[int, int, str | None]]:
    runs: list[tuple[int, int, str | None]] = []
    for place, reason in enumerate(reasons):
        if runs and runs[-1][2] == reason:
            runs[-1] = (runs[-1][0], place + 1, reason)
        else:
            runs.append((place, place + 1, reason))
    return runs


def _kept(text: str, units: Sequence[Unit], reasons: Sequence[str | None]) -> list[Span]:
    """What stays, from the first line of a run of units to the end of its last, or to the text's own ends. After a cut
    it begins with the newline before it: the blank line that keeps sentences apart."""
    spans: list[Span] = []
    for first, last, is_kept in _runs([None if reason else "kept" for reason in reasons]):
        if is_kept:
            start = units[first].start - (1 if spans else 0) if first else 0
            end = units[last - 1].end if last < len(units) else len(text)
            spans.append((start, end))
    return spans


def _cut(article: Article, first: Unit, last: Unit, reason: str) -> Cut:
    text = article.text[first.start : last.end].removesuffix("\n")
    if article.lines_of == "text":
        return Cut(text, reason, None)
    return Cut(text, reason, (_line(article, first.start, first.first), _line(article, last.start, last.last - 1)))


def _line(article: Article, start: int, number: int) -> int:
    """The file's line of line `number`, counted from 0, of the text, of a unit that starts at `start`."""
    offset, line = article.line_map[max(0, bisect_right(article.line_map, start, key=lambda entry: entry[0]) - 1)]
    return line + number - article.text.count("\n", 0, offset)
