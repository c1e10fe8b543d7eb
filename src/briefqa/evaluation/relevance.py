"""What counts as found: passages, documents and printed quotes held against the gold spans of one question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.metrics import Qrels, Run, best_passage_per_document, parse_metric
from briefqa.evaluation.results import RETRIEVAL
from briefqa.types import Citation, Document, Hit, Passage

DEPTH = 10
"""The deepest rank that a retrieval measure reads."""

_CLOSING = re.compile("[\\s.,;:!?\u2026\"'\u201d\u2019\u00bb\u203a)\\]}]+\\Z")
_QUESTION = "question"


def is_relevant(passage: Passage, span: GoldSpan) -> bool:
    """Whether the passage holds at least half of the span's characters."""
    overlap = min(passage.end, span.end) - max(passage.start, span.start)
    return passage.document_id == span.document_id and 0 < span.end - span.start <= 2 * overlap


def golds_in(passage: Passage, spans: Sequence[GoldSpan]) -> tuple[int, ...]:
    """The numbers of the spans, from 0, that the passage is relevant to."""
    return tuple(number for number, span in enumerate(spans) if is_relevant(passage, span))


def relevant_passages(spans: Iterable[GoldSpan], passages_of: Callable[[str], Sequence[Passage]]) -> list[str]:
    """The ids of the passages that are relevant to any of the spans, each once; `passages_of` tells all passages of a
    document by its id."""
    return list(
        dict.fromkeys(
            passage.id for span in spans for passage in passages_of(span.document_id) if is_relevant(passage, span)
        )
    )


def passage_measures(hits: Sequence[Hit], relevant: Iterable[str]) -> dict[str, float]:
    """Measure name -> score (0 to 1) of the ranked passages, where `relevant` are the ids of all that are relevant to
    the question: however many spans a passage holds, it counts once. Every score is 0 where none is."""
    return _measures({_QUESTION: dict.fromkeys(relevant, 1)}, {_QUESTION: [hit.passage.id for hit in hits]})


def document_measures(hits: Sequence[Hit], spans: Sequence[GoldSpan]) -> dict[str, float]:
    """Measure name -> score (0 to 1) of the documents, ranked by best passage; the golds' documents are relevant."""
    qrels = {_QUESTION: {span.document_id: 1 for span in spans}}
    run = {_QUESTION: best_passage_per_document((hit.passage.id, hit.passage.document_id) for hit in hits)}
    return _measures(qrels, run)


def holds_gold(citation: Citation, spans: Iterable[GoldSpan]) -> bool:
    """Whether the quote holds the whole of a gold span, but for punctuation at the span's end."""
    return any(
        citation.start <= span.start and _end(span, citation.document) <= citation.end
        for span in spans
        if citation.document.id == span.document_id
    )


def _measures(qrels: Qrels, run: Run) -> dict[str, float]:
    scores = {}
    for name in RETRIEVAL:
        _, metric, cut = parse_metric(name)
        scores[name] = metric(qrels, run, k=cut)[_QUESTION]
    return scores


def _end(span: GoldSpan, document: Document) -> int:
    """Where the span ends without its closing punctuation, if anything else is in it."""
    closing = _CLOSING.search(document.text, span.start, span.end)
    return closing.start() if closing and closing.start() > span.start else span.end
