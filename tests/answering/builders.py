"""Small worlds for the answering tests: documents with their sentences, hits, questions and a store to ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from briefqa.addresses import lines_of
from briefqa.answering.matching import TokenMatcher
from briefqa.answering.quotes import QuotedHit
from briefqa.protocols import Candidate, Reading
from briefqa.question import AnalysedQuestion, Weighted
from briefqa.types import Document, Hit, Passage, Scores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefqa.protocols import Vectors, Word
    from briefqa.types import Span


def make_document(text: str, *, key: str = "a.md", first_line: int = 1, title: str | None = None) -> Document:
    return Document(
        id=f"id of {key}",
        key=key,
        path=f"corpus/{key}",
        text=text,
        line_map=((0, first_line),),
        sha256="0" * 64,
        title=title,
    )


def make_passage(document: Document, *sentences: str) -> Passage:
    """The whole document as one passage, with these of its sentences."""
    spans, place = [], 0
    for sentence in sentences:
        start = document.text.index(sentence, place)
        place = start + len(sentence)
        spans.append((start, place))
    text = document.text
    lines = lines_of(document, 0, len(text))
    return Passage(f"passage of {document.key}", document.id, 0, len(text), text, lines, tuple(spans))


def make_hit(
    *sentences: str,
    key: str = "a.md",
    rank: int = 1,
    score: float = 1.0,
    between: str = " ",
    language: str | None = None,
) -> Hit:
    """A hit whose document, in `language`, consists of the sentences, joined by `between`."""
    document = replace(make_document(between.join(sentences), key=key), language=language)
    return Hit(rank, score, make_passage(document, *sentences), document, Scores())


def make_question(**idf: float) -> AnalysedQuestion:
    """A question of these analysed terms, side by side."""
    text = " ".join(idf)
    weighted = tuple(
        Weighted(term, term, weight, exact=False, spans=((text.index(term), text.index(term) + len(term)),))
        for term, weight in idf.items()
    )
    return AnalysedQuestion(text, weighted)


def make_reading(*tokens: tuple[Span, Sequence[float]], vector: Sequence[float] = (1.0, 0.0)) -> Reading:
    """A text's `vector` and its tokens: where each stands, and its vector, both as wide as the other."""
    return Reading(
        np.array(vector, dtype=np.float32),
        np.array([row for _, row in tokens], dtype=np.float32).reshape(-1, len(vector)),
        np.array([span for span, _ in tokens], dtype=np.int64).reshape(-1, 2),
    )


def quoted(*hits: Hit) -> list[QuotedHit]:
    """The hits as they are quoted from without an encoder."""
    return [QuotedHit(hit) for hit in hits]


def read(question: AnalysedQuestion, hit: Hit, cosines: Sequence[float], near: Mapping[str, float]) -> QuotedHit:
    """The hit as it is quoted from with an encoder that reads the words in `near` alone: each has that cosine with
    every word of the question."""
    asked = make_reading(*((entry.spans[0], (1.0, 0.0)) for entry in question.terms))
    text = hit.passage.text
    spans = [(text.index(word), text.index(word) + len(word)) for word in near]
    told = make_reading(
        *((span, (cosine, (1.0 - cosine**2) ** 0.5)) for span, cosine in zip(spans, near.values(), strict=True))
    )
    return QuotedHit(hit, cosines, TokenMatcher(question, asked, told, shift=0))


@dataclass
class Store:
    """A PassageStore of hand-made passages, or of `size` that are never looked at, with given document frequencies
    and the cosines of each passage's sentences."""

    entries: Sequence[tuple[Passage, Document]] = ()
    frequencies: Mapping[str, int] | None = None
    size: int | None = None
    near: Sequence[Sequence[float]] | None = None
    analyzers: Sequence[str] = ("en",)

    def __len__(self) -> int:
        return len(self.entries) if self.size is None else self.size

    def candidates(self, *scores: Scores) -> list[Candidate]:
        """All passages, in order, with falling scores."""
        return [
            Candidate(number, passage.id, 1.0 / (1 + number), scores[number] if scores else Scores())
            for number, (passage, _) in enumerate(self.entries)
        ]

    def document_frequency(self, word: Word) -> int:
        forms = (word,) if isinstance(word, str) else word
        return sum((self.frequencies or {}).get(term, 0) for term in forms)

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
        if self.near is None:
            raise NotImplementedError
        return [list(self.near[number]) for number in numbers]

    def lexical_top(self, words: Sequence[Word], k: int) -> list[tuple[int, float]]:
        raise NotImplementedError
