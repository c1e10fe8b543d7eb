"""Blocks of text, and the text and pages that they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from briefqa.corpus.characters import tidy

if TYPE_CHECKING:
    from briefqa.addresses import Map

PAGE = "\ufdd0"
"""Stands in a block's text where a page begins; a noncharacter of Unicode, so no text holds it."""
LINE = "\u2028"
"""Stands in a block's text where a line breaks."""

Kind = Literal["paragraph", "item", "row"]


@dataclass(slots=True)
class Blocks:
    """Text by blocks: paragraphs parted by a blank line, items of a list and rows of a table a line each."""

    pieces: list[str] = field(default_factory=list)
    page_map: list[tuple[int, int]] = field(default_factory=list)
    _length: int = 0
    _page: int = 1
    _kind: Kind | None = None
    _group: int = 0
    _notes: list[str] = field(default_factory=list)
    _coming: list[str] = field(default_factory=list)

    def add(self, text: str, kind: Kind = "paragraph", group: int = 0) -> None:
        """Adds a block, `text` with its marks of pages and lines. Items and rows of one `group` stand together, and
        notes come after them."""
        together = kind != "paragraph" and (kind, group) == (self._kind, self._group)
        if not together:
            self._add_notes()
        self._add(text, "\n" if together else "\n\n", "- " if kind == "item" else "", kind, group)
        self._notes += self._coming
        self._coming.clear()

    def add_note(self, text: str) -> None:
        """Adds a note, to come as a paragraph of its own after the block that is added next."""
        self._coming.append(text)

    def text(self) -> tuple[str, Map]:
        """The text, and its pages if a page break was among it."""
        self._add_notes()
        return "".join(self.pieces), tuple(self.page_map) if self._page > 1 else ()

    def _add_notes(self) -> None:
        for note in self._notes:
            self._add(note, "\n\n", "", "paragraph", 0)
        self._notes.clear()

    def _add(self, text: str, between: str, mark: str, kind: Kind, group: int) -> None:
        lines = [line for raw in text.split(LINE) if (line := tidy(raw))]
        if not any(line.strip(f"{PAGE} ") for line in lines):
            self._page += text.count(PAGE)
            return
        pending = (between if self.pieces else "") + mark
        for line in lines:
            first = True
            for number, part in enumerate(line.split(PAGE)):
                self._page += number > 0
                if first or self.pieces[-1].endswith(" "):
                    part = part.lstrip()
                if not part:
                    continue
                self._put(pending)
                pending = ""
                if not self.page_map or self.page_map[-1][1] != self._page:
                    self.page_map.append((self._length, self._page))
                self._put(part)
                first = False
            if not first:
                if self.pieces[-1].endswith(" "):
                    self.pieces[-1] = self.pieces[-1][:-1]
                    self._length -= 1
                pending = "\n"
        self._kind, self._group = kind, group

    def _put(self, piece: str) -> None:
        self.pieces.append(piece)
        self._length += len(piece)
