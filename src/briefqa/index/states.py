"""The state of every article file when it was indexed, in one SQLite file: small, and written whole by every run."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote as quote_url

from briefqa.errors import damaged

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

STATES_FILE = "files.sqlite"
_SCHEMA = """
CREATE TABLE files (
    source INTEGER NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    sha256 BLOB, document INTEGER, documents INTEGER, remarks TEXT, PRIMARY KEY (source, key)) WITHOUT ROWID;
"""


class FileState(NamedTuple):
    """An article file as it was when indexed, and the numbers of the `documents` in it. If there is none, `remarks` say
    why, else they warn."""

    source: int
    key: str
    size: int
    mtime_ns: int
    sha256: str | None
    documents: range
    remarks: tuple[str, ...]


def write_states(folder: Path, states: Iterable[FileState]) -> None:
    """Write the states, in any order."""
    with closing(sqlite3.connect(folder / STATES_FILE, isolation_level=None)) as connection:
        # The file is not published before it is whole and synced, so a journal would protect nothing.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_row, states))
        connection.execute("COMMIT")


def read_states(folder: Path) -> list[FileState]:
    """The states, by source and key. Raises IndexDamaged when the file is not what was written."""
    path = folder / STATES_FILE
    uri = f"file:{quote_url(str(path))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            rows = connection.execute(
                "SELECT source, key, size, mtime_ns, lower(hex(sha256)), document, documents, remarks FROM files"
                " ORDER BY source, key"
            )
            return [
                FileState(source, key, size, time, sha256 or None, range(first, first + count), _told(remarks))
                for source, key, size, time, sha256, first, count, remarks in rows
            ]
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise damaged(path) from error


def read_marks(folder: Path) -> dict[tuple[int, str], tuple[int, int, str | None]]:
    """Size, time in ns and SHA-256 of every file by source and key: what a look for changes needs, in a fifth of the
    time of `read_states`. Raises IndexDamaged, or OSError when the generation is not there any more."""
    query = "SELECT source, key, size, mtime_ns, sha256 FROM files"
    rows = _rows(folder, query)
    return {(source, key): (size, time, sha256.hex() if sha256 else None) for source, key, size, time, sha256 in rows}


def is_as_indexed(folder: Path, key: str, size: int, mtime_ns: int, sha256: str) -> bool:
    """Whether a file that is `key` below its source had this size, time and content when it was indexed. Raises
    IndexDamaged; a generation that is not there any more knows no file."""
    query = "SELECT 1 FROM files WHERE key = ? AND size = ? AND mtime_ns = ? AND sha256 = ?"
    try:
        return bool(_rows(folder, query, key, size, mtime_ns, bytes.fromhex(sha256)))
    except FileNotFoundError:
        return False


def _rows(folder: Path, query: str, *values: object) -> list[Any]:
    path = folder / STATES_FILE
    os.stat(path)
    uri = f"file:{quote_url(str(path))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return connection.execute(query, values).fetchall()
    except (sqlite3.Error, ValueError) as error:
        os.stat(path)  # it may have gone since
        raise damaged(path) from error


def _told(remarks: str | None) -> tuple[str, ...]:
    return tuple(json.loads(remarks)) if remarks else ()


def _row(state: FileState) -> tuple[object, ...]:
    sha256 = None if state.sha256 is None else bytes.fromhex(state.sha256)
    remarks = json.dumps(state.remarks) if state.remarks else None
    numbers = state.documents.start, len(state.documents)
    return state.source, state.key, state.size, state.mtime_ns, sha256, *numbers, remarks
