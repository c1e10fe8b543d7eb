"""Word files (.docx, Office Open XML): the text that a reader sees, in document order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.characters import tidy
from briefqa.corpus.office.blocks import LINE, PAGE, Blocks
from briefqa.corpus.office.parts import attribute, child, local, read_parts
from briefqa.corpus.properties import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_BODY = "word/document.xml"
_STYLES = "word/styles.xml"
_NOTES = {"footnoteReference": "word/footnotes.xml", "endnoteReference": "word/endnotes.xml"}
_PROPERTIES = "docProps/core.xml"
# Elements whose text is no reader's: what a tracked change took away, the code of fields, a picture's data, comments,
# how a word is spoken, and the second version of what AlternateContent holds.
_LEFT_OUT = frozenset(("del", "moveFrom", "instrText", "delText", "Fallback", "rt", "pPr", "rPr", "sectPr", "tblPr"))
_CHARACTERS = {"tab": " ", "cr": LINE, "noBreakHyphen": "-", "ptab": " "}
_OFF = ("0", "false", "off")


def load_docx(data: bytes, options: LoadOptions) -> list[Article]:
    """The text of a Word file. Pages are known where Word wrote where they ended when it last showed the file. Raises
    ValueError for a file that is no Word file, is broken or encrypted, or has no text."""
    parts = read_parts(data, {_BODY, _STYLES, *_NOTES.values(), _PROPERTIES})
    body = child(parts.get(_BODY), "body")
    if body is None:
        raise ValueError(f"it is no Word file: it has no {_BODY}")
    reader = _Reader(_styles(parts.get(_STYLES)), {name: _notes(parts.get(part)) for name, part in _NOTES.items()})
    try:
        reader.read(body)
    except RecursionError as error:
        raise ValueError("it is nested too deep to be read") from error
    text, page_map = reader.blocks.text()
    if not text:
        raise ValueError("it has no text")
    article = _with_properties(Article(text, page_map=page_map, lines_of="text"), parts.get(_PROPERTIES))
    if article.title is None and reader.title:
        article = replace(article, title=reader.title, found_in={**article.found_in, "title": "Title style"})
    return [article]


@dataclass(frozen=True, slots=True)
class _Style:
    name: str = ""
    is_list: bool = False


@dataclass(slots=True)
class _Reader:
    styles: dict[str, _Style]
    notes: dict[str, dict[str, etree._Element]]
    blocks: Blocks = field(default_factory=Blocks)
    title: str | None = None
    _tables: int = 0

    def read(self, container: etree._Element) -> None:
        """Adds the paragraphs and tables in an element, and in what holds such without being one."""
        for element in container:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name == "lastRenderedPageBreak":
                self.blocks.add(PAGE)
            elif name not in _LEFT_OUT:
                self.read(element)

    def _paragraph(self, paragraph: etree._Element) -> None:
        boxes: list[etree._Element] = []
        text = self._text(paragraph, boxes)
        properties = child(paragraph, "pPr")
        style_of = child(properties, "pStyle")
        style = self.styles.get(attribute(style_of, "val") or "", _Style()) if style_of is not None else _Style()
        if style.name == "title" and self.title is None:
            self.title = tidy(text.replace(PAGE, "").replace(LINE, " ")) or None
        numbering = child(properties, "numPr", "numId")
        numbered = style.is_list if numbering is None else attribute(numbering, "val") != "0"
        is_item = numbered and not style.name.startswith(("heading", "title"))
        self.blocks.add(text, "item" if is_item else "paragraph")
        for box in boxes:
            self.read(box)

    def _table(self, table: etree._Element) -> None:
        self._tables += 1
        group = self._tables
        for row in _rows(table):
            cells = [LINE.join(self._cell(cell)) for cell in _cells(row)]
            text = " | ".join(flat for cell in cells if tidy((flat := cell.replace(LINE, " ")).replace(PAGE, "")))
            self.blocks.add(text, "row", group)

    def _cell(self, cell: etree._Element) -> Iterator[str]:
        """The text of each paragraph in a cell; that of tables in it, too."""
        for element in cell:
            name = local(element)
            if name == "p":
                boxes: list[etree._Element] = []
                yield self._text(element, boxes)
                for box in boxes:
                    yield from self._cell(box)
            elif name not in _LEFT_OUT:
                yield from self._cell(element)

    def _text(self, element: etree._Element, boxes: list[etree._Element]) -> str:
        """The text in a paragraph or run. Text boxes are put aside, notes handed on."""
        pieces: list[str] = []
        for inner in element:
            name = local(inner)
            if name == "t":
                pieces.append((inner.text or "").replace(PAGE, ""))
            elif name == "lastRenderedPageBreak":
                pieces.append(PAGE)
            elif name == "br":
                pieces.append(" " if attribute(inner, "type") in ("page", "column") else LINE)
            elif name in _CHARACTERS:
                pieces.append(_CHARACTERS[name])
            elif name == "txbxContent":
                boxes.append(inner)
            elif name in self.notes:
                self._note(self.notes[name].get(attribute(inner, "id") or ""))
            elif name not in _LEFT_OUT and not _is_hidden(inner):
                pieces.append(self._text(inner, boxes))
        return "".join(pieces)

    def _note(self, note: etree._Element | None) -> None:
        if note is not None:
            self.blocks.add_note(LINE.join(self._cell(note)))


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        name = local(element)
        if name == "tr":
            if child(element, "trPr", "del") is None:
                yield element
        elif name not in _LEFT_OUT:
            yield from _rows(element)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        name = local(element)
        if name == "tc":
            yield element
        elif name not in _LEFT_OUT:
            yield from _cells(element)


def _is_hidden(run: etree._Element) -> bool:
    mark = child(run, "rPr", "vanish")
    return mark is not None and attribute(mark, "val") not in _OFF


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    """The styles by id: their name in lower case, and whether they, or what they are based on, make a list."""
    found: dict[str, etree._Element] = {}
    for style in root if root is not None else ():
        identifier = attribute(style, "styleId")
        if local(style) == "style" and identifier is not None:
            found[identifier] = style
    return {identifier: _style(style, found) for identifier, style in found.items()}


def _style(style: etree._Element, found: dict[str, etree._Element]) -> _Style:
    named = child(style, "name")
    name = (attribute(named, "val") or "").lower() if named is not None else ""
    seen: list[etree._Element] = []
    while style not in seen:
        seen.append(style)
        if child(style, "pPr", "numPr") is not None:
            return _Style(name, is_list=True)
        based_on = child(style, "basedOn")
        style = found.get(attribute(based_on, "val") or "", style) if based_on is not None else style
    return _Style(name)


def _notes(root: etree._Element | None) -> dict[str, etree._Element]:
    """Notes by id; not the lines that part notes from the text, which are kept among them."""
    return {
        identifier: note
        for note in (root if root is not None else ())
        if attribute(note, "type") in (None, "normal") and (identifier := attribute(note, "id")) is not None
    }


def _with_properties(article: Article, root: etree._Element | None) -> Article:
    if root is None:
        return article
    values = {local(element): element.text for element in root}
    return described(
        article,
        "Word properties",
        title=values.get("title"),
        authors=values.get("creator"),
        language=values.get("language"),
        tags=[values.get("keywords") or ""],
        created=values.get("created"),
        modified=values.get("modified"),
    )
