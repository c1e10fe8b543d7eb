"""manifest.json: what a generation was made from and with, and what each of its files must be."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from briefqa.errors import IndexDamaged, IndexMismatch
from briefqa.index.checksums import FileRecord

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 2
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """Which encoder made the vectors; `sha256` names its folder under encoders/."""

    name: str
    revision: str | None
    sha256: str
    dimension: int
    window: int
    precision: str


@dataclass(frozen=True, slots=True)
class RerankerIdentity:
    """Which reranker the index carries; `sha256` names its folder under rerankers/."""

    name: str
    revision: str | None
    sha256: str
    window: int


@dataclass(frozen=True, slots=True)
class Chunking:
    """How documents were cut."""

    passage_tokens: int
    overlap_tokens: int


@dataclass(frozen=True, slots=True)
class IndexedSource:
    """A source as the user gave it, and its path relative to the index folder (absolute if on another drive)."""

    given: str
    path: str
    is_file: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation's description. `created_ns` is when the scan of the articles began, in ns since the epoch.
    `reranker` is null when there is none; an older index lacks the entry."""

    generation: int
    created_ns: int
    briefqa: str
    encoder: EncoderIdentity
    reranker: RerankerIdentity | None
    chunking: Chunking
    analysis: int
    sources: tuple[IndexedSource, ...]
    documents: int
    passages: int
    files: dict[str, FileRecord]

    def write(self, folder: Path) -> None:
        """Write manifest.json into `folder`."""
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=2) + "\n"
        (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest in `folder`. Raises IndexMismatch for another format, IndexDamaged for anything unreadable."""
    path = folder / MANIFEST_FILE
    try:
        table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found = table.pop("format")
        if found == FORMAT:
            return _parse(table)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path} is damaged. Make the index again with: briefqa index --rebuild") from error
    raise IndexMismatch(
        f"The index in {folder.parent} has format {found}, and this briefqa reads format {FORMAT}."
        " Make it again with: briefqa index --rebuild"
    )


def read_reranker(folder: Path) -> RerankerIdentity | None:
    """The reranker that the manifest in `folder` names, whatever the format and state of the rest; None where it names
    none or can't be read."""
    try:
        entry = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))["reranker"]
        found = RerankerIdentity(**entry)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if (type(found.name), type(found.sha256), type(found.window)) == (str, str, int) else None


def _parse(table: dict[str, Any]) -> Manifest:
    return Manifest(
        generation=int(table["generation"]),
        created_ns=int(table["created_ns"]),
        briefqa=str(table["briefqa"]),
        encoder=EncoderIdentity(**table["encoder"]),
        reranker=RerankerIdentity(**table["reranker"]) if table.get("reranker") is not None else None,
        chunking=Chunking(**table["chunking"]),
        analysis=int(table["analysis"]),
        sources=tuple(IndexedSource(**entry) for entry in table["sources"]),
        documents=int(table["documents"]),
        passages=int(table["passages"]),
        files={name: FileRecord(**entry) for name, entry in table["files"].items()},
    )
