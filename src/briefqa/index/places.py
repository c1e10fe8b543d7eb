"""Where articles stand: sources are kept relative to the index, so that a project folder can be moved whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.index.manifest import IndexedSource
from briefqa.types import Source

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_sources(given: Sequence[str]) -> tuple[Source, ...]:
    """Sources as named by the user, relative to the current folder; repeats are dropped."""
    return tuple(
        Source(entry, os.path.abspath(Path(entry).expanduser()), os.path.isfile(Path(entry).expanduser()))
        for entry in dict.fromkeys(given)
    )


def relative_to_index(source: Source, index: Path) -> IndexedSource:
    """`source` as a manifest keeps it."""
    try:
        path = os.path.relpath(source.path, os.path.abspath(index))
    except ValueError:  # on another drive
        path = source.path
    return IndexedSource(source.given, Path(path).as_posix(), source.is_file)


def resolve_source(indexed: IndexedSource, index: Path) -> Source:
    """The source as it stands on this machine, if its project was not torn apart."""
    return Source(indexed.given, os.path.normpath(Path(os.path.abspath(index), indexed.path)), indexed.is_file)


class Locator:
    """Gives a document's path as a reader in the current folder would type it."""

    def __init__(self, sources: Sequence[IndexedSource], index: Path) -> None:
        here = os.path.abspath(Path.cwd())
        self.sources = tuple(resolve_source(source, index) for source in sources)
        self._shown = [_shown(source, here) for source in self.sources]

    def __call__(self, source: int, key: str, part: str) -> str:
        """The path of the document `key` of the numbered source, which is this `part` of its file."""
        shown, mark = self._shown[source], f"#{part}" if part else ""
        if self.sources[source].is_file:
            return shown + mark
        below = key.removesuffix(mark).split("/")
        return os.path.normpath(os.path.join(shown, *below)) + mark

    def file(self, source: int, key: str) -> Path:
        """The same, absolute."""
        root = Path(self.sources[source].path)
        return root if self.sources[source].is_file else root.joinpath(*key.split("/"))


def _shown(source: Source, here: str) -> str:
    below = Path(source.path).is_relative_to(here)
    if os.path.isabs(source.given) and not below:
        return source.path
    try:
        return os.path.relpath(source.path, here)
    except ValueError:
        return source.path
