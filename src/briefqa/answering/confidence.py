"""How likely the quotes answer the question: a logistic regression on cheap features of what was found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from briefqa.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.answering.quotes import Quote, QuotedHit
    from briefqa.protocols import Candidate
    from briefqa.question import AnalysedQuestion
    from briefqa.types import Hit

# The lead of the best passage is taken over this many behind it.
_FIELD = 9


class Features(NamedTuple):
    """What the confidence is computed from.

    Of words, shares of the question's idf mass from 0 to 1: what the first quote holds together with the sentence
    before it, what its passage and document say, and the same for names and numbers alone; then the lead of the best
    passage's score over those behind it, as a share of it. The rest needs an encoder and is 0 without one, cosines
    from -1 to 1: the best passage's lead over the mean of the weaker half, the first quote's vector, its tokens (terms
    with the sentence before, all tokens), and the tokens of its whole passage (terms, and the weakest of them).
    """

    quote_coverage: float = 0.0
    passage_coverage: float = 0.0
    exact_coverage: float = 0.0
    score_lead: float = 0.0
    cosine_lead: float = 0.0
    quote_cosine: float = 0.0
    quote_terms: float = 0.0
    quote_all: float = 0.0
    passage_terms: float = 0.0
    passage_weakest: float = 0.0


def told_by(hit: Hit) -> set[str]:
    """The terms of a hit's passage and of what its document says about itself: a date or a publisher that the
    question names may stand there alone."""
    document = hit.document
    about = (document.title, document.published, document.source, hit.passage.text)
    return set(terms("\n".join(part for part in about if part), document.language))


def measure(
    question: AnalysedQuestion, candidates: Sequence[Candidate], quoted: Sequence[QuotedHit], ranked: Sequence[Quote]
) -> Features:
    """The features of a question, from all that was retrieved, best first (some tens give the leads a meaning), the
    hits that were quoted from, and the ranked quotes."""
    if not ranked:
        return Features()
    first = ranked[0]
    passage = told_by(first.hit)
    # What is newer is no surer: the confidence knows nothing of recency.
    scores = sorted(map(_relevance, candidates), reverse=True)
    cosines = sorted((entry.scores.dense for entry in candidates if entry.scores.dense is not None), reverse=True)
    matcher = next(entry.matcher for entry in quoted if entry.hit is first.hit)
    whole = matcher.whole() if matcher else None
    return Features(
        quote_coverage=first.fit.coverage_with_before,
        passage_coverage=question.coverage(passage),
        exact_coverage=question.exact_coverage(passage),
        score_lead=1.0 - _mean(scores[1 : 1 + _FIELD]) / scores[0] if scores[0] > 0.0 else 0.0,
        cosine_lead=cosines[0] - _mean(cosines[len(cosines) // 2 :]) if cosines else 0.0,
        quote_cosine=first.fit.cosine,
        quote_terms=first.fit.terms_with_before,
        quote_all=first.fit.all,
        passage_terms=whole.terms if whole else 0.0,
        passage_weakest=whole.weakest if whole else 0.0,
    )


# Fitted by benchmarks/fit_confidence.py; in the order of Features.
_BIAS, *_WEIGHTS = (-4.54, 0.0, 0.26, 1.69, 1.71, 0.22, 1.67, 0.34, 0.78, 0.85, 1.18)
_BIAS_OF_WORDS, *_WEIGHTS_OF_WORDS = (-2.8, 0.49, 1.66, 1.69, 1.06)


def weigh(features: Features) -> list[tuple[str, float, float]]:
    """What the logit is the sum of, as (name, value, weight): first the bias, of value 1, then the features that count,
    in their order. Without an encoder those of words alone do, with weights of their own."""
    values = features._asdict()
    words_alone = features.passage_terms == 0.0
    bias, weights = (_BIAS_OF_WORDS, _WEIGHTS_OF_WORDS) if words_alone else (_BIAS, _WEIGHTS)
    rows = [(name, values[name], weight) for name, weight in zip(values, weights, strict=False)]
    return [("bias", 1.0, bias), *rows]


def confidence(features: Features) -> float:
    """The probability, 0 to 1, that the quotes answer the question; 0 where there is nothing to quote."""
    if features == Features():
        return 0.0
    logit = sum(value * weight for _, value, weight in weigh(features))
    return 1.0 / (1.0 + math.exp(-logit))


def _relevance(candidate: Candidate) -> float:
    relevance = candidate.scores.relevance
    return candidate.score if relevance is None else relevance


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
