"""The segments of a generation as one: what is asked by number goes to the segment that has it."""

from __future__ import annotations

import heapq
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from briefqa.errors import REBUILD, IndexDamaged, IndexProblem
from briefqa.index.catalog import passage
from briefqa.index.dense import MEDIAN_SAMPLE, median_cosine
from briefqa.index.segment import Segment
from briefqa.index.tombstones import NONE, TOMBSTONES_FILE, contains, read_tombstones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.index.catalog import Locate, PassageRow
    from briefqa.index.dense import Allowed
    from briefqa.index.manifest import Manifest
    from briefqa.index.sentence_vectors import Codes
    from briefqa.index.tombstones import Numbers
    from briefqa.protocols import Vectors
    from briefqa.types import Cut, Document, Passage

_MOST_FOUND = 10

T = TypeVar("T")


class Segments:
    """The opened segments of the generation in `folder`. Raises IndexDamaged, as every method does."""

    def __init__(self, folder: Path, manifest: Manifest, locate: Locate) -> None:
        self.tombstones = read_tombstones(folder) if TOMBSTONES_FILE in manifest.files else NONE
        self.opened: list[Segment] = []
        dimension = manifest.encoder.dimension
        try:
            for record in manifest.segments:
                dead = self.tombstones.within(record.document_numbers, record.passage_numbers)
                segment = Segment(folder / record.name, record, locate, dimension=dimension, dead=dead)
                self.opened.append(segment)
            self._check_counts(folder, manifest)
        except IndexProblem:
            self.close()
            raise
        self._firsts = np.array([segment.record.passage_numbers[0] for segment in self.opened])
        self._sample: Vectors | None = None

    def close(self) -> None:
        """Close the catalogs; the rest goes with the object."""
        for segment in self.opened:
            segment.close()

    def check(self) -> None:
        """`Segment.check`, of all."""
        for segment in self.opened:
            segment.check()

    def numbers(self) -> Numbers:
        """The numbers of all passages that count, rising."""
        parts = [segment.live + segment.record.passage_numbers[0] for segment in self.opened]
        return np.concatenate(parts) if parts else NONE.passages

    def dense_top(self, vector: Vectors, k: int, within: Sequence[Allowed] | None = None) -> list[tuple[int, float]]:
        """See PassageStore; of all, or of the rows of each segment that are true in `within`."""
        rows = self._rows(within)
        if len(self.opened) == 1:
            return _shifted(self.opened[0].dense_top(vector, k, rows[0]), self.opened[0])
        found = (
            _shifted(segment.dense_top(vector, k, own), segment) for segment, own in zip(self.opened, rows, strict=True)
        )
        return list(islice(heapq.merge(*found, key=lambda entry: -entry[1]), max(k, 0)))

    def prepare_dense(self, vectors: Vectors, k: int, within: Sequence[Allowed] | None = None) -> None:
        """Find the k nearest to each of many vectors at once, for `dense_top` to know."""
        for segment, rows in zip(self.opened, self._rows(within), strict=True):
            segment.prepare_dense(vectors, k, rows)

    def dense_scores(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """See PassageStore."""
        return self._each(numbers, lambda segment, own: segment.scores(vector, own))

    def dense_median(self, vector: Vectors) -> float:
        """See PassageStore."""
        if len(self.opened) == 1 and not len(self.tombstones.passages):
            return self.opened[0].dense.median(vector)
        if self._sample is None:
            numbers = self.numbers()
            self._sample = self.vectors(numbers[:: max(1, len(numbers) // MEDIAN_SAMPLE)])
        return median_cosine(self._sample, vector)

    def vectors(self, numbers: Sequence[int] | Numbers) -> Vectors:
        """The numbered passages' vectors, float32 of shape (len(numbers), dimension)."""
        dimension = self.opened[0].dense.dimension if self.opened else 0
        found = np.empty((len(numbers), dimension), dtype=np.float32)
        for segment, places, own in self._shares(numbers):
            found[places] = segment.vectors(own)
        return found

    def codes(self, numbers: Sequence[int] | Numbers) -> list[Codes]:
        """The codes of each numbered passage's sentences."""
        return self._each(numbers, lambda segment, own: segment.codes(own))

    def sentence_cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[list[float]]:
        """See PassageStore."""
        return self._each(numbers, lambda segment, own: segment.sentence_cosines(vector, own))

    def passage_ids(self, numbers: Sequence[int]) -> list[str]:
        """See PassageStore."""
        return self._each(numbers, lambda segment, own: segment.catalog.passage_ids(own.tolist()))

    def published(self, numbers: Sequence[int]) -> list[str | None]:
        """When the document of each numbered passage was published."""
        return self._each(numbers, lambda segment, own: segment.catalog.published(own.tolist()))

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        """See PassageStore."""
        return self._each(numbers, lambda segment, own: _passages(segment, own.tolist()))

    def homes(self, numbers: Sequence[int]) -> list[int]:
        """The number of each numbered passage's document."""
        return self._each(numbers, _homes)

    def document(self, number: int) -> Document:
        """The numbered document."""
        segment, own = self._home(number)
        return segment.catalog.document(own)

    def cuts(self, number: int) -> tuple[Cut, ...]:
        """What was left out of the numbered document."""
        segment, own = self._home(number)
        return segment.catalog.cuts(own)

    def blocks(self) -> Iterator[tuple[int, str, bytes]]:
        """Each document's number, its origin, and its blocks that may recur in others of that (see `recurring`)."""
        for segment in self.opened:
            first = segment.record.document_numbers[0]
            for number, origin, blocks in segment.catalog.blocks():
                if not contains(segment.dead.documents, number):
                    yield first + number, origin, blocks

    def blocks_of(self, number: int) -> tuple[str, bytes] | None:
        """The origin and blocks of the numbered document, if it was cleaned."""
        segment, own = self._home(number)
        return segment.catalog.blocks_of(own)

    def passages_of(self, document: int) -> list[tuple[int, PassageRow]]:
        """The numbers and rows of a document's passages, in order."""
        segment, own = self._home(document)
        first = segment.record.passage_numbers[0]
        return [(first + row.number, row) for row in segment.catalog.passages_of(own)]

    def documents(self, offset: int = 0, limit: int | None = None) -> Iterator[tuple[int, Document]]:
        """Every document that counts with its number, in the order of the article files, or the first `limit` of those
        after `offset`."""
        for number, _, _ in islice(self._contents(), offset, None if limit is None else offset + limit):
            yield number, self.document(number)

    def contents(self) -> list[tuple[str, str]]:
        """The key of every document that counts and the SHA-256 of its file, in the order of the article files."""
        return [(key, sha256) for _, key, sha256 in self._contents()]

    def find(self, prefix: str) -> tuple[list[tuple[int, PassageRow]], list[int]]:
        """Passages with the number of their document, and numbers of documents, whose id starts with `prefix`: the
        first 10 of each by id."""
        passages: list[tuple[str, int, PassageRow]] = []
        documents: list[tuple[str, int]] = []
        for segment in self.opened:
            first = segment.record.document_numbers[0]
            rows, named = segment.catalog.find(prefix)
            live = (row for row in rows if not contains(segment.dead.passages, row.number))
            passages += [(row.id, first + row.document, row) for row in islice(live, _MOST_FOUND)]
            whole = ((name, first + own) for own, name in named if not contains(segment.dead.documents, own))
            documents += islice(whole, _MOST_FOUND)
        found = sorted(passages, key=lambda entry: entry[0])[:_MOST_FOUND]
        return [entry[1:] for entry in found], [number for _, number in sorted(documents)[:_MOST_FOUND]]

    def find_text(self, indexed_sha256: bytes) -> tuple[int, PassageRow] | None:
        """A passage whose indexed text has this hash, a deleted one too: its number and row."""
        for segment in self.opened:
            row = segment.catalog.find_text(indexed_sha256)
            if row is not None:
                return segment.record.passage_numbers[0] + row.number, row
        return None

    def passages_named(self, identity: str) -> list[int]:
        """The numbers of the passages with this id: of those that count there is one at most."""
        found = ((segment, segment.catalog.passage_number(identity)) for segment in self.opened)
        return [segment.record.passage_numbers[0] + own for segment, own in found if own is not None]

    def _contents(self) -> list[tuple[int, str, str]]:
        found = sorted(
            (source, key, segment.record.document_numbers[0] + own, sha256)
            for segment in self.opened
            for own, source, key, sha256 in segment.catalog.contents()
            if not contains(segment.dead.documents, own)
        )
        return [(number, key, sha256) for _, key, number, sha256 in found]

    def _rows(self, within: Sequence[Allowed] | None) -> Sequence[Allowed | None]:
        return [None] * len(self.opened) if within is None else within

    def _home(self, document: int) -> tuple[Segment, int]:
        for segment in self.opened:
            first, end = segment.record.document_numbers
            if first <= document < end:
                return segment, document - first
        raise IndexDamaged(f"The index has no document {document}. {REBUILD}")

    def _each(self, numbers: Sequence[int] | Numbers, ask: Callable[[Segment, Numbers], list[T]]) -> list[T]:
        """What the segments say of the numbered passages, in the order asked for."""
        shares = list(self._shares(numbers))
        if len(shares) == 1:
            return ask(shares[0][0], shares[0][2])
        found: dict[int, T] = {}
        for segment, places, own in shares:
            found.update(zip(places.tolist(), ask(segment, own), strict=True))
        return [found[place] for place in range(len(numbers))]

    def _shares(self, numbers: Sequence[int] | Numbers) -> Iterator[tuple[Segment, NDArray[np.intp], Numbers]]:
        """Each segment that is concerned, the places of its passages in `numbers`, and its own numbers of them."""
        asked = np.asarray(numbers, dtype=np.int64)
        homes = np.searchsorted(self._firsts, asked, side="right") - 1
        if len(homes) and homes.min() < 0:
            raise IndexDamaged(f"The index has no passage {asked.min()}. {REBUILD}")
        for home, segment in enumerate(self.opened):
            places = np.flatnonzero(homes == home)
            if len(places):
                yield segment, places, asked[places] - segment.record.passage_numbers[0]

    def _check_counts(self, folder: Path, manifest: Manifest) -> None:
        dead = sum(len(segment.dead.documents) for segment in self.opened)
        gone = sum(len(segment.dead.passages) for segment in self.opened)
        documents = sum(segment.record.documents for segment in self.opened) - dead
        passages = sum(segment.record.passages for segment in self.opened) - gone
        inside = (dead, gone) == (len(self.tombstones.documents), len(self.tombstones.passages))
        if not inside or (documents, passages) != (manifest.documents, manifest.passages):
            raise IndexDamaged(f"The parts of the index in {folder.parent} do not belong together. {REBUILD}")


def _shifted(found: list[tuple[int, float]], segment: Segment) -> list[tuple[int, float]]:
    first = segment.record.passage_numbers[0]
    return [(first + number, score) for number, score in found] if first else found


def _homes(segment: Segment, numbers: Numbers) -> list[int]:
    found: list[int] = (segment.homes_of(numbers) + segment.record.document_numbers[0]).tolist()
    return found


def _passages(segment: Segment, numbers: list[int]) -> list[tuple[Passage, Document]]:
    rows = segment.catalog.passage_rows(numbers)
    documents = {number: segment.catalog.document(number) for number in {row.document for row in rows}}
    return [(passage(row, documents[row.document]), documents[row.document]) for row in rows]
