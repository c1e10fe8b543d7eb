"""manifest.json: what a generation was made from and with, and what each of its files must be."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast, get_args

from briefqa.config import DenseKind, PrecisionName
from briefqa.corpus.formats import LOADING_VERSION
from briefqa.errors import IndexMismatch, damaged
from briefqa.index.checksums import FileRecord
from briefqa.types import NO_RULES, Rules

if TYPE_CHECKING:
    from pathlib import Path

    from briefqa.config import Settings
    from briefqa.types import Span

FORMAT = 4
MANIFEST_FILE = "manifest.json"
SEGMENT_NAME = re.compile(r"seg-(\d{6,})")
DEFAULT_DENSE: DenseKind = "auto"
# The last entry of the file: the hash of all that stands before it.
_CHECK = "sha256"
_BEFORE_CHECK = f',\n  "{_CHECK}": '

T = TypeVar("T", bound=tuple[Any, ...])


class EncoderIdentity(NamedTuple):
    """Which encoder made the vectors; `sha256` names its folder under encoders/. `precision` is that of the run that
    encoded everything: what an update adds may be in another, on another machine, or in fp32, as it is little."""

    name: str
    revision: str | None
    sha256: str
    dimension: int
    window: int
    precision: str


class RerankerIdentity(NamedTuple):
    """Which reranker the index carries; `sha256` names its folder under rerankers/."""

    name: str
    revision: str | None
    sha256: str
    window: int


class Chunking(NamedTuple):
    """How documents were cut."""

    passage_tokens: int
    overlap_tokens: int


class Loading(NamedTuple):
    """How files were made documents of: the version of what loads them, and whether clutter was left out."""

    version: int
    clean: bool


class Making(NamedTuple):
    """What of an index's making outlives a rebuild: its encoder's name, how documents were cut and loaded, its
    reranker, and the precision and the dense index that were asked for."""

    encoder: str | None = None
    chunking: Chunking | None = None
    reranker: RerankerIdentity | None = None
    precision: str = "auto"
    dense: DenseKind | None = None
    loading: Loading | None = None


class IndexedSource(NamedTuple):
    """A source as `types.Source` has it, but for its path, which is relative to the index folder (absolute if on
    another drive)."""

    given: str
    path: str
    is_file: bool
    pattern: str = ""
    rules: Rules = NO_RULES


class SegmentRecord(NamedTuple):
    """A segment: its folder's name, how many documents and passages lie in it, deleted ones too, and the half-open
    ranges that their numbers are from. A range that is longer has holes, which a merge left."""

    name: str
    documents: int
    passages: int
    document_numbers: Span
    passage_numbers: Span


class Manifest(NamedTuple):
    """One generation's description. `created_ns` is when the scan of the articles began, in ns since the epoch.
    `reranker` is null when there is none. `precision` (auto, fp32 or bf16) and `dense` are what was asked for.
    `documents` and `passages` are counted without deleted ones; `segments` are in the order of their numbers.
    `languages` are those of the documents (see `languages.document_languages`), with how many are in each."""

    generation: int
    created_ns: int
    briefqa: str
    encoder: EncoderIdentity
    reranker: RerankerIdentity | None
    chunking: Chunking
    dense: DenseKind
    loading: Loading
    analysis: int
    sources: tuple[IndexedSource, ...]
    documents: int
    passages: int
    segments: tuple[SegmentRecord, ...]
    files: dict[str, FileRecord]
    languages: tuple[tuple[str | None, int], ...] = ()
    precision: str = "auto"

    def write(self, folder: Path) -> None:
        """Write manifest.json into `folder`."""
        body = json.dumps({"format": FORMAT, **_plain(self)}, indent=2).removesuffix("\n}").encode()
        (folder / MANIFEST_FILE).write_bytes(body + _check_of(body))


def _plain(value: Any) -> Any:
    """What stands for `value` in JSON: a table for what has named parts."""
    if isinstance(value, Rules):
        return asdict(value)
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple):
        named = getattr(value, "_asdict", None)
        return _plain(named()) if named else [_plain(entry) for entry in value]
    return value


def read_manifest(folder: Path) -> Manifest:
    """The manifest in `folder`. Raises IndexMismatch for another format, IndexDamaged for anything unreadable, or that
    does not answer its own hash, which manifests of earlier versions lack."""
    path = folder / MANIFEST_FILE
    try:
        data = path.read_bytes()
        table: dict[str, Any] = json.loads(data.decode("utf-8"))
        found = table.pop("format")
        if found == FORMAT:
            _check(data, table)
            return _parse(table)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path) from error
    raise IndexMismatch(
        f"The index in {folder.parent} has format {found}, and this briefqa reads format {FORMAT}."
        " Make it again with: briefqa index --rebuild"
    )


def _check(data: bytes, table: dict[str, Any]) -> None:
    if table.keys() <= {*Manifest._fields}:
        return  # by an earlier version; one whose check was altered has a name that is none of these
    body, _, _ = data.rpartition(_BEFORE_CHECK.encode())
    if data != body + _check_of(body):
        raise ValueError("the hash is another")


def _check_of(body: bytes) -> bytes:
    return f'{_BEFORE_CHECK}"{hashlib.sha256(body).hexdigest()}"\n}}\n'.encode()


def read_making(folder: Path) -> Making:
    """What the manifest in `folder` says of how the index is to be made, whatever its format and the state of the
    rest; None for what it does not say, or not in a form that is known here."""
    try:
        table = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Making()
    entry = table if isinstance(table, dict) else {}
    encoder = entry.get("encoder")
    name = encoder.get("name") if isinstance(encoder, dict) else None
    chunking = _known(Chunking, entry.get("chunking"), int, int)
    reranker = _known(RerankerIdentity, entry.get("reranker"), str, None, str, int)
    precision = entry.get("precision")
    dense = entry.get("dense")
    return Making(
        name if isinstance(name, str) else None,
        chunking,
        reranker,
        str(precision) if precision in get_args(PrecisionName) else "auto",
        dense if dense in get_args(DenseKind) else None,
        _known(Loading, entry.get("loading"), int, bool),
    )


def loading_of(settings: Settings, making: Making) -> Loading:
    """How this run loads documents: as `settings` say, or as the index was made."""
    clean = making.loading.clean if making.loading else True
    return Loading(LOADING_VERSION, clean if settings.clean is None else settings.clean)


def _known(kind: type[T], entry: object, *types: type | None) -> T | None:
    """`entry` as a `kind` whose fields are of the `types`, None for any; None where it is no such thing."""
    try:
        found = kind(**entry)  # type: ignore[arg-type]
    except TypeError:
        return None
    alike = all(wanted is None or type(value) is wanted for value, wanted in zip(found, types, strict=True))
    return found if alike else None


def _segments(entries: list[dict[str, Any]]) -> tuple[SegmentRecord, ...]:
    found: list[SegmentRecord] = []
    for entry in entries:
        documents, passages = _span(entry["document_numbers"]), _span(entry["passage_numbers"])
        record = SegmentRecord(str(entry["name"]), int(entry["documents"]), int(entry["passages"]), documents, passages)
        before = (found[-1].document_numbers[1], found[-1].passage_numbers[1]) if found else (0, 0)
        follows = documents[0] >= before[0] and passages[0] >= before[1]
        fits = 0 < record.documents <= documents[1] - documents[0] and 0 < record.passages <= passages[1] - passages[0]
        if not (follows and fits and SEGMENT_NAME.fullmatch(record.name)):
            raise ValueError(f"{record} is no segment that follows {before}")
        found.append(record)
    return tuple(found)


def _span(entry: Any) -> Span:
    start, end = entry
    return int(start), int(end)


def _source(rules: dict[str, Any], **entry: Any) -> IndexedSource:
    lists = {name: tuple(rules[name]) for name in ("include", "exclude", "tags")}
    fields = tuple((name, field) for name, field in rules["fields"])
    return IndexedSource(**entry, rules=Rules(**{**rules, **lists, "fields": fields}))


def _kind(entry: object) -> DenseKind:
    if entry not in get_args(DenseKind):
        raise ValueError(entry)
    return cast("DenseKind", entry)


def _parse(table: dict[str, Any]) -> Manifest:
    return Manifest(
        generation=int(table["generation"]),
        created_ns=int(table["created_ns"]),
        briefqa=str(table["briefqa"]),
        encoder=EncoderIdentity(**table["encoder"]),
        reranker=RerankerIdentity(**table["reranker"]) if table.get("reranker") is not None else None,
        chunking=Chunking(**table["chunking"]),
        dense=_kind(table.get("dense", DEFAULT_DENSE)),
        loading=Loading(**table["loading"]),
        analysis=int(table["analysis"]),
        sources=tuple(_source(**entry) for entry in table["sources"]),
        documents=int(table["documents"]),
        passages=int(table["passages"]),
        segments=_segments(table["segments"]),
        files={name: FileRecord(**entry) for name, entry in table["files"].items()},
        languages=tuple((code, int(number)) for code, number in table["languages"]),
        precision=str(table.get("precision", "auto")),
    )
