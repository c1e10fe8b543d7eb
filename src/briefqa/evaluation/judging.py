"""One question's outcome: what was found and answered, held against its gold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefqa.evaluation.characters import character_measures
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.relevance import (
    document_measures,
    golds_in,
    holds_gold,
    passage_measures,
    relevant_passages,
)
from briefqa.evaluation.results import FoundGold, FoundPassage, FoundQuote, Outcome
from briefqa.types import Answer, Document, Hit, Hits, Passage

_CHARACTERS = 5


def judge(
    question: Question,
    found: Answer | Hits,
    golds: Sequence[tuple[GoldSpan, Document]],
    *,
    passages_of: Callable[[str], Sequence[Passage]],
    top_k: int,
    min_confidence: float,
) -> Outcome:
    """What became of the question, by its `top_k` best hits, and its quotes if it was answered. `golds` are its golds,
    in their order, with their documents; `passages_of` tells all passages of a document by its id. Unless all golds are
    quotes, only documents are measured, and whether it was answered: a passage or quote that is none of the golds may
    be right."""
    spans = [span for span, _ in golds]
    hits = found.hits[:top_k]
    measures = {f"documents.{name}": score for name, score in document_measures(hits, spans).items()} if spans else {}
    if spans and question.quoted:
        measures |= _of_passages(hits, spans, relevant_passages(spans, passages_of))
    quotes: tuple[FoundQuote, ...] = ()
    confidence, right, answered = 0.0, False, False
    if isinstance(found, Answer):
        told = [span for span, gold in zip(spans, question.gold, strict=True) if gold.quote is not None]
        quotes = tuple(
            FoundQuote(entry.document.key, entry.lines, entry.quote, holds_gold(entry, told))
            for entry in found.citations
        )
        confidence, right = found.confidence, any(quote.right for quote in quotes)
        answered = found.status == "answered" and confidence >= min_confidence
        measures |= _answer([quote.right for quote in quotes], question, answered=answered)
        if question.quoted:
            measures["brier"] = (confidence - float(right)) ** 2
    return Outcome(
        id=question.id,
        text=question.text,
        tags=question.tags,
        line=question.line,
        status=("answered" if answered else "no_answer") if isinstance(found, Answer) else "not_asked",
        confidence=confidence,
        right=right,
        measures=measures,
        golds=found_golds(question, golds),
        hits=tuple(_found(hit, question, spans) for hit in hits),
        quotes=quotes,
        milliseconds=found.milliseconds["total"],
    )


def found_golds(question: Question, golds: Sequence[tuple[GoldSpan, Document]]) -> tuple[FoundGold, ...]:
    """The question's golds as they stand in the documents where they were found."""
    return tuple(
        FoundGold(
            document.key,
            document.id,
            (span.start, span.end),
            "" if gold.quote is None else document.text[span.start : span.end],
        )
        for gold, (span, document) in zip(question.gold, golds, strict=True)
    )


def _of_passages(hits: Sequence[Hit], spans: Sequence[GoldSpan], relevant: Sequence[str]) -> dict[str, float]:
    held = character_measures(
        [(hit.passage.document_id, (hit.passage.start, hit.passage.end)) for hit in hits[:_CHARACTERS]],
        [(span.document_id, (span.start, span.end)) for span in spans],
    )
    return {
        **{f"passages.{name}": score for name, score in passage_measures(hits, relevant).items()},
        f"characters.R@{_CHARACTERS}": held.recall,
        f"characters.P@{_CHARACTERS}": held.precision,
        f"characters.IoU@{_CHARACTERS}": held.iou,
    }


def _answer(right: Sequence[bool], question: Question, *, answered: bool) -> dict[str, float]:
    if not question.gold:
        return {"false_answers": float(answered)}
    if not question.quoted:
        return {"missed_answers": float(not answered)}
    printed = right if answered else []
    return {
        "quote_hit@1": float(any(printed[:1])),
        "quote_hit@3": float(any(printed[:3])),
        "quote_hit": float(any(printed)),
        "missed_answers": float(not answered),
    }


def _found(hit: Hit, question: Question, spans: Sequence[GoldSpan]) -> FoundPassage:
    passage = hit.passage
    golds = tuple(number for number in golds_in(passage, spans) if question.gold[number].quote is not None)
    return FoundPassage(passage.id, hit.document.key, (passage.start, passage.end), passage.lines, hit.score, golds)
