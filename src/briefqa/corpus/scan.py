"""Lists the article files of the sources, cheaply: one stat a file, and nothing opened but .gitignore files."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from briefqa.corpus.formats import FORMATS
from briefqa.corpus.regular import NOT_REGULAR
from briefqa.corpus.selection import GITIGNORE_FILE, Selection, read_gitignore
from briefqa.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.corpus.selection import Ignoring
    from briefqa.types import Source

Unlisted = list[tuple[str, str]]
_ENDLESS = "it is a link that leads to itself"


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """An article file. `key` is its path below the source's folder, with forward slashes; `location` where it is."""

    source: int
    key: str
    location: str  # of many files few are opened, and a Path takes longer to make than a stat
    size: int
    mtime_ns: int

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.location)


class Listing(NamedTuple):
    """What a scan found: files by source and key, each real file once, and what could not be listed and why."""

    files: tuple[ScannedFile, ...]
    unreadable: tuple[tuple[str, str], ...]


def scan(sources: Sequence[Source]) -> Listing:
    """The article files of all sources. Hidden files, linked folders, and what a .gitignore or a source's rules leave
    out, are passed over.

    Raises CorpusError for a source that does not exist or is no folder and no article file.
    """
    unreadable: Unlisted = []
    files = [
        ScannedFile(number, key, path, status.st_size, status.st_mtime_ns)
        for number, key, path, status in glance(sources, unreadable)
    ]
    return Listing(tuple(sorted(files, key=lambda file: (file.source, file.key))), tuple(sorted(unreadable)))


def glance(sources: Sequence[Source], unreadable: Unlisted) -> Iterator[tuple[int, str, str, os.stat_result]]:
    """Source, key, location and status of what `scan` lists, one at a time, in no order of keys; what can't be listed
    is added to `unreadable`, with the reason. Raises as `scan` does."""
    seen: set[tuple[int, int]] = set()
    for number, source in enumerate(sources):
        for path, key, is_link in _walk(source, unreadable):
            status = _inspect(path, key, source if is_link else None, unreadable)
            if status is None:
                continue
            identity = (status.st_dev, status.st_ino)
            if identity not in seen:
                seen.add(identity)
                yield number, key, path, status


def _walk(source: Source, unreadable: Unlisted) -> Iterator[tuple[str, str, bool]]:
    """Path and key of every file of a format that is read, and whether it is a link in the source's folder."""
    root = source.path
    if os.path.isfile(root):
        if not _is_article(root):
            raise CorpusError(f"{source.given} is not an article that briefqa reads ({', '.join(sorted(FORMATS))}).")
        yield root, os.path.basename(root), False
    elif os.path.isdir(root):  # Path.is_dir raises where a folder above may not be searched
        yield from _walk_folder(source, unreadable)
    else:
        raise CorpusError(f"There is no folder or file {source.given}. Name the folder that holds your articles.")


def _walk_folder(source: Source, unreadable: Unlisted) -> Iterator[tuple[str, str, bool]]:
    root = source.path
    selection = Selection(source)
    waiting: list[tuple[str, str, Ignoring]] = [(root, "", ())]
    while waiting:
        folder, prefix, ignoring = waiting.pop()
        listed = _listed(folder, unreadable)
        if selection.gitignore and any(entry.name == GITIGNORE_FILE for entry in listed):
            found = read_gitignore(os.path.join(folder, GITIGNORE_FILE))
            ignoring = (*ignoring, (len(prefix), found)) if found else ignoring
        folders: list[tuple[str, str, Ignoring]] = []
        for entry in listed:
            key = f"{prefix}{entry.name}"
            if entry.name[0] == ".":
                continue
            if _is_folder(entry):
                if not entry.is_symlink() and selection.enters(f"{key}/", ignoring):
                    folders.append((entry.path, f"{key}/", ignoring))
            elif _is_article(entry.name) and selection.takes(key, ignoring):
                yield entry.path, key, entry.is_symlink()
        waiting += reversed(folders)


def _listed(folder: str, unreadable: Unlisted) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        unreadable.append((str(error.filename), _reason(error)))
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_article(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in FORMATS


def _inspect(path: str, key: str, linked_from: Source | None, unreadable: Unlisted) -> os.stat_result | None:
    try:
        key.encode()
    except UnicodeEncodeError:
        unreadable.append((key.encode("utf-8", "replace").decode(), "its name is not valid UTF-8"))
        return None
    try:
        if linked_from and not Path(path).resolve().is_relative_to(Path(linked_from.path).resolve()):
            unreadable.append((key, "it is a link out of the folder"))
            return None
        status = os.stat(path)
    except OSError as error:
        unreadable.append((key, _reason(error)))
        return None
    except RuntimeError:  # Path.resolve's
        unreadable.append((key, _ENDLESS))
        return None
    if not stat.S_ISREG(status.st_mode):
        unreadable.append((key, NOT_REGULAR))
        return None
    return status


def _reason(error: OSError) -> str:
    return _ENDLESS if error.errno == errno.ELOOP else (error.strerror or str(error)).lower()
