"""The text of a record, which may be HTML."""

from __future__ import annotations

import re

from lxml import etree, html

from briefqa.corpus.characters import tidy

_TAG = re.compile(
    r"</?(?:p|div|br|h[1-6]|ul|ol|li|blockquote|table|tr|td|a|b|i|em|strong|span|img|figure)\b[^<>]*>", re.I
)
_BLOCK_TAG = re.compile(r"</(?:p|div|h[1-6]|li|blockquote|tr)\s*>|<br\s*/?>|<p(?: [^<>]*)?>", re.I)
_FEWEST_TAGS = 2
_ANY_TAG = re.compile(r"<[^<>]*>")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section",
    "table", "ul",
))  # fmt: skip
_LINES = {"br": "\n", "li": "\n- ", "tr": "\n"}
_UNSEEN = frozenset(("head", "iframe", "noscript", "object", "script", "style", "svg", "template", "title"))
_BLANK_LINES = re.compile(r"\n\s*\n")


def body_of(text: str) -> str:
    """`text` as the text of an article: of HTML what a reader sees, else itself, each paragraph's lines tidied."""
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    if _BLOCK_TAG.search(text) and len(_TAG.findall(text)) >= _FEWEST_TAGS:
        text = _seen(text)
    paragraphs = ("\n".join(filter(None, map(tidy, part.split("\n")))) for part in _BLANK_LINES.split(text))
    return "\n\n".join(filter(None, paragraphs))


def _seen(text: str) -> str:
    parser = html.HTMLParser(huge_tree=True)
    try:
        root = html.fragment_fromstring(_NO_TEXT.sub("", text), create_parent="div", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _ANY_TAG.sub(" ", text)
    if any("depth" in entry.message.lower() for entry in parser.error_log):  # text is lost where it is that deep
        return _ANY_TAG.sub(" ", text)
    pieces: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        mark = "\n\n" if tag in _BLOCKS else " | " if tag in ("td", "th") and element.getnext() is not None else ""
        if event == "start":
            if not isinstance(tag, str) or tag in _UNSEEN:
                walker.skip_subtree()
                continue
            pieces += [_LINES.get(tag, "" if mark == " | " else mark), _flat(element.text, tag)]
        else:
            pieces += [mark, _flat(element.tail, "")]
    return "".join(pieces)


def _flat(text: str | None, tag: str) -> str:
    return (text or "") if tag == "pre" else re.sub(r"\s+", " ", text or "")
