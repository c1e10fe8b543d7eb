"""What a reader sees of a page: its blocks of text, in order, and the text that they make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

Kind = Literal["paragraph", "heading", "item", "row", "caption"]

_UNSEEN = frozenset((
    "audio", "base", "button", "canvas", "datalist", "embed", "head", "iframe", "input", "link", "map", "math",
    "meta", "noscript", "object", "option", "rp", "script", "select", "style", "svg", "template", "textarea",
    "title", "video",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "noframes", "ol", "p",
    "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# Soft hyphens and what has no width: not to be seen, and in the way of whoever looks for a word.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LINE = "\u2028"
"""Stands for a line break while white space is folded."""
_LONG_CELL = 200


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A paragraph, heading, list item, row of a table or caption: its text, how much of that is links (0 to 1), and
    the element that holds it. Items of a list and rows of a table share a `group`."""

    kind: Kind
    text: str
    linked: float
    element: HtmlElement
    group: HtmlElement | None = None


class _Gathering:
    """Blocks so far, and the pieces of the next one."""

    def __init__(self, root: HtmlElement) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.links = 0
        self.linked = 0
        self.lists: list[HtmlElement] = []
        self.item: HtmlElement | None = None
        self.open: list[HtmlElement] = [root]

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            if self.links:
                self.linked += _letters(text)

    def close(self) -> None:
        text = _folded("".join(self.pieces))
        if text:
            element = self.open[-1]
            kind: Kind = "paragraph"
            group = None
            if self.item is not None and self.lists:
                kind, group, self.item = "item", self.lists[0], None
            elif element.tag in _HEADINGS:
                kind = "heading"
            elif element.tag == "figcaption":
                kind = "caption"
            share = self.linked / max(1, _letters(text))
            self.blocks.append(Block(kind, text, min(1.0, share), element, group))
        self.pieces.clear()
        self.linked = 0


def blocks_of(root: HtmlElement) -> list[Block]:
    """The blocks of text below `root` that a reader sees, in the order of the page."""
    gathering = _Gathering(root)
    walker = etree.iterwalk(root, events=("start", "end"))
    skipped: HtmlElement | None = None
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if _is_unseen(element):
                skipped = element
            elif tag == "table" and _holds_data(element):
                gathering.close()
                gathering.blocks += _rows(element)
                skipped = element
            if skipped is element:
                walker.skip_subtree()
            else:
                _start(gathering, element)
            continue
        if skipped is element:
            skipped = None
        else:
            _end(gathering, element)
        if element is not root:
            gathering.add(element.tail)
    gathering.close()
    return gathering.blocks


def text_of(blocks: Iterable[Block]) -> str:
    """The blocks as a document's text: a blank line between paragraphs, a line for each list item and table row."""
    pieces: list[str] = []
    before: Block | None = None
    for block in blocks:
        if before is not None:
            pieces.append("\n" if block.group is not None and block.group is before.group else "\n\n")
        pieces.append(line_of(block))
        before = block
    return "".join(pieces)


def line_of(block: Block) -> str:
    """The block as it stands in a document's text."""
    return f"- {block.text}" if block.kind == "item" else block.text


def _start(gathering: _Gathering, element: HtmlElement) -> None:
    tag = element.tag
    if tag == "br":
        gathering.pieces.append(_LINE)
    elif tag in _BLOCKS:
        gathering.close()
        gathering.open.append(element)
        if tag in _LISTS:
            gathering.lists.append(element)
        elif tag == "li":
            gathering.item = element
    elif tag == "a":
        gathering.links += 1
    if tag == "pre" and element.text:
        gathering.add(element.text.replace("\n", _LINE))
    else:
        gathering.add(element.text)


def _end(gathering: _Gathering, element: HtmlElement) -> None:
    tag = element.tag
    if tag in _BLOCKS:
        gathering.close()
        gathering.open.pop()
        if tag in _LISTS:
            gathering.lists.pop()
        if tag in _LISTS or tag == "li":
            gathering.item = None
    elif tag == "a":
        gathering.links -= 1


def _is_unseen(element: HtmlElement) -> bool:
    return (
        not isinstance(element.tag, str)
        or element.tag in _UNSEEN
        or "hidden" in element.attrib
        or _HIDDEN.search(element.get("style", "")) is not None
    )


def _holds_data(table: HtmlElement) -> bool:
    """Whether a table is one of values, not there for the page's layout."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    wide = 0
    for element in table.iterdescendants("tr", "td", "th"):
        if element.tag == "tr":
            wide += sum(1 for cell in element if cell.tag in ("td", "th")) > 1
        elif len(_seen(element)) > _LONG_CELL:
            return False
    return wide > 1


def _rows(table: HtmlElement) -> list[Block]:
    rows = []
    for row in table.iterdescendants("caption", "tr"):
        cells = [row] if row.tag == "caption" else [cell for cell in row if cell.tag in ("td", "th")]
        text = " | ".join(filter(None, map(_seen, cells)))
        if text:
            linked = sum(_letters(_seen(link)) for link in row.iterdescendants("a"))
            rows.append(Block("row", text, min(1.0, linked / max(1, _letters(text))), row, table))
    return rows


def _seen(element: HtmlElement) -> str:
    """An element's text on one line."""
    pieces = [element.text or ""]
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walker:
        if inner is element:
            continue
        if event == "start" and _is_unseen(inner):
            walker.skip_subtree()
        elif event == "start":
            pieces.append(f" {inner.text or ''}" if inner.tag in _BLOCKS or inner.tag == "br" else inner.text or "")
        else:
            pieces.append(f" {inner.tail or ''}" if inner.tag in _BLOCKS else inner.tail or "")
    return " ".join("".join(pieces).translate(_INVISIBLE).split())


def _folded(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.translate(_INVISIBLE).split(_LINE))
    return re.sub(r"\n\n+", "\n\n", "\n".join(lines).strip())


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
