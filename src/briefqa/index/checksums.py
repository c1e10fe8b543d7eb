"""Sizes and checksums of the files in a folder, and which of them no longer hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The list for a folder that has no manifest to hold it: an exported encoder or reranker.
CHECKSUMS_FILE = "checksums.json"


@dataclass(frozen=True, slots=True)
class FileRecord:
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
    `hashing`, have the size that they had."""
    wrong = []
    for name, record in records.items():
        try:
            path = folder / name
            found = _record(path) if hashing else FileRecord(path.stat().st_size, record.sha256)
        except OSError:
            wrong.append(f"{folder / name} is missing or unreadable")
            continue
        if found.bytes != record.bytes:
            wrong.append(f"{folder / name} has {found.bytes} bytes and should have {record.bytes}")
        elif found != record:
            wrong.append(f"{folder / name} is altered: its checksum is not the recorded one")
    return wrong


def write_list(folder: Path) -> None:
    """Write the records of a folder's files into it."""
    records = {name: asdict(record) for name, record in record_files(folder, but=CHECKSUMS_FILE).items()}
    (folder / CHECKSUMS_FILE).write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def wrong_by_list(folder: Path, *, hashing: bool = True) -> list[str]:
    """`wrong_files` by the list that `write_list` left."""
    path = folder / CHECKSUMS_FILE
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        records = {name: FileRecord(**entry) for name, entry in table.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return [f"{path} is missing or damaged"]
    return wrong_files(folder, records, hashing=hashing)


def _record(path: Path) -> FileRecord:
    with path.open("rb") as file:
        return FileRecord(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
