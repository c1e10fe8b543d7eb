"""Web pages as plain text, as a browser's clipboard gives them: the whole visible page, in document order."""

from __future__ import annotations

import re

import lxml.html
from lxml.etree import _Element

HIDDEN = frozenset({
    "audio", "canvas", "datalist", "embed", "head", "iframe", "input", "link", "math", "meta", "noscript", "object",
    "option", "script", "select", "style", "svg", "template", "textarea", "title", "video",
})  # fmt: skip
APART = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p"})
"""Elements that a browser sets apart by a blank line when it copies text."""
BLOCKS = frozenset({
    *APART, "address", "article", "aside", "blockquote", "body", "button", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "li",
    "main", "menu", "nav", "ol", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
CELLS = frozenset({"td", "th"})
_LINE = "\x1e"
_BLANK = "\x1d"
_NOT_SHOWN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")


def flatten(page: bytes) -> str:
    """The text of the page's body: block elements on lines of their own, paragraphs and headings between blank lines,
    with no scripts, styles, forms' fields and what is marked as hidden."""
    parser = lxml.html.HTMLParser(encoding=_encoding(page))
    body = lxml.html.document_fromstring(page, parser=parser).find("body")
    pieces: list[str] = []
    if body is not None:
        _walk(body, pieces)
    lines = [_SPACE.sub(" ", line).strip(" ") for line in "".join(pieces).split(_LINE)]
    shown: list[str] = []
    for line in lines:
        if line == _BLANK:
            shown += [""] if shown and shown[-1] else []
        elif line:
            shown.append(line)
    return "\n".join(shown).strip("\n") + "\n"


def _walk(element: _Element, pieces: list[str]) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag == "br":
        pieces.append(_LINE)
    elif tag and tag not in HIDDEN and not _is_hidden(element):
        around = f"{_LINE}{_BLANK}{_LINE}" if tag in APART else _LINE if tag in BLOCKS else " " if tag in CELLS else ""
        pieces += [around, element.text or ""]
        for child in element:
            _walk(child, pieces)
        pieces.append(around)
    pieces.append(element.tail or "")


def _is_hidden(element: _Element) -> bool:
    return element.get("hidden") is not None or bool(_NOT_SHOWN.search(element.get("style") or ""))


def _encoding(page: bytes) -> str:
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        declared = re.search(rb"charset=[\"']?([\w-]+)", page[:4096])
        return declared[1].decode() if declared else "cp1252"
    return "utf-8"
