"""What stands in an index folder, to compare it before and after."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from briefqa.index.reader import open_generation

INDEX = Path("index")


def snapshot(index: Path = INDEX) -> dict[str, tuple[int, int, int]]:
    """Inode, time and size of the folder and of everything below it."""
    paths = [index, *sorted(index.rglob("*"))]
    return {path.as_posix(): ((stat := path.stat()).st_ino, stat.st_mtime_ns, stat.st_size) for path in paths}


def names(index: Path = INDEX) -> set[str]:
    """What lies in the index folder itself, but for the lock."""
    return {path.name for path in index.iterdir()} - {".lock"}


def tables(index: Path = INDEX) -> dict[str, list[Any]]:
    """Every row of the live generation, which has one segment."""
    folder = index / (index / "CURRENT").read_text(encoding="utf-8").strip()
    (segment,) = folder.glob("seg-*")
    return {
        table: rows_of(path, table)
        for path, table in (
            (folder / "files.sqlite", "files"),
            (segment / "catalog.sqlite", "documents"),
            (segment / "catalog.sqlite", "passages"),
        )
    }


def rows_of(path: Path, table: str) -> list[Any]:
    """The rows of a table, in order."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()


def contents(index: Path = INDEX) -> dict[str, Any]:
    """All that decides what the live generation answers: rows, vectors, and what the lexical index finds."""
    reader = open_generation(index)
    try:
        words = {term for row in tables(index)["documents"] for term in row[-1].lower().split()}
        return {
            **tables(index),
            "vectors": reader.segments.vectors(reader.numbers()).tobytes(),
            "sentences": [codes.tobytes() for codes in reader.segments.codes(reader.numbers())],
            "lexical": {word: sorted(reader.lexical_top([word], 1000)) for word in words},
            "counts": (reader.manifest.documents, reader.manifest.passages, len(reader)),
            "encoder": reader.manifest.encoder,
            "reranker": reader.manifest.reranker,
            "chunking": reader.manifest.chunking,
            "sources": reader.manifest.sources,
        }
    finally:
        reader.close()
