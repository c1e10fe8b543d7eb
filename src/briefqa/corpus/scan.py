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
    from collections.abc import Iterable, Iterator, Sequence

    from briefqa.types import Source


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """An article file. `key` is its path below the source's folder, with forward slashes."""

    source: int
    key: str
    path: Path
    size: int
    mtime_ns: int


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
        for path in _walk(Path(source.path), source.given, unreadable):
            file = _inspect(path, number, source, unreadable)
            if file is not None and file[1] not in seen:
                seen.add(file[1])
                files.append(file[0])
    return Listing(tuple(sorted(files, key=lambda file: (file.source, file.key))), tuple(sorted(unreadable)))


def _walk(root: Path, given: str, unreadable: list[tuple[str, str]]) -> Iterator[Path]:
    if os.path.isfile(root):
        if root.suffix.lower() not in FORMATS:
            raise CorpusError(f"{given} is not an article that briefqa reads ({', '.join(sorted(FORMATS))}).")
        yield root
        return
    if not os.path.isdir(root):  # Path.is_dir raises where a folder above may not be searched
        raise CorpusError(f"There is no folder or file {given}. Name the folder that holds your articles.")

    def note(error: OSError) -> None:
        unreadable.append((str(error.filename), _reason(error)))

    for folder, folders, names in os.walk(root, onerror=note):
        folders[:] = _visible(folders)
        yield from (Path(folder, name) for name in _visible(names) if Path(name).suffix.lower() in FORMATS)


def _visible(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if not name.startswith("."))


def _inspect(
    path: Path, number: int, source: Source, unreadable: list[tuple[str, str]]
) -> tuple[ScannedFile, tuple[int, int]] | None:
    root = Path(source.path)
    key = path.name if path == root else path.relative_to(root).as_posix()
    try:
        key.encode()
    except UnicodeEncodeError:
        unreadable.append((key.encode("utf-8", "replace").decode(), "its name is not valid UTF-8"))
        return None
    try:
        if path.is_symlink() and path != root and not path.resolve().is_relative_to(root.resolve()):
            unreadable.append((key, "it is a link out of the folder"))
            return None
        status = path.stat()
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
