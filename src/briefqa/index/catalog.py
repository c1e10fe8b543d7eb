"""A segment's catalog: its documents and passages, in one SQLite file, under numbers that count from 0."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote as quote_url

from briefqa.addresses import is_passage_id
from briefqa.errors import REBUILD, IndexDamaged, damaged
from briefqa.types import Cut, Document, Passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from briefqa.addresses import Map

    Locate = Callable[[int, str, str], str]

CATALOG_FILE = "catalog.sqlite"
# Beside it, an array: the number of each passage's document, in the passages' order.
HOMES_FILE = "homes.npy"
FACTS = "published, publisher, url, language, tags, collection, source, key, part"
"""The columns of documents that filters look at; an index holds them all, so that no text is read."""
DOCUMENT_COLUMNS = (
    "id, source, key, part, title, publisher, authors, published, updated, url, language, tags, metadata, found_in,"
    " line_map, page_map, lines_of, collection, sha256, text_sha256, text"
)
_CHECKED = slice(None, -2)  # of these columns: the hash is over all but itself and the text, which comes last
_PASSAGE = "number, id, document, start, end, first_line, last_line, sentences, indexed_sha256"


class PassageRow(NamedTuple):
    """A passage's row: all but its text, which is a slice of the document's."""

    number: int
    id: str
    document: int
    span: tuple[int, int]
    lines: tuple[int, int]
    sentences: tuple[tuple[int, int], ...]
    indexed_sha256: bytes


class Catalog:
    """A published catalog, opened read-only. `locate(source, key, part)` gives a document's path for the reader.

    Every method raises IndexDamaged when the file is not what was written.
    """

    def __init__(self, folder: Path, locate: Locate) -> None:
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

    def documents(self) -> Iterator[tuple[int, Document]]:
        """Every document with its number, in order."""
        for number, *row in self._stream(f"SELECT number, {DOCUMENT_COLUMNS} FROM documents ORDER BY number"):  # noqa: S608
            yield number, self._document(row)

    def contents(self) -> list[tuple[int, int, str, str]]:
        """Every document's number, source and key, and the SHA-256 of its file, in order."""
        return self._rows("SELECT number, source, key, sha256 FROM documents ORDER BY number")

    def facts(self, columns: str) -> list[tuple[Any, ...]]:
        """Every document's number, and these columns of FACTS of it, in no order."""
        return self._rows(f"SELECT number, {columns} FROM documents INDEXED BY documents_by_facts")  # noqa: S608

    def newest_first(self) -> Iterator[tuple[int, str]]:
        """The number and the date of publication of every document that has one, by falling date."""
        return self._stream(
            "SELECT number, published FROM documents INDEXED BY documents_by_facts WHERE published IS NOT NULL"
            " ORDER BY published DESC"
        )

    def published(self, passages: Sequence[int]) -> list[str | None]:
        """When the document of each numbered passage was published, in the order asked for."""
        query = (
            "SELECT passages.number, published FROM passages JOIN documents ON documents.number = document"
            " WHERE passages.number IN (SELECT value FROM json_each(?))"
        )
        found = dict(self._rows(query, json.dumps(list(passages))))
        if len(found) != len(set(passages)):
            raise self._damaged()
        return [found[number] for number in passages]

    def homes(self) -> list[int]:
        """The number of each passage's document, in the passages' order."""
        return [number for (number,) in self._rows("SELECT document FROM passages ORDER BY number")]

    def document(self, number: int) -> Document:
        """The numbered document."""
        rows = self._rows(f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE number = ?", number)  # noqa: S608
        if not rows:
            raise self._damaged()
        return self._document(rows[0])

    def cuts(self, number: int) -> tuple[Cut, ...]:
        """What was left out of the numbered document."""
        rows = self._rows("SELECT cuts FROM cuts WHERE document = ?", number)
        try:
            entries = json.loads(rows[0][0]) if rows else []
            return tuple(Cut(text, reason, tuple(lines) if lines else None) for text, reason, lines in entries)
        except (ValueError, TypeError) as error:
            raise self._damaged() from error

    def blocks(self) -> list[tuple[int, str, bytes]]:
        """Each document's number, its origin, and its blocks that may recur in others of that (see `recurring`)."""
        return self._rows("SELECT document, origin, blocks FROM blocks ORDER BY document")

    def blocks_of(self, number: int) -> tuple[str, bytes] | None:
        """The origin and blocks of the numbered document, if it was cleaned."""
        rows = self._rows("SELECT origin, blocks FROM blocks WHERE document = ?", number)
        return rows[0] if rows else None

    def passages_of(self, document: int) -> list[PassageRow]:
        """The rows of a document's passages, in order."""
        query = f"SELECT {_PASSAGE} FROM passages WHERE document = ? ORDER BY number"  # noqa: S608
        return [self._passage_row(row) for row in self._rows(query, document)]

    def passage_rows(self, numbers: Sequence[int]) -> list[PassageRow]:
        """The rows of the numbered passages, in the order asked for."""
        query = f"SELECT {_PASSAGE} FROM passages WHERE number IN (SELECT value FROM json_each(?))"  # noqa: S608
        found = {row[0]: self._passage_row(row) for row in self._rows(query, json.dumps(list(numbers)))}
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

    def find_text(self, indexed_sha256: bytes) -> PassageRow | None:
        """The first passage whose indexed text has this hash."""
        query = (
            f"SELECT {_PASSAGE} FROM passages WHERE substr(indexed_sha256, 1, 8) = ? AND indexed_sha256 = ?"  # noqa: S608
            " ORDER BY number LIMIT 1"
        )
        rows = self._rows(query, indexed_sha256[:8], indexed_sha256)
        return self._passage_row(rows[0]) if rows else None

    def passage_number(self, identity: str) -> int | None:
        """The number of the passage with this id, if there is one."""
        rows = self._rows("SELECT number FROM passages WHERE id = ?", identity)
        return int(rows[0][0]) if rows else None

    def numbers(self) -> tuple[list[int], list[int]]:
        """The numbers of the documents and of the passages, rising."""
        queries = ("SELECT number FROM documents ORDER BY number", "SELECT number FROM passages ORDER BY number")
        documents, passages = ([number for (number,) in self._rows(query)] for query in queries)
        return documents, passages

    def counts(self) -> tuple[int, int]:
        """How many documents and passages there are."""
        documents, passages = self._rows("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)")[0]
        return documents, passages

    def languages(self, dead: Sequence[int]) -> list[tuple[str | None, int]]:
        """The languages of the documents but the numbered `dead` ones, as they are written there, and how many are in
        each."""
        query = (
            "SELECT language, count(*) FROM documents WHERE number NOT IN (SELECT value FROM json_each(?))"
            " GROUP BY language ORDER BY language"
        )
        return self._rows(query, json.dumps(list(dead)))

    def sentence_counts(self) -> list[int]:
        """How many sentences each passage has, by number."""
        rows = self._rows("SELECT json_array_length(sentences) / 2 FROM passages ORDER BY number")
        return [count for (count,) in rows]

    def find(self, prefix: str) -> tuple[Iterator[PassageRow], Iterator[tuple[int, str]]]:
        """Passages, and numbers and ids of documents, whose id starts with `prefix`, by id."""
        bounds = (prefix, prefix + "g")  # ids are hexadecimal
        passages = self._stream(f"SELECT {_PASSAGE} FROM passages WHERE id >= ? AND id < ? ORDER BY id", *bounds)  # noqa: S608
        documents = self._stream("SELECT number, id FROM documents WHERE id >= ? AND id < ? ORDER BY id", *bounds)
        return map(self._passage_row, passages), documents

    def _passage_row(self, row: Sequence[Any]) -> PassageRow:
        number, identity, document, start, end, first_line, last_line, sentences, indexed = row
        try:
            spans = _pairs(sentences)
            inside = 0 <= start < end and 1 <= first_line <= last_line
            if not inside or not isinstance(indexed, bytes) or any(not start <= a < b <= end for a, b in spans):
                raise self._damaged()
        except (ValueError, TypeError) as error:
            raise self._damaged() from error
        return PassageRow(number, identity, document, (start, end), (first_line, last_line), spans, indexed)

    def _document(self, row: Sequence[Any]) -> Document:
        identity, source, key, part, title, publisher, authors, published, updated, url, language, tags, *rest = row
        metadata, found_in, line_map, page_map, lines_of, collection, sha256, check, text = rest
        try:
            # Catalogs of earlier versions have the hash of the text alone.
            if check not in (record_sha256(row), text_sha256(text)):
                raise self._damaged()
            return Document(
                id=identity,
                key=key,
                path=self._locate(source, key, part),
                text=text,
                sha256=sha256,
                part=part,
                line_map=_pairs(line_map),
                page_map=_pairs(page_map),
                lines_of=lines_of,
                title=title,
                source=publisher,
                authors=tuple(json.loads(authors)),
                published=published,
                updated=updated,
                url=url,
                language=language,
                tags=tuple(json.loads(tags)),
                metadata=json.loads(metadata),
                found_in=json.loads(found_in),
                collection=collection,
            )
        except (ValueError, TypeError, AttributeError) as error:
            raise self._damaged() from error

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._damaged() from error

    def _stream(self, query: str, *values: object) -> Iterator[Any]:
        """Rows as they are read: all documents at once may not fit into memory."""
        try:
            # Not `yield from`: whoever breaks off would close the cursor, perhaps after the connection.
            for row in self._connection.execute(query, values):  # noqa: UP028
                yield row
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._damaged() from error

    def _damaged(self) -> IndexDamaged:
        return damaged(self.path)


def passage(row: PassageRow, document: Document) -> Passage:
    """The passage that `row` describes in `document`. Raises IndexDamaged when it is none of the document's."""
    start, end = row.span
    text = document.text[start:end]
    if end > len(document.text) or not is_passage_id(row.id, document.id, start, text):
        raise IndexDamaged(f"Passage {row.id} of {document.path} is not where the index says. {REBUILD}")
    return Passage(row.id, document.id, start, end, text, row.lines, row.sentences)


def _pairs(text: str) -> Map:
    flat = json.loads(text)
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def record_sha256(columns: Sequence[Any]) -> str:
    """The hash that a document is checked by, in hexadecimal: of what stands in DOCUMENT_COLUMNS but the hash."""
    found = hashlib.sha256(json.dumps(columns[_CHECKED]).encode())
    found.update(columns[-1].encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def text_sha256(text: str) -> str:
    """The hash of a text alone, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
