"""What counts as found: passages, documents and printed quotes held against the gold spans of one question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.metrics import best_passage_per_document, parse_metric
from briefqa.evaluation.results import RETRIEVAL
from briefqa.types import Citation, Document, Hit, Passage

DEPTH = 10
"""The deepest rank that a retrieval measure reads."""

_CLOSING = re.compile("[\\s.,;:!?\u2026\"'\u201d\u2019\u00bb\u203a)\\]}]+\\Z")
_QUESTION = "question"


# Those that count passages, not what they hold.
_OF_PASSAGES = frozenset({"P", "Success"})


def is_relevant(passage: Passage, span: GoldSpan) -> bool:
    """Whether the passage holds at least half of the span's characters."""
    overlap = min(passage.end, span.end) - max(passage.start, span.start)
    return passage.document_id == span.document_id and 0 < span.end - span.start <= 2 * overlap


def golds_in(passage: Passage, spans: Sequence[GoldSpan]) -> tuple[int, ...]:
    """The numbers of the spans, from 0, that the passage is relevant to."""
    return tuple(number for number, span in enumerate(spans) if is_relevant(passage, span))


def passage_measures(hits: Sequence[Hit], spans: Sequence[GoldSpan]) -> dict[str, float]:
    """Measure name -> score (0 to 1) of the ranked passages, where what is to be found are the gold spans.

    Recall at k is the share of the spans with a relevant passage in the top k. For RR, AP and nDCG a passage counts
    only for spans that none above it holds, so overlapping passages can't score twice, and one that is first to
    hold several counts as that many ranks, each with one span: whoever has them all on top scores 1. Precision and
    success count relevant passages.
    """
    golds = {_QUESTION: {_gold_id(number): 1 for number in range(len(spans))}}
    passages = {_QUESTION: {hit.passage.id: int(bool(golds_in(hit.passage, spans))) for hit in hits}}
    scores = {}
    for name in RETRIEVAL:
        _, metric, cut = parse_metric(name)
        if name.split("@")[0] in _OF_PASSAGES:
            run = {_QUESTION: [hit.passage.id for hit in hits]}
            scores[name] = metric(passages, run, k=cut)[_QUESTION]
        else:
            # The cut is made in passages; the units that stand for them may be more, by at most the number of spans.
            scores[name] = metric(golds, {_QUESTION: _units(hits[:cut], spans)}, k=cut + len(spans))[_QUESTION]
    return scores


def document_measures(hits: Sequence[Hit], spans: Sequence[GoldSpan]) -> dict[str, float]:
    """Measure name -> score (0 to 1) of the documents, ranked by best passage; the golds' documents are relevant."""
    qrels = {_QUESTION: {span.document_id: 1 for span in spans}}
    run = {_QUESTION: best_passage_per_document((hit.passage.id, hit.passage.document_id) for hit in hits)}
    scores = {}
    for name in RETRIEVAL:
        _, metric, cut = parse_metric(name)
        scores[name] = metric(qrels, run, k=cut)[_QUESTION]
    return scores


def holds_gold(citation: Citation, spans: Iterable[GoldSpan]) -> bool:
    """Whether the quote holds the whole of a gold span, but for punctuation at the span's end."""
    return any(
        citation.start <= span.start and _end(span, citation.document) <= citation.end
        for span in spans
        if citation.document.id == span.document_id
    )


def _units(hits: Sequence[Hit], spans: Sequence[GoldSpan]) -> list[str]:
    """The ranking with each passage replaced by the spans that it is the first to hold, if there are such."""
    found: set[int] = set()
    units: list[str] = []
    for rank, hit in enumerate(hits):
        new = [n for n, span in enumerate(spans) if n not in found and is_relevant(hit.passage, span)]
        found.update(new)
        units += [_gold_id(number) for number in new] or [f"passage {rank}"]
    return units


def _gold_id(number: int) -> str:
    return f"gold {number}"


def _end(span: GoldSpan, document: Document) -> int:
    """Where the span ends without its closing punctuation, if anything else is in it."""
    closing = _CLOSING.search(document.text, span.start, span.end)
    return closing.start() if closing and closing.start() > span.start else span.end
