"""Asks every question of a set and measures the answers against its gold quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.gold import GoldSpan, require_gold, resolve_gold
from briefqa.evaluation.metrics import auroc
from briefqa.evaluation.relevance import DEPTH, document_measures, passage_measures, prints_gold
from briefqa.evaluation.results import MEASURES, Measure, Outcome, Report, Setting, Summary
from briefqa.evaluation.statistics import LEVEL, RESAMPLES, SEED, auroc_interval, bootstrap_interval, mean_interval
from briefqa.types import Answer, Document


class Asker(Protocol):
    """What is evaluated: it answers questions about documents that it can list."""

    def ask(self, question: str, *, top_k: int) -> Answer:
        """The answer with at most `top_k` hits, and how long it took under "total" of its milliseconds."""

    def documents(self) -> Iterable[Document]:
        """Every document that answers may come from; each call begins anew."""


def evaluate(
    asker: Asker,
    questions: Sequence[Question],
    *,
    path: str | Path,
    top_k: int = DEPTH,
    drift_allowed: bool = True,
    settings: Mapping[str, Setting] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Ask each question for `top_k` passages and report how the answers did.

    `path` names the set in messages, `settings` go into the report as they are, and `progress` is told after each
    question how many are done, of how many. A document is ranked by its best passage among the `top_k`.

    Golds that moved or changed count where they were found (see `resolve_gold`), and are listed in the report.

    DatasetError, before anything is asked, if there is no question, if a gold was found nowhere, or if one moved or
    changed although `drift_allowed` is False. UsageError if `top_k` is below 10, the depth of the measures.
    """
    if top_k < DEPTH:
        message = f"can't measure to rank {DEPTH} with {top_k} passages a question; ask for {DEPTH} or more"
        raise UsageError(message)
    if not questions:
        message = f"{path}: there is no question to evaluate; write one JSON object a line"
        raise DatasetError(message)
    resolution = resolve_gold(questions, asker.documents, path=path)
    require_gold(resolution, path=path, drift_allowed=drift_allowed)
    outcomes = []
    indexes = set()
    for done, question in enumerate(questions, 1):
        answer = asker.ask(question.text, top_k=top_k)
        outcomes.append(_outcome(question, answer, spans=resolution.spans[question.id], top_k=top_k))
        indexes.add(answer.index)
        if progress:
            progress(done, len(questions))
    return Report(
        path=str(path),
        overall=_summary(outcomes, keep_empty=True),
        tags={
            tag: _summary([outcome for outcome in outcomes if tag in outcome.tags], keep_empty=False)
            for tag in sorted({tag for question in questions for tag in question.tags})
        },
        outcomes=tuple(outcomes),
        index=indexes.pop() if len(indexes) == 1 else None,
        settings=dict(settings or {}),
        level=LEVEL,
        resamples=RESAMPLES,
        seed=SEED,
        drift=resolution.drift,
    )


def _outcome(question: Question, answer: Answer, *, spans: Sequence[GoldSpan], top_k: int) -> Outcome:
    answered = answer.status == "answered"
    hits = answer.hits[:top_k]
    if spans:
        citations = answer.citations if answered else ()
        measures = {
            **{f"passages.{name}": score for name, score in passage_measures(hits, spans).items()},
            **{f"documents.{name}": score for name, score in document_measures(hits, spans).items()},
            "quote_hit": float(prints_gold(citations, spans)),
            "first_quote_hit": float(prints_gold(citations[:1], spans)),
            "missed_answers": float(not answered),
        }
    else:
        measures = {"false_answers": float(answered)}
    return Outcome(
        id=question.id,
        text=question.text,
        tags=question.tags,
        line=question.line,
        answerable=bool(spans),
        status=answer.status,
        confidence=answer.confidence,
        measures=measures,
        hits=tuple(hit.passage.id for hit in hits),
        milliseconds=answer.milliseconds["total"],
    )


def _summary(outcomes: Sequence[Outcome], *, keep_empty: bool) -> Summary:
    measures = {name: _measure(name, outcomes) for name in MEASURES}
    answerable = sum(outcome.answerable for outcome in outcomes)
    return Summary(
        answerable=answerable,
        unanswerable=len(outcomes) - answerable,
        measures={name: measure for name, measure in measures.items() if keep_empty or measure.n},
    )


def _measure(name: str, outcomes: Sequence[Outcome]) -> Measure:
    if name == "auroc":
        return _separation(outcomes)
    if name in {"ms_p50", "ms_p95"}:
        return _latency(outcomes, quantile=0.5 if name == "ms_p50" else 0.95)
    values = [outcome.measures[name] for outcome in outcomes if name in outcome.measures]
    interval = mean_interval(values)
    if interval is None:
        return Measure(None, None, None, 0, None)
    (low, high), method = interval
    return Measure(sum(values) / len(values), low, high, len(values), method)


def _separation(outcomes: Sequence[Outcome]) -> Measure:
    """How well confidence tells answerable questions from the others; n counts both."""
    positives = [outcome.confidence for outcome in outcomes if outcome.answerable]
    negatives = [outcome.confidence for outcome in outcomes if not outcome.answerable]
    value = auroc(positives, negatives)
    if value is None:
        return Measure(None, None, None, 0, None)
    interval = auroc_interval(value, len(positives), negatives=len(negatives))
    low, high = interval or (None, None)
    return Measure(value, low, high, len(outcomes), "newcombe" if interval else None)


def _latency(outcomes: Sequence[Outcome], *, quantile: float) -> Measure:
    values = [outcome.milliseconds for outcome in outcomes]
    interval = bootstrap_interval(values, quantile=quantile)
    low, high = interval or (None, None)
    value = float(np.quantile(values, quantile))
    return Measure(value, low, high, len(values), "bootstrap" if interval else None)
