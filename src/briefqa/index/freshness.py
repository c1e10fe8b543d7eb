"""Whether the articles have moved on since the index was made, told in milliseconds, and refused where that is asked.

A file counts as changed when its size differs, or its time and then its content. A look costs 5 to 15 ms for 1,000
files, and ten times that for 10,000 (benchmarks/loading.py). What does not fit into a moment is not told rather than
guessed.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.addresses import file_of
from briefqa.corpus.scan import glance
from briefqa.errors import CorpusError, IndexStale
from briefqa.index.places import resolve_source
from briefqa.index.states import is_as_indexed, read_marks
from briefqa.types import ChangeCounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.index.manifest import Manifest
    from briefqa.types import Document, FileState, Source

BUDGET = 0.1
"""Seconds that a look at the articles may take beside an answer."""
MOST_DOCUMENTS = 5000
"""Of more documents nobody knows beside an answer whether they have changed: half of the time would go to it."""
_LOOK_AT_CLOCK = 256


def missing_sources(sources: Sequence[Source]) -> list[str]:
    """The sources that are not on this machine, as they were given."""
    return [source.given for source in sources if not os.path.exists(source.path)]


def count_changes(folder: Path, sources: Sequence[Source], *, seconds: float = BUDGET) -> ChangeCounts | None:
    """How the articles of `sources`, the index's, stand to the generation in `folder`; None when they are not there,
    or when looking takes longer than `seconds`."""
    deadline = time.perf_counter() + seconds
    if missing_sources(sources):
        return None
    try:
        known = read_marks(folder)
        new = changed = 0
        for listed, (source, key, path, status) in enumerate(glance(sources, [])):
            if listed % _LOOK_AT_CLOCK == 0 and time.perf_counter() > deadline:
                return None
            state = known.pop((source, key), None)
            if state is None:
                new += 1
            elif state[0] != status.st_size:
                changed += 1
            elif state[1] != status.st_mtime_ns:
                if time.perf_counter() > deadline:
                    return None
                changed += _sha256(path) != state[2]
    except (CorpusError, OSError):  # a folder went away between two looks, or a newer generation replaced this one
        return None
    return ChangeCounts(new, changed, len(known))


def require_fresh(index: Path, manifest: Manifest) -> None:
    """Raise IndexStale when an article is new, changed or gone since the index was made, or when they are not there
    to be compared. Takes what time it needs."""
    from briefqa.index.survey import survey  # noqa: PLC0415 - a question can do without

    sources = [resolve_source(source, index) for source in manifest.sources]
    gone = missing_sources(sources)
    if gone:
        raise IndexStale(
            f"The articles that the index was made from are not there ({', '.join(gone)}), so nobody can tell"
            " whether it is up to date. Ask without --strict, or make the index anew with: briefqa index FOLDER"
        )
    changes = survey(index, sources).changes
    if changes.any:
        counts = ChangeCounts(len(changes.new), len(changes.changed), len(changes.removed))
        raise IndexStale(
            f"The articles have moved on since the index was made ({counts})."
            " Bring it up to date with: briefqa index, or ask with --refresh"
        )


def file_state(document: Document, folder: Path, sources: Sequence[Source]) -> FileState:
    """How the file of `document` stands to what the generation in `folder` has of it. Its size and time tell, and
    where they differ its content; "unknown" when the articles as a whole are not there, or it can't be read."""
    path = file_of(document)
    try:
        status = os.stat(path)
        key = document.key.removesuffix(f"#{document.part}") if document.part else document.key
        if is_as_indexed(folder, key, status.st_size, status.st_mtime_ns, document.sha256):
            return "as indexed"
        return "as indexed" if _sha256(path) == document.sha256 else "changed"
    except (FileNotFoundError, NotADirectoryError):
        there = any(_holds(source, path) for source in sources)
        return "gone" if there else "unknown"
    except OSError:
        return "unknown"


def _holds(source: Source, path: str) -> bool:
    """Whether `source` is there, and `path` one of its files. A file that is a source is looked for in its folder."""
    place = os.path.dirname(source.path) if source.is_file else source.path
    return os.path.isdir(place) and Path(os.path.abspath(path)).is_relative_to(place)


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
