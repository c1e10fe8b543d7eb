"""The XML parts of a word processor's file, read without trusting them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from briefqa.corpus.unpacking import members

if TYPE_CHECKING:
    from collections.abc import Collection

LARGEST_PART = 50_000_000
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_parts(data: bytes, names: Collection[str]) -> dict[str, etree._Element]:
    """The root of each named part that is there. Raises ValueError for what is no zip, and for a part that is broken,
    larger than LARGEST_PART, or has a document type: no word processor writes one, and entities need it."""
    if data.startswith(_OLD_FORMAT):
        raise ValueError("it is encrypted, or a file of an older format: save it anew without a password")
    return {name: _parsed(name, content) for name, content in members(data, lambda name: name in names)}


def _parsed(name: str, content: bytes) -> etree._Element:
    if len(content) > LARGEST_PART:
        raise ValueError(f"its {name} is larger than {LARGEST_PART // 1_000_000} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"its {name} is broken") from error
    if root.getroottree().docinfo.doctype:
        raise ValueError(f"its {name} has a document type, which is not allowed there")
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace; "" for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without its namespace."""
    for key, value in element.attrib.items():
        if etree.QName(key).localname == name:
            return str(value)
    return None


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at a path of names without namespaces."""
    for name in path:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element
