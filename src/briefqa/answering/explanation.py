"""Why each hit stands where it does, and what a confidence rests on: nothing here decides, it only tells."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from briefqa.analysis import terms
from briefqa.answering.confidence import Features, confidence, weigh
from briefqa.explained import ExplainedConfidence, ExplainedHit, Explanation, Part, Term
from briefqa.question import analyse_question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.answering.answer import Decision
    from briefqa.protocols import Candidate, PassageStore
    from briefqa.question import AnalysedQuestion
    from briefqa.types import Evidence, Hit, Scores


@dataclass(frozen=True, slots=True)
class Recipe:
    """How scores were made: the weight of the dense share (the lexical share has the rest to 1), of the evidence, and
    of the reranker's verdict (the first stage has the rest to 1), and of recency, as a share of the best score; and the
    threshold of an answer."""

    dense: float
    evidence: Evidence
    rerank: float
    threshold: float
    recency: float = 0.0


def explain_outcome(
    question: str,
    hits: Sequence[Hit],
    found: Sequence[Candidate],
    store: PassageStore,
    *,
    recipe: Recipe,
    decision: Decision | None = None,
) -> Explanation:
    """The words of the question, the hits, and, if a decision was made, the confidence in it.

    `found` must hold all that a reranker saw, and all that recency was added to: the best is the measure of the others.
    """
    asked = analyse_question(question, store)
    reranked = (entry.scores for entry in found if entry.scores.rerank is not None)
    best = max((_sum(_first_stage(scores, recipe)) for scores in reranked), default=None)
    measure = max((entry.scores.relevance for entry in found if entry.scores.relevance is not None), default=0.0)
    gain = recipe.recency * max(0.0, measure)
    return Explanation(
        tuple(_weighed(asked, decision.judged if decision else asked)),
        tuple(_explained(asked, hit, recipe, best, gain) for hit in hits),
        explain_confidence(decision.features, recipe.threshold) if decision else None,
    )


def explain_confidence(features: Features, threshold: float) -> ExplainedConfidence:
    """The parts of the confidence in these features."""
    if features == Features():
        return ExplainedConfidence((), None, None, 0.0, threshold)
    (_, _, bias), *rows = weigh(features)
    parts = tuple(Part(*row) for row in rows)
    return ExplainedConfidence(parts, bias, bias + _sum(parts), confidence(features), threshold)


def _weighed(asked: AnalysedQuestion, judged: AnalysedQuestion) -> Iterator[Term]:
    mass = judged.mass or 1.0
    counted = {entry.term for entry in judged.terms}
    for entry in asked.terms:
        counts = entry.term in counted
        yield Term(entry.word, entry.weight / mass if counts else 0.0, entry.exact, entry.seen, counts)


def _explained(question: AnalysedQuestion, hit: Hit, recipe: Recipe, best: float | None, gain: float) -> ExplainedHit:
    language = hit.document.language
    found = {*terms(hit.document.title or "", language), *terms(hit.passage.text, language)}
    holds = tuple(entry.word for entry in question.terms if entry.among(found))
    scores = hit.scores
    parts = _parts(scores, hit.score if scores.relevance is None else scores.relevance, recipe, best)
    if scores.recency is not None:
        parts = [*parts, Part("recency", scores.recency, gain)]
    return ExplainedHit(hit.rank, hit.passage.id, tuple(parts), holds, question.missing(found))


def _parts(scores: Scores, relevance: float, recipe: Recipe, best: float | None) -> list[Part]:
    parts = _first_stage(scores, recipe)
    if best is None:
        return parts
    first, logit = _sum(parts), scores.rerank
    if logit is None:
        # It stands behind what the reranker saw, and was scaled to stay there.
        return _scaled(parts, relevance / first if first else 0.0)
    share = (1.0 - recipe.rerank) / best if best > 0.0 and first > 0.0 else 0.0
    return [*_scaled(parts, share), Part("rerank", _sigmoid(logit), recipe.rerank)]


def _first_stage(scores: Scores, recipe: Recipe) -> list[Part]:
    if scores.dense_share is None or scores.lexical_share is None:
        single = {"dense": scores.dense, "lexical": scores.lexical}
        return [Part(name, value, 1.0) for name, value in single.items() if value is not None]
    parts = [
        Part("dense_share", scores.dense_share, recipe.dense),
        Part("lexical_share", scores.lexical_share, 1.0 - recipe.dense),
    ]
    if scores.evidence is not None:
        weights = asdict(recipe.evidence)
        parts += [Part(name, value, weights[name]) for name, value in asdict(scores.evidence).items()]
    return parts


def _scaled(parts: Sequence[Part], factor: float) -> list[Part]:
    return [replace(part, weight=part.weight * factor) for part in parts]


def _sum(parts: Sequence[Part]) -> float:
    return sum(part.contribution for part in parts)


def _sigmoid(logit: float) -> float:
    return 0.5 * (1.0 + math.tanh(0.5 * logit))
