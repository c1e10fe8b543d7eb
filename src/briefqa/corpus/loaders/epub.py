"""E-books (EPUB 2 and 3): all chapters, in reading order, as one document."""

from __future__ import annotations

from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.markup.dates import iso_date
from briefqa.corpus.markup.parsing import decode_page, parse, parse_xml
from briefqa.corpus.markup.properties import MOST_TAGS, language_code
from briefqa.corpus.markup.visible import blocks_of, text_of
from briefqa.corpus.unpacking import members

if TYPE_CHECKING:
    from lxml.etree import _Element

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"

_PAGES = (".xhtml", ".html", ".htm", ".xml", ".opf")
_MEDIA = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")


class _Chapter(NamedTuple):
    name: str
    is_contents: bool


def load_epub(data: bytes, options: LoadOptions) -> list[Article]:
    """The book as one article, its table of contents left out. Raises ValueError for what is no e-book, is protected
    against reading or has no text."""
    files = dict(members(data, lambda name: name.lower().endswith(_PAGES)))
    name = _package_name(files)
    package = parse_xml(files[name])
    chapters = _chapters(package, dirname(name))
    locked = _encrypted(files)
    if any(chapter.name in locked for chapter in chapters):
        raise ValueError("it is protected against copying (DRM), so its text can't be read")
    texts, warnings = [], []
    for chapter in chapters:
        if chapter.name not in files:
            warnings.append(f"its chapter {chapter.name!r} is missing")
        elif not chapter.is_contents:
            text, doubts = _text(files[chapter.name], chapter.name)
            texts.append(text)
            warnings += doubts
    text = "\n\n".join(filter(None, texts))
    if not text:
        raise ValueError("it is an e-book without text")
    return [_described(package, text, tuple(warnings))]


def _package_name(files: dict[str, bytes]) -> str:
    if CONTAINER not in files:
        raise ValueError("it is no e-book: it has no META-INF/container.xml")
    names = [normpath(unquote(root.get("full-path", ""))) for root in parse_xml(files[CONTAINER]).iter("{*}rootfile")]
    found = next((name for name in names if name in files), None)
    if found is None:
        raise ValueError("it is no e-book: it does not list its contents")
    return found


def _chapters(package: _Element, folder: str) -> list[_Chapter]:
    """The pages of the spine, each once."""
    manifest = {item.get("id"): item for item in package.iter("{*}item")}
    contents = {
        _place(folder, reference.get("href"))
        for reference in package.iter("{*}reference")
        if reference.get("type", "").lower() == "toc"
    }
    chapters = {}
    for reference in package.iter("{*}itemref"):
        item = manifest.get(reference.get("idref"))
        if item is not None and item.get("media-type", _MEDIA[0]) in _MEDIA:
            name = _place(folder, item.get("href"))
            is_contents = "nav" in item.get("properties", "").split() or name in contents
            chapters[name] = _Chapter(name, is_contents)
    return list(chapters.values())


def _place(folder: str, href: str | None) -> str:
    return normpath(join(folder, unquote((href or "").split("#")[0])))


def _encrypted(files: dict[str, bytes]) -> set[str]:
    if ENCRYPTION not in files:
        return set()
    references = parse_xml(files[ENCRYPTION]).iter("{*}CipherReference")
    return {normpath(unquote(reference.get("URI", ""))) for reference in references}


def _text(data: bytes, name: str) -> tuple[str, list[str]]:
    if not data.strip():
        return "", []
    try:
        page, doubts = decode_page(data)
        tree, warnings = parse(page)
    except ValueError as error:
        return "", [f"its chapter {name!r} can't be read: {error}"]
    return text_of(blocks_of(tree)), [*doubts, *warnings]


def _described(package: _Element, text: str, warnings: tuple[str, ...]) -> Article:
    """The article with what its package says of it in Dublin Core; without a better day, a date without a purpose is
    that of publishing."""
    dates = {_purpose(entry): iso_date(_said(entry)) for entry in reversed(list(package.iter("{*}date")))}
    modified = [entry for entry in package.iter("{*}meta") if entry.get("property") == "dcterms:modified"]
    found = {
        "title": next(iter(_all(package, "title")), None),
        "authors": tuple(_all(package, "creator")),
        "source": next(iter(_all(package, "publisher")), None),
        "published": dates.get("publication") or dates.get("original-publication") or dates.get(""),
        "updated": dates.get("modification") or next((iso_date(_said(entry)) for entry in modified), None),
        "language": next((language_code(value) for value in _all(package, "language")), None),
        "tags": tuple(_all(package, "subject"))[:MOST_TAGS],
    }
    known = {name: value for name, value in found.items() if value}
    return Article(
        text=text,
        lines_of="text",
        **known,  # type: ignore[arg-type]
        found_in=dict.fromkeys(known, "EPUB metadata"),
        warnings=warnings,
    )


def _purpose(entry: _Element) -> str:
    return next((value for name, value in entry.attrib.items() if str(name).endswith("event")), "")


def _all(package: _Element, name: str) -> list[str]:
    values = (_said(entry) for entry in package.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}"))
    return list(dict.fromkeys(filter(None, values)))


def _said(entry: _Element) -> str:
    return " ".join("".join(map(str, entry.itertext())).split())
