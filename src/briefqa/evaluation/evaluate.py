"""Asks every question of a set and measures the answers against its gold quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.characters import character_measures
from briefqa.evaluation.datasets import GoldSpan, Question, resolve_gold
from briefqa.evaluation.relevance import DEPTH, document_measures, golds_in, holds_gold, passage_measures
from briefqa.evaluation.results import FoundGold, FoundPassage, FoundQuote, Outcome, Report, Setting
from briefqa.evaluation.summary import make_report
from briefqa.types import Answer, Document, Hit

_CHARACTERS = 5


class Asker(Protocol):
    """What is evaluated: it answers questions about documents that it can list."""

    def ask(self, question: str, *, top_k: int) -> Answer:
        """The answer with at most `top_k` hits, and how long it took under "total" of its milliseconds."""

    def documents(self) -> Iterable[Document]:
        """Every document that answers may come from."""


def evaluate(
    asker: Asker,
    questions: Sequence[Question],
    *,
    path: str | Path,
    top_k: int = DEPTH,
    min_confidence: float = 0.0,
    settings: Mapping[str, Setting] | None = None,
    earlier: Mapping[str, Outcome] | None = None,
    keep: Callable[[Outcome, Sequence[Hit]], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Ask each question for `top_k` passages and report how the answers did.

    An answer below `min_confidence` counts as none, and still shows how right its quotes would have been: let `asker`
    answer whatever its own confidence. `path` names the set in messages, and `settings` go into the report as they
    are. Questions whose id has an outcome in `earlier` are not asked again; `keep` is given every new outcome with its
    hits, and `progress` is told after each question how many are done, of how many. A document is ranked by its best
    passage among the `top_k`.

    DatasetError, before anything is asked, if there is no question or a gold does not stand in the documents;
    UsageError if `top_k` is below 10, the depth of the measures.
    """
    if top_k < DEPTH:
        message = f"can't measure to rank {DEPTH} with {top_k} passages a question; ask for {DEPTH} or more"
        raise UsageError(message)
    if not questions:
        message = f"{path}: there is no question to evaluate; write one JSON object a line"
        raise DatasetError(message)
    documents = _documents_by_key(asker.documents(), questions, path=path)
    spans = resolve_gold(questions, documents, path=path)
    texts = {document.id: document for document in documents.values()}
    outcomes = []
    indexes = set()
    for done, question in enumerate(questions, 1):
        outcome = (earlier or {}).get(question.id)
        if outcome is None:
            answer = asker.ask(question.text, top_k=top_k)
            indexes.add(answer.index)
            hits = answer.hits[:top_k]
            outcome = _outcome(question, answer, hits, spans[question.id], texts, min_confidence)
            if keep:
                keep(outcome, hits)
        outcomes.append(outcome)
        if progress:
            progress(done, len(questions))
    return make_report(str(path), outcomes, indexes.pop() if len(indexes) == 1 else None, settings or {})


def _documents_by_key(
    documents: Iterable[Document], questions: Iterable[Question], *, path: str | Path
) -> dict[str, Document]:
    """The golds' documents. Only those are kept: an index may hold far more than a question set names."""
    wanted = {gold.document for question in questions for gold in question.gold}
    found = [document for document in documents if document.key in wanted]
    repeated = sorted(key for key, count in Counter(document.key for document in found).items() if count > 1)
    if repeated:
        message = (
            f"{path}: a gold names {repeated[0]!r}, but the index holds more than one document of that name; "
            "index the folders apart, or rename one"
        )
        raise DatasetError(message)
    return {document.key: document for document in found}


def _outcome(
    question: Question,
    answer: Answer,
    hits: Sequence[Hit],
    spans: Sequence[GoldSpan],
    documents: Mapping[str, Document],
    min_confidence: float,
) -> Outcome:
    answered = answer.status == "answered" and answer.confidence >= min_confidence
    quotes = tuple(
        FoundQuote(entry.document.key, entry.lines, entry.quote, holds_gold(entry, spans)) for entry in answer.citations
    )
    right = [quote.right for quote in quotes]
    brier = (answer.confidence - float(any(right))) ** 2
    if spans:
        printed = right if answered else []
        held = character_measures(
            [(hit.passage.document_id, (hit.passage.start, hit.passage.end)) for hit in hits[:_CHARACTERS]],
            [(span.document_id, (span.start, span.end)) for span in spans],
        )
        measures = {
            **{f"passages.{name}": score for name, score in passage_measures(hits, spans).items()},
            **{f"documents.{name}": score for name, score in document_measures(hits, spans).items()},
            f"characters.R@{_CHARACTERS}": held.recall,
            f"characters.P@{_CHARACTERS}": held.precision,
            f"characters.IoU@{_CHARACTERS}": held.iou,
            "quote_hit@1": float(any(printed[:1])),
            "quote_hit@3": float(any(printed[:3])),
            "quote_hit": float(any(printed)),
            "missed_answers": float(not answered),
            "brier": brier,
        }
    else:
        measures = {"false_answers": float(answered), "brier": brier}
    return Outcome(
        id=question.id,
        text=question.text,
        tags=question.tags,
        line=question.line,
        status="answered" if answered else "no_answer",
        confidence=answer.confidence,
        right=any(right),
        measures=measures,
        golds=tuple(_found(span, documents[span.document_id]) for span in spans),
        hits=tuple(
            FoundPassage(
                hit.passage.id,
                hit.document.key,
                (hit.passage.start, hit.passage.end),
                hit.passage.lines,
                hit.score,
                golds_in(hit.passage, spans),
            )
            for hit in hits
        ),
        quotes=quotes,
        milliseconds=answer.milliseconds["total"],
    )


def _found(span: GoldSpan, document: Document) -> FoundGold:
    return FoundGold(document.key, document.id, (span.start, span.end), document.text[span.start : span.end])
