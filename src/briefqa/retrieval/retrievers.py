"""The retrievers behind one protocol. Equal scores are ordered by passage id, so that runs repeat exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.protocols import Candidate
from briefqa.question import lexical_words
from briefqa.retrieval.evidence import EvidenceRetriever
from briefqa.retrieval.fusion import dense_shares, fuse, lexical_shares
from briefqa.types import Scores

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from briefqa.config import Settings
    from briefqa.protocols import PassageStore, QuestionEncoder, Retriever, Vectors

# Each single retriever hands this many passages to fusion, at least.
_FUSION_DEPTH = 200
DENSE_DEPTH = _FUSION_DEPTH + 1
"""So many of a dense ranking are looked at for a question, unless many tie or more are asked for."""


class DenseRetriever:
    """By meaning: cosine of the question's and the passages' vectors."""

    def __init__(self, store: PassageStore, encoder: QuestionEncoder) -> None:
        self._store, self._encoder = store, encoder

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        """See Retriever."""
        if not question.strip():
            return []
        vector = _vector(self._encoder, question)
        found = _top(lambda depth: self._store.dense_top(vector, depth), k)
        return _ranked(self._store, found, k, lambda number: Scores(dense=found[number]))


class LexicalRetriever:
    """By words: BM25 over analysed terms."""

    def __init__(self, store: PassageStore) -> None:
        self._store = store

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        """See Retriever."""
        words = lexical_words(question, self._store.analyzers)
        found = _top(lambda depth: self._store.lexical_top(words, depth), k)
        return _ranked(self._store, found, k, lambda number: Scores(lexical=found[number]))


class HybridRetriever:
    """Both, fused by score; `weight` is the dense part's, from 0 to 1."""

    def __init__(self, store: PassageStore, encoder: QuestionEncoder, *, weight: float) -> None:
        self._store, self._encoder, self._weight = store, encoder, weight

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        """See Retriever."""
        if not question.strip():
            return []
        depth = max(k, _FUSION_DEPTH)
        vector = _vector(self._encoder, question)
        words = lexical_words(question, self._store.analyzers)
        dense = _top(lambda count: self._store.dense_top(vector, count), depth)
        lexical = _top(lambda count: self._store.lexical_top(words, count), depth)
        unseen = sorted(lexical.keys() - dense.keys())
        dense.update(zip(unseen, self._store.dense_scores(vector, unseen), strict=True))
        shares = dense_shares(dense, self._store.dense_median(vector)), lexical_shares(lexical)

        def scores(number: int) -> Scores:
            return Scores(
                dense=dense[number],
                lexical=lexical.get(number, 0.0),
                dense_share=shares[0][number],
                lexical_share=shares[1].get(number, 0.0),
            )

        return _ranked(self._store, fuse(*shares, self._weight), k, scores)


def make_retriever(settings: Settings, store: PassageStore, encoder: Callable[[], QuestionEncoder]) -> Retriever:
    """The retriever that `settings` ask for; `encoder` is called only for one that needs it."""
    if settings.retriever == "lexical":
        return LexicalRetriever(store)
    if settings.retriever == "dense":
        return DenseRetriever(store, encoder())
    fused = HybridRetriever(store, encoder(), weight=settings.dense_weight)
    return EvidenceRetriever(fused, store, encoder())


def _vector(encoder: QuestionEncoder, question: str) -> Vectors:
    vector: Vectors = encoder.encode_questions([question])[0]
    return vector


def _top(search: Callable[[int], list[tuple[int, float]]], k: int) -> dict[int, float]:
    """The k best by `search`, and all that tie with the last of them: which of equals stay is for their ids to say."""
    if k < 1:
        return {}
    depth = k + 1
    while True:
        found = search(depth)
        lowest = found[min(k, len(found)) - 1][1] if found else 0.0
        if len(found) < depth or found[-1][1] < lowest:
            return {number: score for number, score in found if score >= lowest}
        depth *= 2


def _ranked(
    store: PassageStore, found: Mapping[int, float], k: int, scores: Callable[[int], Scores]
) -> list[Candidate]:
    numbers = sorted(found)
    ids = dict(zip(numbers, store.passage_ids(numbers), strict=True))
    order = sorted(numbers, key=lambda number: (-found[number], ids[number]))[:k]
    return [Candidate(number, ids[number], found[number], scores(number)) for number in order]
