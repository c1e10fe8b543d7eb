"""The catalog: documents, passages and the state of every article file, in one SQLite file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as quote_url

from briefqa.errors import IndexDamaged
from briefqa.types import Document, Passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

CATALOG_FILE = "catalog.sqlite"
_SCHEMA = """
CREATE TABLE files (
    source INTEGER NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    sha256 TEXT, document INTEGER REFERENCES documents (number), remarks TEXT NOT NULL,
    PRIMARY KEY (source, key)) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source INTEGER NOT NULL, key TEXT NOT NULL,
    title TEXT, publisher TEXT, authors TEXT NOT NULL, published TEXT, url TEXT, metadata TEXT NOT NULL,
    first_line INTEGER NOT NULL, sha256 TEXT NOT NULL, text_sha256 TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document INTEGER NOT NULL REFERENCES documents (number),
    start INTEGER NOT NULL, end INTEGER NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,
    sentences TEXT NOT NULL, indexed_sha256 BLOB NOT NULL);
CREATE INDEX passages_by_document ON passages (document, number);
CREATE INDEX documents_by_key ON documents (key);
"""
_DOCUMENT = (
    "id, key, text, first_line, sha256, title, publisher, authors, published, url, metadata, source, text_sha256"
)
_PASSAGE = "number, id, document, start, end, first_line, last_line, sentences, indexed_sha256"


@dataclass(frozen=True, slots=True)
class FileState:
    """An article file as it was when indexed. Without `document` it gave none; `remarks` say why, or warn."""

    source: int
    key: str
    size: int
    mtime_ns: int
    sha256: str | None
    document: int | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage's row: all but its text, which is a slice of the document's."""

    number: int
    id: str
    document: int
    span: tuple[int, int]
    lines: tuple[int, int]
    sentences: tuple[tuple[int, int], ...]
    indexed_sha256: bytes


class CatalogWriter:
    """Writes a new catalog, once, in number order."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / CATALOG_FILE, isolation_level=None)
        # The file is not published before it is whole and synced, so a journal would protect nothing.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._connection.execute("BEGIN")

    def add_file(self, state: FileState) -> None:
        """Add the state of an article file."""
        self._insert(
            "files", state.source, state.key, state.size, state.mtime_ns, state.sha256, state.document,
            json.dumps(state.remarks),
        )  # fmt: skip

    def add_document(self, number: int, document: Document, source: int) -> None:
        """Add a document under its number."""
        self._insert(
            "documents", number, document.id, source, document.key, document.title, document.source,
            json.dumps(document.authors), document.published, document.url, json.dumps(document.metadata),
            document.first_line, document.sha256, _text_sha256(document.text), document.text,
        )  # fmt: skip

    def add_passage(self, row: PassageRow) -> None:
        """Add a passage under its number, which is its vector's."""
        flat = [offset for span in row.sentences for offset in span]
        self._insert(
            "passages", row.number, row.id, row.document, *row.span, *row.lines, json.dumps(flat), row.indexed_sha256
        )

    def close(self) -> None:
        """Finish the file."""
        self._connection.execute("COMMIT")
        self._connection.close()

    def _insert(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - our own names


class Catalog:
    """A published catalog, opened read-only. `locate(source, key)` gives a document's path for the reader.

    Every method raises IndexDamaged when the file is not what was written.
    """

    def __init__(self, folder: Path, locate: Callable[[int, str], str]) -> None:
        self.path = folder / CATALOG_FILE
        self._locate = locate
        uri = f"file:{quote_url(str(self.path))}?mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._damaged() from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def files(self) -> list[FileState]:
        """The state of every article file, by source and key."""
        rows = self._rows(
            "SELECT source, key, size, mtime_ns, sha256, document, remarks FROM files ORDER BY source, key"
        )
        return [
            FileState(source, key, size, mtime_ns, sha256, document, tuple(json.loads(remarks)))
            for source, key, size, mtime_ns, sha256, document, remarks in rows
        ]

    def documents(self) -> Iterator[tuple[int, Document]]:
        """Every document with its number, in order."""
        for number, *row in self._stream(f"SELECT number, {_DOCUMENT} FROM documents ORDER BY number"):  # noqa: S608
            yield number, self._document(row)

    def contents(self) -> list[tuple[str, str]]:
        """The key of every document and the SHA-256 of its file, in order."""
        return self._rows("SELECT key, sha256 FROM documents ORDER BY number")

    def document(self, number: int) -> Document:
        """The numbered document."""
        rows = self._rows(f"SELECT {_DOCUMENT} FROM documents WHERE number = ?", number)  # noqa: S608
        if not rows:
            raise self._damaged()
        return self._document(rows[0])

    def passages_of(self, document: int) -> list[PassageRow]:
        """The rows of a document's passages, in order."""
        query = f"SELECT {_PASSAGE} FROM passages WHERE document = ? ORDER BY number"  # noqa: S608
        return [_passage_row(row) for row in self._rows(query, document)]

    def passage_rows(self, numbers: Sequence[int]) -> list[PassageRow]:
        """The rows of the numbered passages, in the order asked for."""
        query = f"SELECT {_PASSAGE} FROM passages WHERE number IN (SELECT value FROM json_each(?))"  # noqa: S608
        found = {row[0]: _passage_row(row) for row in self._rows(query, json.dumps(list(numbers)))}
        if len(found) != len(set(numbers)):
            raise self._damaged()
        return [found[number] for number in numbers]

    def passage_ids(self, numbers: Sequence[int]) -> list[str]:
        """The ids of the numbered passages, in the order asked for."""
        query = "SELECT number, id FROM passages WHERE number IN (SELECT value FROM json_each(?))"
        found = dict(self._rows(query, json.dumps(list(numbers))))
        if len(found) != len(set(numbers)):
            raise self._damaged()
        return [found[number] for number in numbers]

    def indexed_hashes(self) -> dict[bytes, int]:
        """The number of a passage for each hash of indexed text."""
        return dict(self._rows("SELECT indexed_sha256, number FROM passages ORDER BY number DESC"))

    def counts(self) -> tuple[int, int]:
        """How many documents and passages there are."""
        documents, passages = self._rows("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)")[0]
        return documents, passages

    def sentence_counts(self) -> list[int]:
        """How many sentences each passage has, by number."""
        rows = self._rows("SELECT json_array_length(sentences) / 2 FROM passages ORDER BY number")
        return [count for (count,) in rows]

    def find(self, prefix: str) -> tuple[list[PassageRow], list[int]]:
        """Passages, and numbers of documents, whose id starts with `prefix` (at most 10 of each)."""
        bounds = (prefix, prefix + "g")  # ids are hexadecimal
        passages = self._rows(f"SELECT {_PASSAGE} FROM passages WHERE id >= ? AND id < ? LIMIT 10", *bounds)  # noqa: S608
        documents = self._rows("SELECT number FROM documents WHERE id >= ? AND id < ? LIMIT 10", *bounds)
        return [_passage_row(row) for row in passages], [row[0] for row in documents]

    def _document(self, row: Sequence[Any]) -> Document:
        identity, key, text, first_line, sha256, title, publisher, authors, published, url, metadata, source, check = (
            row
        )
        if _text_sha256(text) != check:
            raise self._damaged()
        return Document(
            id=identity,
            key=key,
            path=self._locate(source, key),
            text=text,
            first_line=first_line,
            sha256=sha256,
            title=title,
            source=publisher,
            authors=tuple(json.loads(authors)),
            published=published,
            url=url,
            metadata=json.loads(metadata),
        )

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._damaged() from error

    def _stream(self, query: str) -> Iterator[Any]:
        """Rows as they are read: all documents at once may not fit into memory."""
        try:
            # Not `yield from`: whoever breaks off would close the cursor, perhaps after the connection.
            for row in self._connection.execute(query):  # noqa: UP028
                yield row
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._damaged() from error

    def _damaged(self) -> IndexDamaged:
        return IndexDamaged(f"{self.path} is damaged. Make the index again with: briefqa index --rebuild")


def passage(row: PassageRow, document: Document) -> Passage:
    """The passage that `row` describes in `document`."""
    start, end = row.span
    return Passage(row.id, document.id, start, end, document.text[start:end], row.lines, row.sentences)


def _passage_row(row: Sequence[Any]) -> PassageRow:
    number, identity, document, start, end, first_line, last_line, sentences, indexed = row
    flat = json.loads(sentences)
    spans = tuple(zip(flat[::2], flat[1::2], strict=True))
    return PassageRow(number, identity, document, (start, end), (first_line, last_line), spans, bytes(indexed))


def _text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
