"""Reads an article file into documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.corpus.article import LoadOptions
from briefqa.corpus.formats import loader_for
from briefqa.types import Document

if TYPE_CHECKING:
    from briefqa.corpus.article import Article
    from briefqa.corpus.scan import ScannedFile
    from briefqa.types import Cut

PART_MARK = "#"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An article file that gave no document, and why, as the second half of a sentence."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document, what was left out of it, and warnings about it for the user."""

    document: Document
    cuts: tuple[Cut, ...]
    warnings: tuple[str, ...]


def document_id(source_path: str, key: str) -> str:
    """12 hexadecimal digits that stay the same while the file keeps its place below the index's project."""
    return hashlib.sha256(f"{source_path}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def read(file: ScannedFile) -> bytes | Unreadable:
    """The file's bytes, or why it can't be read."""
    try:
        return file.path.read_bytes()
    except OSError as error:
        return Unreadable(file.key, (error.strerror or str(error)).lower())


def load(file: ScannedFile, data: bytes, source_path: str, *, clean: bool = True) -> list[Loaded] | Unreadable:
    """The documents in `data`, at least one, or why there is none.

    `Document.path` is the key; the index turns it into a path for the reader when it is opened.
    """
    try:
        articles = loader_for(file.path.suffix)(data, LoadOptions(file.path.name, clean=clean))
    except ValueError as error:
        return Unreadable(file.key, str(error))
    sha256 = hashlib.sha256(data).hexdigest()
    return [_loaded(article, file, source_path, sha256) for article in articles]


def _loaded(article: Article, file: ScannedFile, source_path: str, sha256: str) -> Loaded:
    key = f"{file.key}{PART_MARK}{article.part}" if article.part else file.key
    document = Document(
        id=document_id(source_path, key),
        key=key,
        path=key,
        text=article.text,
        sha256=sha256,
        part=article.part,
        line_map=article.line_map,
        page_map=article.page_map,
        lines_of=article.lines_of,
        title=article.title,
        source=article.source,
        authors=article.authors,
        published=article.published,
        updated=article.updated,
        url=article.url,
        language=article.language,
        tags=article.tags,
        metadata=article.metadata,
        found_in=article.found_in,
    )
    return Loaded(document, article.cuts, article.warnings)
