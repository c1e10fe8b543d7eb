"""What an index run has to do: which files are as they were, new, changed or gone. Nothing heavy is loaded for it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple, Protocol

from briefqa.index.states import FileState

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from pathlib import Path

# A file that was written within this time before the scan may have been written again with the same time stamp.
_RACY_NS = 2 * 10**9


class ListedFile(Protocol):
    """An article file that a scan found."""

    @property
    def source(self) -> int:
        """The number of its source."""

    @property
    def key(self) -> str:
        """Its path below the source."""

    @property
    def path(self) -> Path:
        """Where it stands."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def mtime_ns(self) -> int:
        """When it was last written, in ns since the epoch."""


class Changes(NamedTuple):
    """The files of a listing against an index: kept ones with their earlier state, the rest, and keys that left."""

    kept: dict[tuple[int, str], FileState]
    new: tuple[tuple[int, str], ...]
    changed: tuple[tuple[int, str], ...]
    removed: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether the index has to be made anew."""
        return bool(self.new or self.changed or self.removed)


def compare(
    files: Sequence[ListedFile],
    states: Sequence[FileState],
    *,
    created_ns: int,
    source_of: Mapping[int, int],
    reread: Container[int] = (),
    hashing: bool = True,
) -> Changes:
    """Compare a listing with the `states` of an index made at `created_ns` ns since the epoch.

    `source_of` maps a listing's source number to the index's. A file counts as kept when size and time are as they
    were, or, with `hashing`, when its content is; without it, nothing is opened and such a file counts as changed. So
    do all files of the listing's sources `reread`.
    """
    known = {(state.source, state.key): state for state in states}
    kept: dict[tuple[int, str], FileState] = {}
    new: list[tuple[int, str]] = []
    changed: list[tuple[int, str]] = []
    for file in files:
        state = known.pop((source_of.get(file.source, -1), file.key), None)
        if state is None:
            new.append((file.source, file.key))
        elif file.source not in reread and _same(file, state, created_ns, hashing):
            kept[file.source, file.key] = state
        else:
            changed.append((file.source, file.key))
    return Changes(kept, tuple(new), tuple(changed), tuple(sorted(key for _, key in known)))


def _same(file: ListedFile, state: FileState, created_ns: int, hashing: bool) -> bool:
    alike = file.size == state.size and file.mtime_ns == state.mtime_ns
    # A file that could not be read leaves no hash: only another try tells whether it still can't.
    doubtful = file.mtime_ns >= created_ns - _RACY_NS or state.sha256 is None
    if alike and not (doubtful and hashing):
        return True
    return hashing and file.size == state.size and _sha256(file.path) == state.sha256


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
