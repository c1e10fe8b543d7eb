"""Bytes of a page to a tree of elements, by what the page says of its encoding and, failing that, by what fits.

The parser is libxml2's for HTML: it takes anything, loads nothing, and knows no entities but HTML's own.
"""

from __future__ import annotations

import codecs
import re
from html import unescape
from itertools import islice

from lxml import etree, html

from briefqa.corpus.decoding import decode

LARGEST_PAGE = 20_000_000
MOST_ELEMENTS = 500_000

TOO_DEEP = "its elements are nested too deep to be read whole, so text is missing"

_HEAD = 4096
_DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What browsers read under a name, where Python reads less.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
_XML_PROLOGUE = re.compile(r"\A\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)?", re.IGNORECASE)
_XHTML = re.compile(r"<html\s[^>]*?\bxmlns\s*=", re.IGNORECASE)
_ENTITY = re.compile(r"&(\w+);")
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))
_FEW_BROKEN = 0.001
_NO_TEXT = re.compile(r"[\0-\x08\x0b\x0e-\x1f\x7f]")


def decode_page(data: bytes, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The page's text and warnings. `charset` is what is said of it from outside, as in a header of mail.

    A byte order mark decides, then UTF-8 if all of it is, then `charset`, then what the page declares, then a guess.
    Raises ValueError for an empty page, one over LARGEST_PAGE bytes, and what is no text.
    """
    if len(data) > LARGEST_PAGE:
        raise ValueError(f"it is over {LARGEST_PAGE // 1_000_000} MB, too large for a page")
    if not data.strip():
        raise ValueError("it is empty")
    if not data.startswith(_MARKS):
        declared = _DECLARED.search(data, 0, _HEAD)
        names = ("utf-8", charset, declared[1].decode("ascii", "replace") if declared else None)
        for name in filter(None, names):
            if (encoding := _known(name)) and (text := _strictly(data, encoding)) is not None:
                return _lines(text), ()
        if any(name and _known(name) == "utf-8" for name in names[1:]):
            text = data.decode("utf-8", "replace")
            broken = text.count("\N{REPLACEMENT CHARACTER}")
            if broken <= max(1, _FEW_BROKEN * len(text)):
                return _lines(text), (
                    f"its UTF-8 is broken in {broken} place{'s'[: broken != 1]}, where characters are lost",
                )
    text, guess = decode(data)
    if guess is None:
        return text, ()
    return text, (f"it does not say its encoding and was read as {guess}, which is a guess: look at its accents",)


def parse(page: str) -> tuple[html.HtmlElement, tuple[str, ...]]:
    """The page as a tree under its <html>, without comments, and warnings. XHTML that is well-formed is read as what
    it is, all else as HTML. Raises ValueError when nothing is in it."""
    page = _XML_PROLOGUE.sub("", _NO_TEXT.sub(" ", page))
    tree = _parsed_as_xml(page) if _XHTML.search(page, 0, _HEAD) else None
    warnings: tuple[str, ...] = ()
    if tree is None:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        try:
            tree = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
        except (etree.LxmlError, AssertionError) as error:
            raise ValueError("it is HTML without any text") from error
        if any("depth" in entry.message.lower() for entry in parser.error_log):
            warnings = (TOO_DEEP,)
    if sum(1 for _ in islice(tree.iter(), MOST_ELEMENTS + 1)) > MOST_ELEMENTS:
        raise ValueError(f"it has over {MOST_ELEMENTS:,} elements, too many for a page")
    return tree, warnings


def parse_xml(data: str | bytes) -> etree._Element:
    """XML without entities of its own, document types and network. Raises ValueError for what is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(data.encode("utf-8", "replace") if isinstance(data, str) else data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError("it holds XML that is not well-formed") from error


def _parsed_as_xml(page: str) -> html.HtmlElement | None:
    """Only so is <title/> an empty title, not the start of one that holds the page."""
    plain = _ENTITY.sub(_character, page)
    parser = html.XHTMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = html.document_fromstring(plain.encode("utf-8", "replace"), parser=parser)
        html.xhtml_to_html(tree)
    except (etree.LxmlError, AssertionError, ValueError):
        return None
    return tree if tree.tag == "html" else None


def _character(entity: re.Match[str]) -> str:
    """HTML's own entities, which XML does not know, as characters."""
    return entity[0] if entity[1] in _OF_XML else unescape(entity[0])


def _known(name: str) -> str | None:
    """Python's name of an encoding that a page may be in; UTF-16 in ASCII letters can only mean UTF-8."""
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not known._is_text_encoding or known.name in ("idna", "punycode", "unicode_escape", "raw_unicode_escape"):
        return None
    return "utf-8" if known.name.startswith(("utf-16", "utf-32", "utf-7")) else _WIDER.get(known.name, known.name)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeError, ValueError):
        return None
    if "\0" in text:
        raise ValueError("it looks like a binary file, not like text")
    return text


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
