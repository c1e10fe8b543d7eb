"""A closer look at the best passages: what their sentences hold of the question, added to the fused score.

A light linear model on a few features of words and sentences, in the manner of learning to rank (Liu 2009, "Learning
to Rank for Information Retrieval"). `benchmarks/fit_ranking.py` fits the weights.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from briefqa.analysis import terms
from briefqa.question import AnalysedQuestion, analyse_question
from briefqa.types import Evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.protocols import Candidate, PassageStore, QuestionEncoder, Retriever
    from briefqa.types import Document, Passage

# This many of the best fused passages are looked at: more change nothing on the public sets.
DEPTH = 30
# What each part of the evidence adds to a fused score, which is at most 1.
WEIGHTS = Evidence(pair_coverage=0.63, sentence_cosine=0.36)


class EvidenceRetriever:
    """Reorders the best passages that `inner` finds by their evidence; those behind them follow in their order.

    `weights` are none of them negative, so that nothing falls behind what was not looked at.
    """

    def __init__(
        self, inner: Retriever, store: PassageStore, encoder: QuestionEncoder, *, weights: Evidence = WEIGHTS
    ) -> None:
        self._inner, self._store, self._encoder, self._weights = inner, store, encoder, weights

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        """See Retriever."""
        found = self._inner.retrieve(question, max(k, DEPTH))
        head, tail = found[:DEPTH], found[DEPTH:]
        seen = gather_evidence(question, [candidate.number for candidate in head], self._store, self._encoder)
        weighed = [
            candidate._replace(
                score=candidate.score + _dot(self._weights, evidence),
                scores=replace(candidate.scores, fused=candidate.score, evidence=evidence),
            )
            for candidate, evidence in zip(head, seen, strict=True)
        ]
        weighed.sort(key=lambda candidate: (-candidate.score, candidate.passage_id))
        rest = (entry._replace(scores=replace(entry.scores, fused=entry.score)) for entry in tail)
        return [*weighed, *rest][:k]


def gather_evidence(
    question: str, numbers: Sequence[int], store: PassageStore, encoder: QuestionEncoder
) -> list[Evidence]:
    """What each of the numbered passages holds of the question."""
    if not numbers:
        return []
    analysed = analyse_question(question, store)
    cosines = store.sentence_cosines(encoder.encode_questions([question])[0], numbers)
    return [
        _evidence(analysed, passage, document, near)
        for (passage, document), near in zip(store.passages(numbers), cosines, strict=True)
    ]


def _dot(weights: Evidence, evidence: Evidence) -> float:
    return weights.pair_coverage * evidence.pair_coverage + weights.sentence_cosine * evidence.sentence_cosine


def _evidence(question: AnalysedQuestion, passage: Passage, document: Document, cosines: Sequence[float]) -> Evidence:
    asked = question.all_terms
    spans = ((start - passage.start, end - passage.start) for start, end in passage.sentences)
    by_sentence = [asked.intersection(terms(passage.text[start:end], document.language)) for start, end in spans]
    pairs = [first | second for first, second in pairwise(by_sentence)]
    return Evidence(
        pair_coverage=max((question.coverage(group) for group in pairs or by_sentence if group), default=0.0),
        sentence_cosine=max(0.0, *cosines) if cosines else 0.0,
    )
