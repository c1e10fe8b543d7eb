"""An opened generation: the default implementation of `PassageStore`, and look-up by id."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.analysis import ANALYSIS_VERSION
from briefqa.errors import REBUILD, IndexDamaged, IndexMismatch, UsageError
from briefqa.index.blame import blaming_damage
from briefqa.index.catalog import passage
from briefqa.index.checksums import require_whole
from briefqa.index.duplicates import read_duplicates
from briefqa.index.generation import ENCODERS_FOLDER, RERANKERS_FOLDER, of_live, open_manifest
from briefqa.index.lexical import LexicalIndex
from briefqa.index.places import Locator
from briefqa.index.segments import Segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from briefqa.filters import Filter
    from briefqa.index.duplicates import Duplicates
    from briefqa.index.manifest import Manifest
    from briefqa.index.restricted import RestrictedReader
    from briefqa.protocols import Vectors, Word
    from briefqa.types import Cut, Document, Passage

# So many of a group are read for an answer.
_MOST_READ = 64


class GenerationReader:
    """One generation, read-only. It goes on to work when a newer one is published and this one is removed."""

    filtered = None
    """No filter leaves anything out; see RestrictedReader."""

    def __init__(self, index: Path, folder: Path, manifest: Manifest) -> None:
        self.index, self.folder, self.manifest = index, folder, manifest
        self.locator = Locator(manifest.sources, index)
        require_whole(folder, manifest.files, hashing=False)
        self.segments = Segments(folder, manifest, self.locator)
        try:
            # Opened now: once this generation is replaced, its files can't be.
            self.duplicates: Duplicates = read_duplicates(folder)
            self.lexical = LexicalIndex(folder)
            if manifest.analysis != ANALYSIS_VERSION:
                raise IndexMismatch(f"The index in {index} was made by another version of the text analysis. {REBUILD}")
            if len(self.lexical) != manifest.passages:
                raise IndexDamaged(f"The parts of the index in {index} do not belong together. {REBUILD}")
        except Exception:
            self.close()
            raise

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
        """Close the catalogs; the rest goes with the object."""
        self.segments.close()

    def __len__(self) -> int:
        return self.manifest.passages

    def numbers(self) -> list[int]:
        """The numbers of all passages, rising."""
        found: list[int] = self.segments.numbers().tolist()
        return found

    def documents(self, offset: int = 0, limit: int | None = None) -> Iterator[Document]:
        """Every document, in the order of the article files, or the first `limit` of those after `offset`."""
        return (document for _, document in self.segments.documents(offset, limit))

    def dense_top(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """See PassageStore."""
        return self.segments.dense_top(vector, k)

    def restricted(self, wanted: Filter) -> RestrictedReader:
        """The generation within the filter. Raises IndexDamaged."""
        from briefqa.index.restricted import RestrictedReader  # noqa: PLC0415 - most questions have no filter

        return RestrictedReader(self, wanted)

    def prepare_dense(self, vectors: Vectors, k: int) -> None:
        """Find the k nearest to each of many vectors at once, for `dense_top` to know."""
        self.segments.prepare_dense(vectors, k)

    def dense_scores(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """See PassageStore."""
        return self.segments.dense_scores(vector, numbers)

    def dense_median(self, vector: Vectors) -> float:
        """See PassageStore."""
        return self.segments.dense_median(vector)

    def sentence_cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[list[float]]:
        """See PassageStore."""
        return self.segments.sentence_cosines(vector, numbers)

    @property
    def analyzers(self) -> Sequence[str]:
        """See PassageStore."""
        return self.lexical.analyzers

    def lexical_top(self, words: Sequence[Word], k: int) -> list[tuple[int, float]]:
        """See PassageStore."""
        return self.lexical.top(words, k)

    def document_frequency(self, word: Word) -> int:
        """See PassageStore."""
        return self.lexical.document_frequency(word)

    def passage_ids(self, numbers: Sequence[int]) -> list[str]:
        """See PassageStore."""
        return self.segments.passage_ids(numbers)

    def published(self, numbers: Sequence[int]) -> list[str | None]:
        """When the document of each numbered passage was published, as far as it is known."""
        return self.segments.published(numbers)

    def newest(self) -> date | None:
        """The first day that the date of the newest document can mean, or today if that is to come; None where no
        document has a date."""
        from briefqa.index.selection import newest  # noqa: PLC0415 - for recency only

        return newest(self.segments)

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        """See PassageStore."""
        return self.segments.passages(numbers)

    def cuts(self, document: Document) -> tuple[Cut, ...]:
        """What was left out of the document. Raises UsageError when it is not there, or no more."""
        _, numbers = self.segments.find(document.id)
        if not numbers:
            raise UsageError(f"{document.path} is not in this index as it was read (document {document.id}).")
        return self.segments.cuts(numbers[0])

    def groups(self, numbers: Sequence[int]) -> list[int | None]:
        """See CopyStore."""
        if not len(self.duplicates):
            return [None] * len(numbers)
        return [self.duplicates.group_of(document) for document in self.segments.homes(numbers)]

    def group(self, group: int) -> list[tuple[Document, list[Passage]]]:
        """See CopyStore."""
        return self.documents_of_group(group, most=_MOST_READ)

    def documents_of_group(self, group: int, *, most: int | None = None) -> list[tuple[Document, list[Passage]]]:
        """The documents of a group with their passages: all, or the `most` that were indexed first."""
        found = []
        for number in self.duplicates.members(group)[:most]:
            document = self.segments.document(number)
            found.append((document, [passage(row, document) for _, row in self.segments.passages_of(number)]))
        return found

    def look_up(self, prefix: str, context: int) -> tuple[Document, list[Passage], str | None]:
        """The document of the passage or document whose id starts with `prefix`, the passages to show, and the id
        of the one asked for: a passage with `context` neighbours on each side, or a whole document's (id None).

        Raises UsageError when no id, or more than one, starts so.
        """
        if not prefix or any(digit not in "0123456789abcdef" for digit in prefix):
            raise UsageError(f"{prefix!r} is no id. Ids are hexadecimal, as `briefqa search` prints them.")
        passages, documents = self.segments.find(prefix)
        if not passages and not documents:
            raise UsageError(f"No passage and no document of this index has an id that starts with {prefix}.")
        if len(passages) + len(documents) > 1:
            ids = [row.id for _, row in passages] + [self.segments.document(number).id for number in documents]
            raise UsageError(f"More than one id starts with {prefix}: {', '.join(ids)}. Type more of it.")
        number, found = passages[0] if passages else (documents[0], None)
        document = self.segments.document(number)
        rows = [row for _, row in self.segments.passages_of(number)]
        if found:
            if found not in rows:
                raise IndexDamaged(f"Passage {found.id} of {document.path} is not where the index says. {REBUILD}")
            position = rows.index(found)
            rows = rows[max(0, position - context) : position + context + 1]
        return document, [passage(row, document) for row in rows], found.id if found else None


def open_generation(index: Path) -> GenerationReader:
    """The live generation of `index`. Raises IndexMissing, IndexDamaged or IndexMismatch."""
    return of_live(index, lambda: _open(index, *open_manifest(index)))


def _open(index: Path, folder: Path, manifest: Manifest) -> GenerationReader:
    with blaming_damage(index, folder.name):
        return GenerationReader(index, folder, manifest)
