"""An opened generation: the default implementation of `PassageStore`, and look-up by id."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.analysis import ANALYSIS_VERSION
from briefqa.errors import IndexDamaged, IndexMismatch, UsageError
from briefqa.index.catalog import Catalog, passage
from briefqa.index.dense import DenseIndex
from briefqa.index.generation import ENCODERS_FOLDER, RERANKERS_FOLDER, live_generation_name, open_manifest
from briefqa.index.lexical import LexicalIndex
from briefqa.index.places import Locator
from briefqa.index.sentence_vectors import SentenceVectors, code_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.index.manifest import Manifest
    from briefqa.protocols import Vectors
    from briefqa.types import Document, Passage

_REBUILD = "Make the index again with: briefqa index --rebuild"
_OPEN_TRIES = 5


class GenerationReader:
    """One generation, read-only. It goes on to work when a newer one is published and this one is removed."""

    def __init__(self, index: Path, folder: Path, manifest: Manifest) -> None:
        self.index, self.folder, self.manifest = index, folder, manifest
        self.locator = Locator(manifest.sources, index)
        _check_sizes(folder, manifest)
        self.catalog = Catalog(folder, self.locator)
        self.dense = DenseIndex(folder)
        self.sentences = SentenceVectors(folder)
        self.lexical = LexicalIndex(folder)
        if manifest.analysis != ANALYSIS_VERSION:
            raise IndexMismatch(f"The index in {index} was made by another version of the text analysis. {_REBUILD}")
        alike = len(self.dense) == len(self.lexical) == len(self.sentences) == manifest.passages
        if not alike or self.sentences.width != code_width(manifest.encoder.dimension):
            raise IndexDamaged(f"The parts of the index in {index} do not belong together. {_REBUILD}")

    @property
    def encoder_folder(self) -> Path:
        """Where the index's query encoder stands."""
        return self.index / ENCODERS_FOLDER / self.manifest.encoder.sha256

    @property
    def reranker_folder(self) -> Path | None:
        """Where the index's reranker stands, if it has one."""
        reranker = self.manifest.reranker
        return self.index / RERANKERS_FOLDER / reranker.sha256 if reranker else None

    def close(self) -> None:
        """Close the catalog; the rest goes with the object."""
        self.catalog.close()

    def __len__(self) -> int:
        return self.manifest.passages

    def dense_top(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """See PassageStore."""
        return self.dense.top(vector, k)

    def prepare_dense(self, vectors: Vectors, k: int) -> None:
        """Find the k nearest to each of many vectors at once, for `dense_top` to know."""
        self.dense.prepare(vectors, k)

    def dense_scores(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """See PassageStore."""
        return self.dense.scores(vector, numbers)

    def dense_median(self, vector: Vectors) -> float:
        """See PassageStore."""
        return self.dense.median(vector)

    def sentence_cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[list[float]]:
        """See PassageStore."""
        return self.sentences.cosines(vector, numbers)

    def lexical_top(self, terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        """See PassageStore."""
        return self.lexical.top(terms, k)

    def document_frequency(self, term: str) -> int:
        """See PassageStore."""
        return self.lexical.document_frequency(term)

    def passage_ids(self, numbers: Sequence[int]) -> list[str]:
        """See PassageStore."""
        return self.catalog.passage_ids(numbers)

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        """See PassageStore."""
        rows = self.catalog.passage_rows(numbers)
        documents = {number: self.catalog.document(number) for number in {row.document for row in rows}}
        return [(passage(row, documents[row.document]), documents[row.document]) for row in rows]

    def look_up(self, prefix: str, context: int) -> tuple[Document, list[Passage], str | None]:
        """The document of the passage or document whose id starts with `prefix`, the passages to show, and the id
        of the one asked for: a passage with `context` neighbours on each side, or a whole document's (id None).

        Raises UsageError when no id, or more than one, starts so.
        """
        if not prefix or any(digit not in "0123456789abcdef" for digit in prefix):
            raise UsageError(f"{prefix!r} is no id. Ids are hexadecimal, as `briefqa search` prints them.")
        passages, documents = self.catalog.find(prefix)
        if not passages and not documents:
            raise UsageError(f"No passage and no document of this index has an id that starts with {prefix}.")
        if len(passages) + len(documents) > 1:
            ids = [row.id for row in passages] + [self.catalog.document(number).id for number in documents]
            raise UsageError(f"More than one id starts with {prefix}: {', '.join(ids)}. Type more of it.")
        number = passages[0].document if passages else documents[0]
        document = self.catalog.document(number)
        rows = self.catalog.passages_of(number)
        if passages:
            position = next(place for place, row in enumerate(rows) if row.id == passages[0].id)
            rows = rows[max(0, position - context) : position + context + 1]
        return document, [passage(row, document) for row in rows], passages[0].id if passages else None


def open_generation(index: Path) -> GenerationReader:
    """The live generation of `index`. Raises IndexMissing, IndexDamaged or IndexMismatch."""
    for _ in range(_OPEN_TRIES - 1):
        folder, manifest = open_manifest_once(index)
        try:
            return GenerationReader(index, folder, manifest)
        except (IndexDamaged, OSError):
            # A writer may have published and swept between two of our reads; then the next try finds its work.
            if live_generation_name(index) == folder.name:
                raise
    return GenerationReader(index, *open_manifest(index))


def open_manifest_once(index: Path) -> tuple[Path, Manifest]:
    """`open_manifest`, tried again when a writer replaces the generation meanwhile."""
    before = live_generation_name(index)
    try:
        return open_manifest(index)
    except IndexDamaged:
        if live_generation_name(index) == before:
            raise
        return open_manifest(index)


def _check_sizes(folder: Path, manifest: Manifest) -> None:
    for name, record in manifest.files.items():
        try:
            size = (folder / name).stat().st_size
        except OSError:
            raise IndexDamaged(f"{folder / name} is missing or unreadable. {_REBUILD}") from None
        if size != record.bytes:
            raise IndexDamaged(f"{folder / name} has {size} bytes and should have {record.bytes}. {_REBUILD}")
