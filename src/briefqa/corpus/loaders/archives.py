"""Archives (.zip) and packed files (.gz) of what the other loaders read. Archives in archives are not opened."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from briefqa.corpus.formats import FORMATS, loader_for
from briefqa.corpus.unpacking import LARGEST_TOTAL, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.corpus.article import Article, LoadOptions

PART_MARK = "#"
"""Between a member's name and the name of an article in it."""
_ARCHIVES = frozenset((".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zip", ".zst"))
_TARS = (".tar.gz", ".tgz")
_MOST_BROKEN = 100
_STEP = 1 << 20


def load_zip(data: bytes, options: LoadOptions) -> list[Article]:
    """The articles in a zip, `part` being a member's name, and for a member of several "name#part". A member that can't
    be read is told in a warning. Raises ValueError for what is no zip or a hostile one, and when nothing in it can be
    read."""
    articles: list[Article] = []
    warnings: list[str] = []
    seen: set[str] = set()
    for name, content in _members(data, warnings):
        if name in seen:
            warnings.append(f"its {name!r} is there twice, and the first is taken")
            continue
        seen.add(name)
        try:
            inner = _load(name, content, options)
        except ValueError as error:
            warnings.append(_left_out(name, error))
            continue
        for article in inner:
            part = f"{name}{PART_MARK}{article.part}" if article.part else name
            articles.append(replace(article, part=part))
    if not articles:
        raise ValueError(f"nothing in it can be read: {warnings[0]}" if warnings else _nothing_known())
    return [replace(articles[0], warnings=(*warnings, *articles[0].warnings)), *articles[1:]]


def load_gz(data: bytes, options: LoadOptions) -> list[Article]:
    """The articles in a file packed with gzip, whose name without .gz says what it is. Raises ValueError for a name
    that does not, for a packed archive, a broken file, and one that is too large unpacked."""
    lower = options.name.lower()
    if lower.endswith(_TARS):
        raise ValueError("it is a packed tar archive, which is not opened: unpack it first, or make it a zip")
    name = options.name[:-3] if lower.endswith(".gz") else options.name
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _ARCHIVES:
        raise ValueError("it is an archive in an archive, which is not opened: unpack it first")
    if suffix not in FORMATS:
        raise ValueError("its name does not say what it holds: it has to end like .html.gz or .jsonl.gz")
    return _load(name, _unpacked(data), options)


def _load(name: str, content: bytes, options: LoadOptions) -> list[Article]:
    path = PurePosixPath(name)
    return loader_for(path.suffix)(content, replace(options, name=path.name))


class _Wanted:
    """Which members to unpack, asked in the archive's order: what may be an article, behind the first `done`."""

    def __init__(self, done: int, warnings: list[str]) -> None:
        self._done, self._warnings = done, warnings
        self.place = 0
        self.last = ""

    def __call__(self, name: str) -> bool:
        self.place += 1
        if self.place <= self._done or not _may_be_article(name, self._warnings):
            return False
        self.last = name
        return True


def _members(data: bytes, warnings: list[str]) -> Iterator[tuple[str, bytes]]:
    """The members that may be articles. Unpacking starts anew behind one that is broken, so that the rest is had."""
    done = total = 0
    for _ in range(_MOST_BROKEN):
        wanted = _Wanted(done, warnings)
        try:
            for name, content in members(data, wanted):
                total += len(content)
                if total > LARGEST_TOTAL:
                    warnings.append(f"it unpacks to over {LARGEST_TOTAL // 1_000_000} MB, and the rest was not read")
                    return
                yield name, content
        except ValueError as error:
            if not wanted.last:
                raise
            warnings.append(_left_out(wanted.last, error))
            done = wanted.place
        else:
            return
    warnings.append("so many of its files are broken that the rest was not read")


def _may_be_article(name: str, warnings: list[str]) -> bool:
    path = PurePosixPath(name)
    if any(part.startswith(".") or part == "__MACOSX" for part in path.parts):
        return False
    suffix = path.suffix.lower()
    if suffix in _ARCHIVES:
        warnings.append(f"its {name!r} is an archive in an archive, which is not opened")
        return False
    return suffix in FORMATS


def _left_out(name: str, error: ValueError) -> str:
    return f"its {name!r} was left out: {error}"


def _nothing_known() -> str:
    return f"it holds no file of a format that is read ({', '.join(sorted(FORMATS.keys() - _ARCHIVES))})"


def _unpacked(data: bytes) -> bytes:
    content = bytearray()
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
            while step := packed.read(_STEP):
                content += step
                if len(content) > LARGEST_TOTAL:
                    raise ValueError(f"it unpacks to over {LARGEST_TOTAL // 1_000_000} MB")
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("it is no gzip file, or a broken one") from error
    return bytes(content)
