"""Lists the article files of the sources, cheaply: one stat a file, nothing opened."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.corpus.formats import FORMATS
from briefqa.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.types import Source


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


@dataclass(frozen=True, slots=True)
class Listing:
    """What a scan found: files by source and key, each real file once, and what could not be listed and why."""

    files: tuple[ScannedFile, ...]
    unreadable: tuple[tuple[str, str], ...]


def scan(sources: Sequence[Source]) -> Listing:
    """The article files of all sources. Hidden files and linked folders are passed over.

    Raises CorpusError for a source that does not exist or is no folder and no article file.
    """
    files: list[ScannedFile] = []
    unreadable: list[tuple[str, str]] = []
    seen: set[tuple[int, int]] = set()
    for number, source in enumerate(sources):
        for path, key, is_link in _walk(source, unreadable):
            file = _inspect(path, key, number, source if is_link else None, unreadable)
            if file is not None and file[1] not in seen:
                seen.add(file[1])
                files.append(file[0])
    return Listing(tuple(sorted(files, key=lambda file: (file.source, file.key))), tuple(sorted(unreadable)))


def _walk(source: Source, unreadable: list[tuple[str, str]]) -> Iterator[tuple[str, str, bool]]:
    """Path and key of every file of a format that is read, and whether it is a link in the source's folder."""
    root, given = source.path, source.given
    if os.path.isfile(root):
        if not _is_article(root):
            raise CorpusError(f"{given} is not an article that briefqa reads ({', '.join(sorted(FORMATS))}).")
        yield root, os.path.basename(root), False
        return
    if not os.path.isdir(root):  # Path.is_dir raises where a folder above may not be searched
        raise CorpusError(f"There is no folder or file {given}. Name the folder that holds your articles.")
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                visible = sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
        except OSError as error:
            unreadable.append((str(error.filename), _reason(error)))
            continue
        folders = [entry for entry in visible if _is_folder(entry)]
        waiting += [(entry.path, f"{prefix}{entry.name}/") for entry in reversed(folders) if not entry.is_symlink()]
        for entry in visible:
            if _is_article(entry.name) and not _is_folder(entry):
                yield entry.path, f"{prefix}{entry.name}", entry.is_symlink()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_article(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in FORMATS


def _inspect(
    path: str, key: str, number: int, linked_from: Source | None, unreadable: list[tuple[str, str]]
) -> tuple[ScannedFile, tuple[int, int]] | None:
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
    except (OSError, RuntimeError) as error:
        unreadable.append((key, _reason(error)))
        return None
    if not stat.S_ISREG(status.st_mode):
        unreadable.append((key, "it is not a regular file"))
        return None
    file = ScannedFile(number, key, path, status.st_size, status.st_mtime_ns)
    return file, (status.st_dev, status.st_ino)


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
