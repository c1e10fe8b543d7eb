"""The reading order of a page's lines.

PDFs draw text in reading order nearly always, columns included, and that order is better than one guessed from places.
So it is only changed where it can't be right: where lines that stand one below the other are drawn in another order,
and where two columns are drawn row by row.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from briefqa.corpus.pdf.lines import merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.corpus.pdf.lines import Line, Page

# Two columns are columns of prose, not a table's, with this many lines each, of this many characters, that fill this
# share of their column, and with few lines that run across the gutter.
_FEWEST_LINES = 4
_MOST_LINES = 2_000  # of a page, whatever it is
_FEWEST_CHARACTERS = 15
_FILLED = 0.6
_MOST_ACROSS = 0.4
# Their gutter lies in this part of the text's width.
_MIDDLE = (0.3, 0.7)
# They are drawn row by row where the drawing changes sides this often, by the shorter column's lines.
_SWITCHES = 0.8


def in_reading_order(page: Page) -> list[Line]:
    """The lines of a page as they are read, the parts of each put together."""
    lines = page.lines
    gutter = _gutter(lines)
    if gutter is not None and _row_by_row(lines, gutter):
        return merged(_by_column(lines, gutter))
    whole = merged(lines)
    ordered = sorted(whole, key=lambda line: -line.top)
    one_below_the_other = all(upper.middle > lower.top for upper, lower in pairwise(ordered))
    return ordered if one_below_the_other else whole


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where the space between two columns of prose lies, if there are two."""
    if not 2 * _FEWEST_LINES <= len(lines) <= _MOST_LINES:
        return None
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    lowest, highest = (left + share * (right - left) for share in _MIDDLE)
    best: tuple[int, float] | None = None
    for place in sorted({line.left - 1 for line in lines if lowest <= line.left <= highest}):
        across = sum(1 for line in lines if line.left < place < line.right)
        if best is None or across < best[0]:
            best = across, place
    if best is None or best[0] > _MOST_ACROSS * len(lines):
        return None
    place = best[1]
    columns = [line for line in lines if line.right <= place], [line for line in lines if line.left >= place]
    return place if all(map(_is_prose, columns)) else None


def _is_prose(column: Sequence[Line]) -> bool:
    if len(column) < _FEWEST_LINES:
        return False
    width = max(line.right for line in column) - min(line.left for line in column)
    return (
        median(line.right - line.left for line in column) >= _FILLED * width
        and median(len(line.text) for line in column) >= _FEWEST_CHARACTERS
    )


def _side(line: Line, gutter: float) -> int:
    """-1 for a line left of the gutter, 1 for one right of it, 0 for one across it."""
    return -1 if line.right <= gutter else 1 if line.left >= gutter else 0


def _row_by_row(lines: Sequence[Line], gutter: float) -> bool:
    sides = [side for line in lines if (side := _side(line, gutter))]
    switches = sum(1 for first, second in pairwise(sides) if first != second)
    return switches > _SWITCHES * min(sides.count(-1), sides.count(1))


def _by_column(lines: Sequence[Line], gutter: float) -> list[Line]:
    """The lines from top to bottom, between any two that run across the gutter the left column's first."""
    ordered: list[Line] = []
    columns: tuple[list[Line], list[Line]] = ([], [])
    for line in sorted(lines, key=lambda line: (-round(line.middle), line.left)):
        side = _side(line, gutter)
        if side:
            columns[side > 0].append(line)
            continue
        ordered += [*columns[0], *columns[1], line]
        columns = ([], [])
    return [*ordered, *columns[0], *columns[1]]
