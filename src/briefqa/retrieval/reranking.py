"""A second look at the best passages: a cross-encoder reads each together with the question.

Its verdict and the first stage's are interpolated, as neither alone ranks best (Wang, Zhuang and Zuccon 2021,
"BERT-based Dense Retrievers Require Interpolation with BM25 for Effective Passage Retrieval").
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.protocols import Candidate, PairScorer, PassageStore, Retriever
    from briefqa.types import Document, Passage

# The cross-encoder's part of a reranked score, the rest being the first stage's: even, and not tuned on anything.
RERANK_WEIGHT = 0.5


class RerankingRetriever:
    """Reorders the first `candidates` that `inner` finds; those behind them follow in their old order.

    A reranked score is `RERANK_WEIGHT` times the sigmoid of the logit, and for the rest the first stage's score as
    a share of its best one. Lower scores of the first stage are scaled to stay below the reranked ones. `seconds`
    is what the last question took to rerank, the first stage not counted.
    """

    def __init__(self, inner: Retriever, store: PassageStore, scorer: PairScorer, *, candidates: int) -> None:
        self._inner, self._store, self._scorer, self._candidates = inner, store, scorer, candidates
        self.seconds = 0.0

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        """See Retriever."""
        self.seconds = 0.0
        if k < 1:
            return []
        found = self._inner.retrieve(question, max(k, self._candidates))
        began = time.perf_counter()
        head, tail = found[: self._candidates], found[self._candidates :]
        reranked = self._reranked(question, head)
        ranked = [*reranked, *_below(reranked, head, tail)]
        self.seconds = time.perf_counter() - began
        return ranked[:k]

    def _reranked(self, question: str, head: Sequence[Candidate]) -> list[Candidate]:
        if not head:
            return []
        stored = self._store.passages([candidate.number for candidate in head])
        logits = self._scorer.score(question, [_text(passage, document) for passage, document in stored])
        best = head[0].score
        scored = [
            candidate._replace(
                score=RERANK_WEIGHT * _sigmoid(logit) + (1.0 - RERANK_WEIGHT) * _share(candidate.score, best),
                scores=replace(candidate.scores, rerank=logit),
            )
            for candidate, logit in zip(head, logits, strict=True)
        ]
        return sorted(scored, key=lambda candidate: (-candidate.score, candidate.passage_id))


def _text(passage: Passage, document: Document) -> str:
    return f"{document.title}\n{passage.text}" if document.title else passage.text


def _share(score: float, best: float) -> float:
    """A cosine may be below 0; there is no share of that."""
    return max(0.0, score / best) if best > 0.0 else 0.0


def _sigmoid(logit: float) -> float:
    small = math.exp(-abs(logit))
    return (1.0 if logit >= 0.0 else small) / (1.0 + small)


def _below(reranked: Sequence[Candidate], head: Sequence[Candidate], tail: Sequence[Candidate]) -> list[Candidate]:
    """The tail with scores below the lowest of `reranked`, in the proportion that they had to the lowest of `head`."""
    if not tail:
        return []
    highest = math.nextafter(reranked[-1].score, -math.inf)
    lowest = head[-1].score
    return [
        entry._replace(score=highest * (entry.score / lowest) if entry.score > 0.0 else min(entry.score, highest))
        for entry in tail
    ]
