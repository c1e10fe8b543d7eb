"""A generation within a filter: nothing is found in the documents that do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.filters import Filtered
from briefqa.index.selection import select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.filters import Filter
    from briefqa.index.reader import GenerationReader
    from briefqa.protocols import Vectors, Word
    from briefqa.types import Document, Passage


class RestrictedReader:
    """A `PassageStore` that finds passages of the documents that fit, and those as surely as the whole finds any.

    What is said of all passages together stays what it is for the whole: their number, the median cosine, and in how
    many a term stands. So a passage has the cosine and the BM25 that it has without a filter.
    """

    def __init__(self, reader: GenerationReader, wanted: Filter) -> None:
        self._reader = reader
        self._selection = select(reader.segments, wanted, reader.locator)
        documents: list[int] = self._selection.documents.tolist()
        self._lexical = reader.lexical.within(documents) if documents else None
        self.filtered = Filtered(wanted, len(documents), self._selection.undated)

    def __len__(self) -> int:
        return len(self._reader)

    def dense_top(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """See PassageStore."""
        return self._reader.segments.dense_top(vector, k, self._selection.rows)

    def prepare_dense(self, vectors: Vectors, k: int) -> None:
        """Find the k nearest to each of many vectors at once, for `dense_top` to know."""
        self._reader.segments.prepare_dense(vectors, k, self._selection.rows)

    def dense_scores(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """See PassageStore."""
        return self._reader.dense_scores(vector, numbers)

    def dense_median(self, vector: Vectors) -> float:
        """See PassageStore."""
        return self._reader.dense_median(vector)

    def sentence_cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[list[float]]:
        """See PassageStore."""
        return self._reader.sentence_cosines(vector, numbers)

    @property
    def analyzers(self) -> Sequence[str]:
        """See PassageStore."""
        return self._reader.analyzers

    def lexical_top(self, words: Sequence[Word], k: int) -> list[tuple[int, float]]:
        """See PassageStore."""
        return self._reader.lexical.top(words, k, self._lexical) if self._lexical is not None else []

    def document_frequency(self, word: Word) -> int:
        """See PassageStore."""
        return self._reader.document_frequency(word)

    def passage_ids(self, numbers: Sequence[int]) -> list[str]:
        """See PassageStore."""
        return self._reader.passage_ids(numbers)

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        """See PassageStore."""
        return self._reader.passages(numbers)
