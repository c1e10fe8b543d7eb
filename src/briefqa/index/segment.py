"""An opened segment: a folder with some of an index's documents and passages, complete with their vectors.

Inside, documents and passages are numbered from 0, so that a segment can be made, merged and checked by itself; in a
generation, what the segment's record says is added. Vectors and sentences stand in rows: a passage's row is its number,
unless a merge left numbers out; then `numbers.npy` holds the number of each row.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from briefqa.errors import REBUILD, IndexDamaged, IndexProblem, damaged
from briefqa.index.arrays import open_array
from briefqa.index.catalog import HOMES_FILE, Catalog
from briefqa.index.dense import DenseIndex
from briefqa.index.sentence_vectors import SentenceVectors, code_width
from briefqa.index.tombstones import NONE, contains

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.index.catalog import Locate
    from briefqa.index.dense import Allowed
    from briefqa.index.manifest import SegmentRecord
    from briefqa.index.sentence_vectors import Codes
    from briefqa.index.sketches import Columns
    from briefqa.index.tombstones import Tombstones
    from briefqa.protocols import Vectors

    Numbers = NDArray[np.int64]

NUMBERS_FILE = "numbers.npy"


class Segment:
    """A segment, read-only. Its methods take and give its own numbers; `dead` are those that no longer count.

    Raises IndexDamaged when its files can't be read or do not belong together.
    """

    def __init__(
        self,
        folder: Path,
        record: SegmentRecord,
        locate: Locate,
        *,
        dimension: int,
        dead: Tombstones = NONE,
    ) -> None:
        self.folder, self.record, self.dead = folder, record, dead
        self.catalog = Catalog(folder, locate)
        try:
            self.dense = DenseIndex(folder)
            self.sentences = SentenceVectors(folder)
            self._numbers = self._read_numbers()
            # Opened now, as all is: once the generation is replaced, its files can't be.
            self._homes: NDArray[np.int32] = open_array(folder / HOMES_FILE, np.int32, axes=1)
            alike = len(self.dense) == len(self.sentences) == record.passages
            if not alike or self.sentences.width != code_width(dimension) or self.dense.dimension != dimension:
                raise IndexDamaged(f"The parts of {folder} do not belong together. {REBUILD}")
        except IndexProblem:
            self.close()
            raise

    def close(self) -> None:
        """Close the catalog; the rest goes with the object."""
        self.catalog.close()

    def check(self) -> None:
        """Raise IndexDamaged unless rows, passages, sentences and sketches answer each other one to one."""
        documents, passages = self.catalog.counts()
        alike = (documents, passages) == (self.record.documents, self.record.passages)
        sketched = self.sketches[0].tolist() == self.catalog.numbers()[0]
        if not alike or not sketched or self.sentences.counts() != self.catalog.sentence_counts():
            raise IndexDamaged(f"The parts of {self.folder} do not belong together. {REBUILD}")

    @property
    def numbers(self) -> Numbers:
        """The numbers of all passages, rising: a row each."""
        return np.arange(self.record.passages) if self._numbers is None else self._numbers

    @property
    def live(self) -> Numbers:
        """The numbers of the passages that count, rising."""
        return self.numbers if self._allowed is None else self.numbers[self._allowed]

    @cached_property
    def sketches(self) -> Columns:
        """The sketches of all documents (see `sketches`), a column each."""
        from briefqa.index.sketches import read_sketches  # noqa: PLC0415 - rensa: for index runs only

        return read_sketches(self.folder)

    @property
    def documents(self) -> Numbers:
        """The numbers of the documents that count, as they are in the generation, rising."""
        return self.sketch_row(0).astype(np.int64) + self.record.document_numbers[0]

    def sketch_row(self, row: int) -> NDArray[np.uint32]:
        """That row of the sketches of the documents that count."""
        found: NDArray[np.uint32] = self.sketches[row]
        return found if self._sketched is None else found[self._sketched]

    def dense_top(self, vector: Vectors, k: int, within: Allowed | None = None) -> list[tuple[int, float]]:
        """The k live passages nearest to `vector` as (number, cosine), best first: of all, or of the rows `within`,
        as `rows_of` gives them."""
        found = self.dense.top(vector, k, self._allowed if within is None else within)
        numbers = self._numbers
        return found if numbers is None else [(int(numbers[row]), score) for row, score in found]

    def prepare_dense(self, vectors: Vectors, k: int, within: Allowed | None = None) -> None:
        """Find the k nearest to each of many vectors at once, for `dense_top` to know."""
        self.dense.prepare(vectors, k, self._allowed if within is None else within)

    def rows_of(self, documents: Allowed) -> Allowed:
        """The rows of the live passages of the documents that are true in `documents`, a bool for each number."""
        rows: Allowed = documents[self.homes]
        return rows if self._allowed is None else rows & self._allowed

    def homes_of(self, numbers: Numbers) -> NDArray[np.int32]:
        """The number of each numbered passage's document."""
        return self.homes[self._rows(numbers)]

    @cached_property
    def homes(self) -> NDArray[np.int32]:
        """The number of the document of each row."""
        homes, (first, end) = self._homes, self.record.document_numbers
        if len(homes) != self.record.passages or (len(homes) and not 0 <= homes.min() <= homes.max() < end - first):
            raise damaged(self.folder / HOMES_FILE)
        return homes

    def scores(self, vector: Vectors, numbers: Numbers) -> list[float]:
        """The cosine of `vector` with each numbered passage."""
        return self.dense.scores(vector, self._rows(numbers))

    def vectors(self, numbers: Numbers) -> Vectors:
        """The numbered passages' vectors, float32 of shape (len(numbers), dimension)."""
        return self.dense.vectors(self._rows(numbers))

    def codes(self, numbers: Numbers) -> list[Codes]:
        """The codes of each numbered passage's sentences."""
        return self.sentences.codes(self._rows(numbers))

    def sentence_cosines(self, vector: Vectors, numbers: Numbers) -> list[list[float]]:
        """The estimated cosine of `vector` with each sentence of each numbered passage."""
        return self.sentences.cosines(vector, self._rows(numbers))

    def lexical_entries(self) -> Iterator[tuple[int, int, str, str | None]]:
        """For each live passage its number and its document's, both as in the generation, the text to search (the
        document's title and the passage), and its language."""
        first_document, first_passage = self.record.document_numbers[0], self.record.passage_numbers[0]
        for number, document in self.catalog.documents():
            if contains(self.dead.documents, number):
                continue
            for row in self.catalog.passages_of(number):
                text = f"{document.title or ''}\n{document.text[row.span[0] : row.span[1]]}"
                yield first_passage + row.number, first_document + number, text, document.language

    @cached_property
    def _allowed(self) -> NDArray[np.bool_] | None:
        """Which rows count; None for all."""
        if not len(self.dead.passages):
            return None
        allowed = np.ones(self.record.passages, dtype=np.bool_)
        allowed[self._rows(self.dead.passages)] = False
        return allowed

    @cached_property
    def _sketched(self) -> NDArray[np.bool_] | None:
        """Which columns of the sketches count; None for all."""
        dead = self.dead.documents
        return ~np.isin(self.sketches[0], dead) if len(dead) else None

    def _rows(self, numbers: Numbers) -> Sequence[int]:
        rows = numbers if self._numbers is None else np.searchsorted(self._numbers, numbers)
        inside = not len(rows) or bool(rows.min() >= 0 and rows.max() < self.record.passages)
        if not inside or (self._numbers is not None and (self._numbers[rows] != numbers).any()):
            raise IndexDamaged(f"{self.folder} lacks a passage that it should hold. {REBUILD}")
        found: list[int] = rows.tolist()
        return found

    def _read_numbers(self) -> Numbers | None:
        first, end = self.record.passage_numbers
        if end - first == self.record.passages:
            return None
        path = self.folder / NUMBERS_FILE
        numbers: Numbers = open_array(path, np.int64, axes=1)
        inside = len(numbers) == self.record.passages and numbers[0] >= 0 and numbers[-1] < end - first
        if not inside or (numbers[1:] <= numbers[:-1]).any():
            raise damaged(path)
        return numbers
