"""The lines of a PDF page: its characters, put together by where PDFium says they stand."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from briefqa.corpus.characters import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdfium2 import PdfPage, PdfTextPage

# What PDFium gives for a hyphen at which a line ends.
_LINE_END_HYPHEN = 0x02
# A gap between two characters of a line above this share of its height parts two cells or columns.
_GAP = 0.9
# Characters stand on one line where the lower of them shares this much of its height with the other.
_OVERLAP = 0.4
_QUARTER_TURN = math.pi / 2
_SIZES_TO_A_POINT = 2

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points, from the lower left corner of the page as it is read."""
_Placed = tuple[str, Box, float]
"""A character, where it stands, and its size."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the part of one up to a wide gap (`row` is the same for all parts of a line; put together again it
    has `parts`). `size` is that of its type, in points."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    page: int
    row: int
    parts: int = 1

    @property
    def middle(self) -> float:
        """The height at which it stands."""
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines in the order in which they are drawn, and its edges."""

    number: int
    lines: tuple[Line, ...]
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class _Character:
    value: str
    box: Box
    size: float
    turns: int  # quarter turns, counter-clockwise, away from upright
    after_break: bool


def read_page(page: PdfPage, text: PdfTextPage, number: int) -> Page:
    """The lines of a page, `text` being its characters."""
    characters = list(_characters(text))
    shown = [character.turns for character in characters if not character.value.isspace()]
    turns = Counter(shown).most_common(1)[0][0] if shown else 0
    lines: list[Line] = []
    for row, members in enumerate(_rows(characters, turns)):
        for part in _parts(members):
            line = _line(part, number, row)
            if line is not None:
                lines.append(line)
    _, bottom, _, top = _turned(page.get_bbox(), turns)
    return Page(number, tuple(lines), bottom, top)


def merged(lines: Sequence[Line]) -> list[Line]:
    """`lines` with the parts of a line that follow each other put together again."""
    whole: list[Line] = []
    for line in lines:
        if whole and whole[-1].row == line.row and whole[-1].page == line.page:
            first = whole[-1]
            longer = first if len(first.text) >= len(line.text) else line
            whole[-1] = replace(
                first,
                text=f"{first.text} {line.text}",
                left=min(first.left, line.left),
                bottom=min(first.bottom, line.bottom),
                right=max(first.right, line.right),
                top=max(first.top, line.top),
                size=longer.size,
                parts=first.parts + line.parts,
            )
        else:
            whole.append(line)
    return whole


def _characters(text: PdfTextPage) -> Iterator[_Character]:
    raw = text.raw
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    box_here, matrix_here = ctypes.byref(box), ctypes.byref(matrix)
    after_break = False
    high = 0
    for place in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, place)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            if not high:
                continue
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        value = "-" if code == _LINE_END_HYPHEN else chr(code) if code <= 0x10FFFF else "\ufffd"
        if value in "\r\n":
            after_break = True
            continue
        if code == 0 or not pdfium.FPDFText_GetLooseCharBox(raw, place, box_here):
            continue
        size = pdfium.FPDFText_GetFontSize(raw, place)
        if pdfium.FPDFText_GetMatrix(raw, place, matrix_here):
            size *= math.hypot(matrix.c, matrix.d)
        turns = -round(pdfium.FPDFText_GetCharAngle(raw, place) / _QUARTER_TURN) % 4  # PDFium counts clockwise
        yield _Character(value, (box.left, box.bottom, box.right, box.top), size, turns, after_break)
        after_break = after_break and value.isspace()


def _rows(characters: Sequence[_Character], turns: int) -> Iterator[list[_Placed]]:
    """The characters by line, each with its place as the page is read. Those that are turned away from the page's
    direction (a note up its margin) make lines of their own, broken where PDFium breaks them."""
    row: list[_Placed] = []
    last: _Character | None = None
    around: Box | None = None  # of the last character that is no space
    for character in characters:
        box = _turned(character.box, turns)
        if character.value.isspace():
            row.append((" ", box, character.size))
            continue
        turned = character.turns != turns
        if last is not None and around is not None:
            apart = last.turns != character.turns or (
                character.after_break if turned else _apart(around, box, after_break=character.after_break)
            )
            if apart:
                yield row
                row = []
        row.append((character.value, box, character.size))
        last, around = character, box
    yield row


def _apart(first: Box, second: Box, *, after_break: bool) -> bool:
    shared = min(first[3], second[3]) - max(first[1], second[1])
    lower = min(first[3] - first[1], second[3] - second[1])
    if lower > 0 and shared < _OVERLAP * lower:
        return True
    return after_break and second[0] < first[0]  # not without a break: some scripts run to the left


def _parts(row: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    part: list[_Placed] = []
    around: Box | None = None
    for value, box, size in row:
        if value != " ":
            if around is not None:
                gap = max(box[0] - around[2], around[0] - box[2])
                if gap > _GAP * max(box[3] - box[1], around[3] - around[1]):
                    yield part
                    part = []
            around = box
        part.append((value, box, size))
    yield part


def _line(part: Sequence[_Placed], page: int, row: int) -> Line | None:
    text = tidy("".join(value for value, _, _ in part))
    shown = [(box, round(size * _SIZES_TO_A_POINT) / _SIZES_TO_A_POINT) for value, box, size in part if value != " "]
    if not text or not shown:
        return None
    size = Counter(size for _, size in shown).most_common(1)[0][0]
    usual = next(box for box, its_size in shown if its_size == size)  # a raised figure moves no line
    left, right = min(box[0] for box, _ in shown), max(box[2] for box, _ in shown)
    return Line(text, left, usual[1], right, usual[3], size, page, row)


def _turned(box: Box, turns: int) -> Box:
    """`box` as it stands when a page whose text runs `turns` quarter turns counter-clockwise is turned back."""
    left, bottom, right, top = box
    if turns == 1:
        return bottom, -right, top, -left
    if turns == 2:
        return -right, -top, -left, -bottom
    if turns == 3:
        return -top, left, -bottom, right
    return box


def pairs_down(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Each line with the one after it, where that stands below it on the same page and shares some of its width."""
    for first, second in pairwise(lines):
        if below(first, second):
            yield first, second


def below(first: Line, second: Line) -> bool:
    """Whether `second` stands below `first` in one column."""
    return (
        first.page == second.page
        and second.bottom < first.bottom
        and min(first.right, second.right) > max(first.left, second.left)
    )
