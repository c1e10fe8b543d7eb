"""Reads one article file into a Document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.corpus.decoding import decode
from briefqa.corpus.formats import FORMATS
from briefqa.corpus.loaders import LOADERS
from briefqa.types import Document

if TYPE_CHECKING:
    from briefqa.corpus.scan import ScannedFile


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An article file that gave no document, and why, as the second half of a sentence."""

    key: str
    reason: str


def document_id(source_path: str, key: str) -> str:
    """12 hexadecimal digits that stay the same while the file keeps its place below the index's project."""
    return hashlib.sha256(f"{source_path}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def read(file: ScannedFile) -> bytes | Unreadable:
    """The file's bytes, or why it can't be read."""
    try:
        return file.path.read_bytes()
    except OSError as error:
        return Unreadable(file.key, (error.strerror or str(error)).lower())


def load(file: ScannedFile, data: bytes, source_path: str) -> tuple[Document, tuple[str, ...]] | Unreadable:
    """The document in `data` and warnings about it, or why there is none.

    `Document.path` is the key; the index turns it into a path for the reader when it is opened.
    """
    try:
        text, guess = decode(data)
    except ValueError as error:
        return Unreadable(file.key, str(error))
    loaded = LOADERS[FORMATS[file.path.suffix.lower()]](text)
    body = text[loaded.body :]
    if not body.strip():
        return Unreadable(file.key, "it is empty" if not text.strip() else "it has front matter but no text")
    document = Document(
        id=document_id(source_path, file.key),
        key=file.key,
        path=file.key,
        text=body,
        first_line=1 + text.count("\n", 0, loaded.body),
        sha256=hashlib.sha256(data).hexdigest(),
        title=loaded.title,
        source=loaded.source,
        authors=loaded.authors,
        published=loaded.published,
        url=loaded.url,
        metadata=loaded.metadata,
    )
    doubts = (
        () if guess is None else (f"it is not in UTF-8 and was read as {guess}, which is a guess: look at its accents",)
    )
    return document, (*doubts, *loaded.warnings)
