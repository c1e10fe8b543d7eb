"""Sizes and checksums of the files in a folder, and which of them no longer hold."""

from __future__ import annotations

import hashlib
import json
import stat
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from briefqa.errors import REBUILD, IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHECKED_ON_OPENING = 2_000_000
"""Bytes of a folder's files, from the smallest on, whose checksums are looked at whenever it is opened: 1 ms."""
# The list for a folder that has no manifest to hold it: an exported encoder or reranker.
CHECKSUMS_FILE = "checksums.json"


class FileRecord(NamedTuple):
    """Size and checksum of one file."""

    bytes: int
    sha256: str


def record_files(
    folder: Path, *, but: str, known: Mapping[str, FileRecord] = MappingProxyType({})
) -> dict[str, FileRecord]:
    """The record of every file below `folder` except `but`, by path with forward slashes: the `known` one, where there
    is one, so that a file which was damaged since stays so."""
    names = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.is_file()}
    return {name: known.get(name) or _record(file) for name, file in names.items() if name != but}


def wrong_files(folder: Path, records: Mapping[str, FileRecord], *, hashing: bool = True) -> list[str]:
    """What is wrong with the recorded files, a phrase each; [] when all are as they were written, or, without
    `hashing`, have the size that they had, and a few small ones their checksums too."""
    hashed = records.keys() if hashing else _small(records)
    return [told for name, record in records.items() if (told := _wrong(folder / name, record, name in hashed))]


def require_whole(folder: Path, records: Mapping[str, FileRecord], *, hashing: bool = True) -> None:
    """Raise IndexDamaged for the first of the recorded files with which something is wrong, as `wrong_files` tells."""
    hashed = records.keys() if hashing else _small(records)
    for name, record in records.items():
        if told := _wrong(folder / name, record, name in hashed):
            raise IndexDamaged(f"{told}. {REBUILD}")


def _small(records: Mapping[str, FileRecord]) -> set[str]:
    found, room = set(), CHECKED_ON_OPENING
    for name, record in sorted(records.items(), key=lambda entry: entry[1].bytes):
        room -= record.bytes
        if room < 0:
            break
        found.add(name)
    return found


def _wrong(path: Path, record: FileRecord, hashing: bool) -> str | None:
    try:
        status = path.stat()
        size = status.st_size
        if not stat.S_ISREG(status.st_mode):
            return f"{path} is no file"
        if size != record.bytes:
            return f"{path} has {size} bytes and should have {record.bytes}"
        if hashing and _record(path).sha256 != record.sha256:
            return f"{path} is altered: its checksum is not the recorded one"
    except OSError:
        return f"{path} is missing or unreadable"
    return None


def write_list(folder: Path) -> None:
    """Write the records of a folder's files into it."""
    records = {name: record._asdict() for name, record in record_files(folder, but=CHECKSUMS_FILE).items()}
    (folder / CHECKSUMS_FILE).write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def wrong_by_list(folder: Path, *, hashing: bool = True) -> list[str]:
    """`wrong_files` by the list that `write_list` left."""
    path = folder / CHECKSUMS_FILE
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        records = {name: FileRecord(int(entry["bytes"]), str(entry["sha256"])) for name, entry in table.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return [f"{path} is missing or damaged"]
    return wrong_files(folder, records, hashing=hashing)


def require_whole_by_list(folder: Path, what: str) -> None:
    """Raise IndexDamaged when something is wrong with the sizes of the files of the exported model `what`, or with the
    small ones, by the list that `write_list` left."""
    for told in wrong_by_list(folder, hashing=False):
        raise IndexDamaged(f"The index's {what} in {folder} can't be loaded: {told}. {REBUILD}")


def _record(path: Path) -> FileRecord:
    with path.open("rb") as file:
        return FileRecord(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
