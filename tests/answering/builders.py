"""Small worlds for the answering tests: documents with their sentences, hits, questions and a store to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.protocols import Candidate
from briefqa.question import AnalysedQuestion, Weighted
from briefqa.types import Document, Hit, Passage, Scores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefqa.protocols import Vectors


def make_document(text: str, *, key: str = "a.md", first_line: int = 1, title: str | None = None) -> Document:
    return Document(
        id=f"id of {key}", key=key, path=f"corpus/{key}", text=text, first_line=first_line, sha256="0" * 64, title=title
    )


def make_passage(document: Document, *sentences: str) -> Passage:
    """The whole document as one passage, with these of its sentences."""
    spans, place = [], 0
    for sentence in sentences:
        start = document.text.index(sentence, place)
        place = start + len(sentence)
        spans.append((start, place))
    text = document.text
    last = document.first_line + text.count("\n")
    return Passage(
        f"passage of {document.key}", document.id, 0, len(text), text, (document.first_line, last), tuple(spans)
    )


def make_hit(*sentences: str, key: str = "a.md", rank: int = 1, score: float = 1.0, between: str = " ") -> Hit:
    """A hit whose document consists of the sentences, joined by `between`."""
    document = make_document(between.join(sentences), key=key)
    return Hit(rank, score, make_passage(document, *sentences), document, Scores())


def make_question(**idf: float) -> AnalysedQuestion:
    """A question of these analysed terms."""
    weighted = tuple(Weighted(term, term, weight, exact=False) for term, weight in idf.items())
    return AnalysedQuestion(" ".join(idf), weighted)


@dataclass
class Store:
    """A PassageStore of hand-made passages, or of `size` that are never looked at, with given document frequencies."""

    entries: Sequence[tuple[Passage, Document]] = ()
    frequencies: Mapping[str, int] | None = None
    size: int | None = None

    def __len__(self) -> int:
        return len(self.entries) if self.size is None else self.size

    def candidates(self, *scores: Scores) -> list[Candidate]:
        """All passages, in order, with falling scores."""
        return [
            Candidate(number, passage.id, 1.0 / (1 + number), scores[number] if scores else Scores())
            for number, (passage, _) in enumerate(self.entries)
        ]

    def document_frequency(self, term: str) -> int:
        return (self.frequencies or {}).get(term, 0)

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        return [self.entries[number] for number in numbers]

    def passage_ids(self, numbers: Sequence[int]) -> list[str]:
        return [self.entries[number][0].id for number in numbers]

    def dense_top(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        raise NotImplementedError

    def dense_scores(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        raise NotImplementedError

    def dense_median(self, vector: Vectors) -> float:
        raise NotImplementedError

    def sentence_cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[list[float]]:
        raise NotImplementedError

    def lexical_top(self, terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        raise NotImplementedError
