"""OpenDocument texts (.odt, as LibreOffice writes them): the text that a reader sees, in document order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml import etree

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.characters import tidy
from briefqa.corpus.office.blocks import LINE, PAGE, Blocks
from briefqa.corpus.office.parts import attribute, child, local, read_parts
from briefqa.corpus.properties import described

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTENT = "content.xml"
_META = "meta.xml"
_MANIFEST = "META-INF/manifest.xml"
# Elements whose text is no reader's: what was deleted, comments, a note's number, how a word is spoken, forms, scripts.
_LEFT_OUT = frozenset(("tracked-changes", "annotation", "note-citation", "ruby-text", "forms", "script"))
_OF_PICTURES = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
_CHARACTERS = {"s": " ", "tab": " ", "line-break": LINE, "soft-page-break": PAGE}
_TITLE_STYLE = "Title"


def load_odt(data: bytes, options: LoadOptions) -> list[Article]:
    """The text of an OpenDocument text. Pages are known where the program wrote where they ended. Raises ValueError for
    a file that is none, is broken or encrypted, or has no text."""
    manifest = read_parts(data, {_MANIFEST}).get(_MANIFEST)
    if manifest is not None and any(local(element) == "encryption-data" for element in manifest.iter()):
        raise ValueError("it is encrypted: save it without its password first")
    parts = read_parts(data, {_CONTENT, _META})
    body = child(parts.get(_CONTENT), "body", "text")
    if body is None:
        raise ValueError(f"it is no OpenDocument text: it has no {_CONTENT} with a text")
    reader = _Reader()
    try:
        reader.read(body)
    except RecursionError as error:
        raise ValueError("it is nested too deep to be read") from error
    text, page_map = reader.blocks.text()
    if not text:
        raise ValueError("it has no text")
    article = _with_properties(Article(text, page_map=page_map, lines_of="text"), parts.get(_META))
    if article.title is None and reader.title:
        article = replace(article, title=reader.title, found_in={**article.found_in, "title": "Title style"})
    return [article]


@dataclass(slots=True)
class _Reader:
    blocks: Blocks = field(default_factory=Blocks)
    title: str | None = None
    _groups: int = 0

    def read(self, container: etree._Element) -> None:
        """Adds the paragraphs, lists and tables in an element, and in what holds such without being one."""
        for element in container:
            name = local(element)
            if name in ("p", "h"):
                self._paragraph(element)
            elif name == "list":
                self._groups += 1
                self._list(element, self._groups)
            elif name == "table":
                self._groups += 1
                self._table(element, self._groups)
            elif name == "soft-page-break":
                self.blocks.add(PAGE)
            elif _is_read(element):
                self.read(element)

    def _paragraph(self, paragraph: etree._Element) -> None:
        boxes: list[etree._Element] = []
        text = self._text(paragraph, boxes)
        if self.title is None and attribute(paragraph, "style-name") == _TITLE_STYLE:
            self.title = tidy(text.replace(PAGE, "").replace(LINE, " ")) or None
        self.blocks.add(text)
        for box in boxes:
            self.read(box)

    def _list(self, container: etree._Element, group: int) -> None:
        """A list of headings is no list; the paragraphs of an item are one line."""
        for item in container:
            if local(item) == "soft-page-break":
                self.blocks.add(PAGE)
            if local(item) not in ("list-item", "list-header"):
                continue
            boxes: list[etree._Element] = []
            text: list[str] = []
            for element in item:
                name = local(element)
                if name == "p":
                    text.append(self._text(element, boxes))
                elif name == "list":
                    self.blocks.add(" ".join(text), "item", group)
                    text.clear()
                    self._list(element, group)
                elif name == "h":
                    self._paragraph(element)
                elif name == "soft-page-break":
                    text.append(PAGE)
            self.blocks.add(" ".join(text), "item", group)
            for box in boxes:
                self.read(box)

    def _table(self, table: etree._Element, group: int) -> None:
        for row in _rows(table):
            if local(row) == "soft-page-break":
                self.blocks.add(PAGE)
                continue
            cells = [" ".join(self._inside(cell)) for cell in row if local(cell) == "table-cell"]
            self.blocks.add(" | ".join(cell for cell in cells if tidy(cell.replace(PAGE, ""))), "row", group)

    def _inside(self, element: etree._Element) -> Iterator[str]:
        """The text of each paragraph in a cell or note, on one line."""
        for inner in element:
            if local(inner) in ("p", "h"):
                boxes: list[etree._Element] = []
                yield self._text(inner, boxes).replace(LINE, " ")
                for box in boxes:
                    yield from self._inside(box)
            elif _is_read(inner):
                yield from self._inside(inner)

    def _text(self, element: etree._Element, boxes: list[etree._Element]) -> str:
        """The text in a paragraph or span. Text boxes are put aside, notes handed on."""
        pieces = [element.text or ""]
        for inner in element:
            name = local(inner)
            if name in _CHARACTERS:
                pieces.append(_CHARACTERS[name])
            elif name == "note":
                body = child(inner, "note-body")
                if body is not None:
                    self.blocks.add_note(" ".join(self._inside(body)))
            elif name == "text-box":
                boxes.append(inner)
            elif _is_read(inner):
                pieces.append(self._text(inner, boxes))
            pieces.append((inner.tail or "").replace(PAGE, ""))
        return "".join(pieces)


def _is_read(element: etree._Element) -> bool:
    name = etree.QName(element) if isinstance(element.tag, str) else None
    return name is not None and name.localname not in _LEFT_OUT and name.namespace != _OF_PICTURES


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, and the page breaks between them."""
    for element in table:
        name = local(element)
        if name in ("table-row", "soft-page-break"):
            yield element
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(element)


def _with_properties(article: Article, root: etree._Element | None) -> Article:
    meta = child(root, "meta")
    if meta is None:
        return article
    values = {local(element): element.text for element in meta}
    return described(
        article,
        "OpenDocument properties",
        title=values.get("title"),
        authors=values.get("initial-creator") or values.get("creator"),
        language=values.get("language"),
        tags=[element.text or "" for element in meta if local(element) == "keyword"],
        created=values.get("creation-date"),
        modified=values.get("date"),
    )
