"""What nobody has judged yet: passages that rank high for a question and hold none of its golds.

Several rankings make one pool, as proposed by Spärck Jones and van Rijsbergen (1975), "Report on the need for and
provision of an 'ideal' information retrieval test collection", and done in TREC since: what no system ranks high is
taken not to be an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from briefqa.evaluation.datasets import Question
from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.growing import MOST_MARKED, Sentences
from briefqa.evaluation.judged import Judgements
from briefqa.types import Document, Span


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that was ranked: a document's key, where in it, and the text that stood there."""

    document: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A passage to be judged for a question, with its best rank, from 1."""

    question: Question
    document: Document
    span: Span
    rank: int


def pool(
    questions: Sequence[Question],
    rankings: Sequence[Mapping[str, Sequence[Place]]],
    documents: Mapping[str, Document],
    spans: Mapping[str, Sequence[GoldSpan]],
    judgements: Judgements,
    sentences: Sentences,
    *,
    depth: int,
) -> list[Unjudged]:
    """The unjudged passages among the `depth` best of any of the `rankings` (question id -> its passages, best first),
    those of the best ranks first: they weigh most in every measure.

    `documents` are by key, `spans` the golds of each question. Passages that overlap by half are one. Questions that
    nothing answers, and those that have `MOST_MARKED` golds or a document as a whole as gold, are left out.
    """
    found: list[Unjudged] = []
    for question in questions:
        if is_full(question) or not all(gold.quote for gold in question.gold):
            continue
        own: list[Unjudged] = []
        for rank, place in _by_rank([ranking.get(question.id, ())[:depth] for ranking in rankings]):
            document = documents.get(place.document)
            if (
                document is None
                or not _stands(place, document)
                or _holds_gold(document, place.span, spans[question.id])
            ):
                continue
            if not any(_same(document, place.span, other) for other in own):
                own.append(Unjudged(question, document, place.span, rank))
        found += [entry for entry in own if not judgements.knows(question.id, _texts(entry, sentences))]
    return sorted(found, key=lambda entry: entry.rank)


def _by_rank(rankings: Sequence[Sequence[Place]]) -> Iterator[tuple[int, Place]]:
    for rank, places in enumerate(zip_longest(*rankings), 1):
        yield from ((rank, place) for place in places if place is not None)


def moved_since(rankings: Sequence[Mapping[str, Sequence[Place]]], documents: Mapping[str, Document]) -> int:
    """How many of the passages no longer stand where they did, so that they can't be shown."""
    places = {place for ranking in rankings for found in ranking.values() for place in found}
    return sum(place.document not in documents or not _stands(place, documents[place.document]) for place in places)


def is_full(question: Question) -> bool:
    """Whether a question can't get another gold: it has enough of them, or nothing answers it."""
    return not 0 < len(question.gold) < MOST_MARKED


def _stands(place: Place, document: Document) -> bool:
    return document.text[slice(*place.span)] == place.text


def _same(document: Document, span: Span, other: Unjudged) -> bool:
    overlap = min(span[1], other.span[1]) - max(span[0], other.span[0])
    return document.id == other.document.id and 2 * overlap >= min(span[1] - span[0], other.span[1] - other.span[0])


def _holds_gold(document: Document, span: Span, golds: Sequence[GoldSpan]) -> bool:
    """Whether the passage holds half of a gold or more: then an evaluation counts it as relevant already."""
    overlaps = (
        (min(span[1], gold.end) - max(span[0], gold.start), gold.end - gold.start)
        for gold in golds
        if gold.document_id == document.id
    )
    return any(0 < length <= 2 * overlap for overlap, length in overlaps)


def _texts(entry: Unjudged, sentences: Sentences) -> list[str]:
    text, (start, end) = entry.document.text, entry.span
    held = [text[max(start, first) : min(end, last)] for first, last in sentences(text) if first < end and last > start]
    return held or [text[start:end]]
