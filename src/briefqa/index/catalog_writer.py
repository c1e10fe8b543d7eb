"""Writes a segment's catalog, which `catalog` reads."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote as quote_url

import numpy as np

from briefqa.errors import damaged
from briefqa.index.catalog import CATALOG_FILE, DOCUMENT_COLUMNS, FACTS, HOMES_FILE, record_sha256
from briefqa.index.disk import is_of_disk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefqa.index.catalog import PassageRow
    from briefqa.types import Cut, Document, Span

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source INTEGER NOT NULL, key TEXT NOT NULL, part TEXT NOT NULL,
    title TEXT, publisher TEXT, authors TEXT NOT NULL, published TEXT, updated TEXT, url TEXT, language TEXT,
    tags TEXT NOT NULL, metadata TEXT NOT NULL, found_in TEXT NOT NULL, line_map TEXT NOT NULL, page_map TEXT NOT NULL,
    lines_of TEXT NOT NULL, collection TEXT, sha256 TEXT NOT NULL, text_sha256 TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE cuts (document INTEGER PRIMARY KEY REFERENCES documents (number), cuts TEXT NOT NULL);
CREATE TABLE blocks (document INTEGER PRIMARY KEY REFERENCES documents (number), origin TEXT NOT NULL, blocks BLOB);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document INTEGER NOT NULL REFERENCES documents (number),
    start INTEGER NOT NULL, end INTEGER NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,
    sentences TEXT NOT NULL, indexed_sha256 BLOB NOT NULL);
CREATE INDEX passages_by_document ON passages (document, number);
CREATE INDEX documents_by_language ON documents (language);
"""
_INDEXES = (
    # A quarter of a hash tells texts apart in all but one case of billions; the rest is compared in the table.
    "CREATE INDEX passages_by_text ON passages (substr(indexed_sha256, 1, 8))",
    f"CREATE INDEX documents_by_facts ON documents ({FACTS})",
)
_COPY_DOCUMENTS = (
    f"INSERT INTO documents (number, {DOCUMENT_COLUMNS}) SELECT number + ?, {DOCUMENT_COLUMNS} FROM source.documents"  # noqa: S608
    " WHERE number NOT IN (SELECT value FROM json_each(?)) ORDER BY number"
)
_COPY_CUTS = (
    "INSERT INTO cuts SELECT document + ?, cuts FROM source.cuts"
    " WHERE document NOT IN (SELECT value FROM json_each(?)) ORDER BY document"
)
_COPY_BLOCKS = (
    "INSERT INTO blocks SELECT document + ?, origin, blocks FROM source.blocks"
    " WHERE document NOT IN (SELECT value FROM json_each(?)) ORDER BY document"
)
_COPY_PASSAGES = (
    "INSERT INTO passages SELECT number + ?, id, document + ?, start, end, first_line, last_line, sentences,"
    " indexed_sha256 FROM source.passages WHERE number NOT IN (SELECT value FROM json_each(?)) ORDER BY number"
)


class CatalogWriter:
    """Writes a new catalog, once, in number order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        uri = f"file:{quote_url(str(folder / CATALOG_FILE))}"
        self._connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        # The file is not published before it is whole and synced, so a journal would protect nothing.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._connection.execute("BEGIN")

    def add_document(self, number: int, document: Document, source: int, cuts: Sequence[Cut] = ()) -> None:
        """Add a document under its number, and what was left out of it."""
        columns = [
            document.id, source, document.key, document.part, document.title, document.source,
            json.dumps(document.authors), document.published, document.updated, document.url, document.language,
            json.dumps(document.tags), json.dumps(document.metadata), json.dumps(document.found_in),
            _flat(document.line_map), _flat(document.page_map), document.lines_of, document.collection,
            document.sha256, "", document.text,
        ]  # fmt: skip
        columns[-2] = record_sha256(columns)
        self._insert("documents", number, *columns)
        if cuts:
            self._insert("cuts", number, json.dumps([(cut.text, cut.reason, cut.lines) for cut in cuts]))

    def add_blocks(self, document: int, origin: str, blocks: bytes) -> None:
        """Add the blocks of a document that may recur in others of its origin."""
        self._insert("blocks", document, origin, blocks)

    def add_passage(self, row: PassageRow) -> None:
        """Add a passage under its number, which is its vector's."""
        sentences = _flat(row.sentences)
        self._insert("passages", row.number, row.id, row.document, *row.span, *row.lines, sentences, row.indexed_sha256)

    def copy(self, source: Path, *, shifts: tuple[int, int], dead: tuple[Sequence[int], Sequence[int]]) -> None:
        """Add the documents and passages of the catalog `source` but the numbered `dead` ones, each number with the
        shift of its kind. Raises IndexDamaged for a catalog that is none, and SQLite's error when it can't write."""
        attached = f"file:{quote_url(str(source))}?mode=ro&immutable=1"
        gone = [json.dumps(list(numbers)) for numbers in dead]
        try:
            self._connection.execute("COMMIT")
            self._connection.execute("ATTACH ? AS source", (attached,))
            self._connection.execute("BEGIN")
            self._connection.execute(_COPY_DOCUMENTS, (shifts[0], gone[0]))
            self._connection.execute(_COPY_CUTS, (shifts[0], gone[0]))
            self._connection.execute(_COPY_BLOCKS, (shifts[0], gone[0]))
            self._connection.execute(_COPY_PASSAGES, (shifts[1], shifts[0], gone[1]))
            self._connection.execute("COMMIT")
            self._connection.execute("DETACH source")
            self._connection.execute("BEGIN")
        except sqlite3.Error as error:
            if is_of_disk(error):
                raise
            raise damaged(source) from error

    def close(self) -> None:
        """Finish the file, and write beside it which document each passage belongs to."""
        self._connection.execute("COMMIT")
        for index in _INDEXES:
            self._connection.execute(index)  # made last, it is made by sorting
        rows = self._connection.execute("SELECT document FROM passages ORDER BY number")
        homes = np.fromiter((number for (number,) in rows), dtype=np.int32)
        np.save(self._folder / HOMES_FILE, homes, allow_pickle=False)
        self._connection.close()

    def _insert(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - our own names


def _flat(spans: Sequence[Span]) -> str:
    return json.dumps([number for span in spans for number in span])
