"""A text as the units that are kept or cut: lines, or the hard-wrapped lines of a paragraph together."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONG_LINE = 400
"""No line above this is looked at for words of a page's furniture."""
_MARKUP = re.compile(r"!\[[^\]\n]{0,200}\]\([^()\n]{0,500}\)|(?<=\])\([^()\n]{0,500}\)")
_EDGES = re.compile(r"\A[\W_]+|[\W_]+\Z")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?\u3002\uff01\uff1f\u0964\u061f][\"'”’»)\]*_\d]*\Z")
_CUT_OFF = re.compile(r"(?:…|\.\.\.)[\"'”’»)\]]*\Z")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_LISTED = re.compile(r"\s*(?:[-*+•·>|]|\d{1,3}[.)])\s")
# Wrapped lines go on in small letters; a list's begin with capitals or digits.
_GOING_ON = 0.3


@dataclass(frozen=True)
class Unit:
    """The lines from `first` to before `last`, counted from 0, at text[start:end], the last newline with them; `apart`
    when blank lines, or the text's ends, stand on both sides."""

    text: str
    start: int
    end: int
    first: int
    last: int
    apart: bool
    code: bool = False

    @cached_property
    def plain(self) -> str:
        """In small letters, without what marks lists, headings and links, and with single spaces; "" for a long one."""
        if len(self.text) > LONG_LINE:
            return ""
        shown = _MARKUP.sub("", self.text)
        return _SPACE.sub(" ", _EDGES.sub("", shown)).replace("’", "'").casefold()

    @cached_property
    def same(self) -> str:
        """What two copies of a unit have in common: small letters and single spaces."""
        return _SPACE.sub(" ", unicodedata.normalize("NFKC", self.text)).strip().casefold()

    @cached_property
    def words(self) -> int:
        """How many there are; in scripts without spaces, one for two characters."""
        found = len(_WORD.findall(self.text))
        wide = sum(
            1 for character in self.text if "\u3040" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3"
        )
        return max(found, wide // 2)

    @property
    def is_cut_off(self) -> bool:
        """Whether it ends in dots, as teasers do."""
        return bool(_CUT_OFF.search(self.text.rstrip()[-8:]))

    @property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        ending = self.text.rstrip()[-8:]
        return bool(_SENTENCE_END.search(ending)) and not _CUT_OFF.search(ending)

    @property
    def is_set_in(self) -> bool:
        """Whether it is code, or indented, as programs' texts are and a browser's copies are not."""
        return self.code or self.text.startswith(("  ", "\t"))

    @property
    def is_field(self) -> bool:
        """Whether it ends as a field's name does."""
        return self.text.rstrip().endswith(":")

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table: mostly numbers."""
        cells = self.text.split()
        return len(cells) >= 4 and 2 * sum(1 for cell in cells if cell[0].isdigit()) >= len(cells)

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading in Markdown."""
        return self.text.startswith("#")

    @property
    def is_marked(self) -> bool:
        """Whether it is marked up, as an entry of a list or as a heading."""
        return self.is_listed or self.is_heading

    @property
    def is_listed(self) -> bool:
        """Whether it begins as an entry of a list or a table does."""
        return bool(_LISTED.match(self.text))


def units(text: str) -> list[Unit]:
    """The units of `text`, in order; blank lines are no unit's. Fenced code is a unit with the fences."""
    return [unit for block in _blocks(text) for unit in _units_of(block)]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    end: int
    number: int


def _blocks(text: str) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    fenced = False
    offset = 0
    for number, line in enumerate(text.split("\n")):
        end = min(len(text), offset + len(line) + 1)
        fence = bool(_FENCE.match(line))
        if line.strip() or (fenced and block):
            block.append(_Line(line, offset, end, number))
        elif block:
            yield block
            block = []
        fenced ^= fence
        offset += len(line) + 1
    while block and not block[-1].text.strip():
        block.pop()
    if block:
        yield block


def _units_of(block: Sequence[_Line]) -> Iterator[Unit]:
    if any(_FENCE.match(line.text) for line in block):
        yield _joined(block, apart=True, code=True)
    elif len(block) > 1 and _is_wrapped(block):
        yield _joined(block, apart=True)
    else:
        for line in block:
            yield _joined([line], apart=len(block) == 1)


def _is_wrapped(block: Sequence[_Line]) -> bool:
    going_on = sum(1 for line in block[1:] if line.text.lstrip()[:1].islower() and not _LISTED.match(line.text))
    return going_on >= max(1, _GOING_ON * (len(block) - 1))


def _joined(lines: Sequence[_Line], *, apart: bool, code: bool = False) -> Unit:
    return Unit(
        text="\n".join(line.text for line in lines),
        start=lines[0].start,
        end=lines[-1].end,
        first=lines[0].number,
        last=lines[-1].number + 1,
        apart=apart,
        code=code,
    )
