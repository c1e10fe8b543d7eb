"""Where articles stand: sources are kept relative to the index, so that a project folder can be moved whole."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.errors import UsageError
from briefqa.index.manifest import IndexedSource
from briefqa.types import NO_RULES, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.config import Settings
    from briefqa.types import Rules

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_WILDCARD = re.compile(r"[*?\[]")


def sources_of(settings: Settings) -> tuple[Source, ...]:
    """The sources that `settings` name: those of `corpus`, then each collection's."""
    plain = replace(NO_RULES, gitignore=settings.gitignore)
    found = list(make_sources(settings.corpus, plain))
    for collection in settings.collections:
        found += make_sources(collection.paths, collection.rules)
    return tuple(found)


def make_sources(given: Sequence[str], rules: Rules = NO_RULES) -> tuple[Source, ...]:
    """Sources as named by the user, relative to the current folder; repeats are dropped. A name with a wildcard is the
    folder in front of it, and a pattern for what is below."""
    return tuple(_source(entry, rules) for entry in dict.fromkeys(given))


def _source(given: str, rules: Rules) -> Source:
    if _ADDRESS.match(given):
        raise UsageError(f"briefqa reads files only. Save the page first with: briefqa fetch {given} --into corpus")
    path = os.path.abspath(Path(given).expanduser())
    pattern = ""
    if not os.path.exists(path) and _WILDCARD.search(given):
        parts = Path(path).parts
        first = next(number for number, part in enumerate(parts) if _WILDCARD.search(part))
        path, pattern = str(Path(*parts[:first])), "/" + "/".join(parts[first:])
    return Source(given, path, os.path.isfile(path), pattern, rules)


def relative_to_index(source: Source, index: Path) -> IndexedSource:
    """`source` as a manifest keeps it."""
    try:
        path = os.path.relpath(source.path, os.path.abspath(index))
    except ValueError:  # on another drive
        path = source.path
    return IndexedSource(source.given, Path(path).as_posix(), source.is_file, source.pattern, source.rules)


def resolve_source(indexed: IndexedSource, index: Path) -> Source:
    """The source as it stands on this machine, if its project was not torn apart."""
    path = os.path.normpath(Path(os.path.abspath(index), indexed.path))
    return Source(indexed.given, path, indexed.is_file, indexed.pattern, indexed.rules)


def place_of(source: Source) -> tuple[str, str, str | None]:
    """What makes a source the same as another: its path, its pattern and its collection."""
    return source.path, source.pattern, source.rules.collection


def read_alike(one: Rules, other: Rules) -> bool:
    """Whether both rules make the same documents of a file; which files are read is another matter."""
    first, second = (replace(rules, include=(), exclude=(), gitignore=True) for rules in (one, other))
    return first == second


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
