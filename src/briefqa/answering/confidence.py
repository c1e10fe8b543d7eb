"""How likely the quotes answer the question: a logistic regression on cheap features of what was found."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from briefqa.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.answering.quotes import Quote
    from briefqa.question import AnalysedQuestion
    from briefqa.types import Hit, Scores


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence is computed from; shares run from 0 to 1, cosines from -1 to 1.

    The cosines are 0 for a retriever that has none: the best passage's lead over the mean of the weaker half, the
    first quote's, and that of the sentence nearest to the question.
    """

    quote_coverage: float = 0.0
    passage_coverage: float = 0.0
    exact_coverage: float = 0.0
    cosine_lead: float = 0.0
    quote_cosine: float = 0.0
    sentence_cosine: float = 0.0


def told_by(hit: Hit) -> set[str]:
    """The terms of a hit's passage and of what its document says about itself: a date or a publisher that the
    question names may stand there alone."""
    document = hit.document
    about = (document.title, document.published, document.source, hit.passage.text)
    return set(terms("\n".join(part for part in about if part)))


def measure(question: AnalysedQuestion, scores: Sequence[Scores], ranked: Sequence[Quote]) -> Features:
    """The features of a question, from the scores of all that was retrieved, best first (some tens give the lead a
    meaning), and the ranked quotes of the best of it."""
    if not ranked:
        return Features()
    first = ranked[0]
    passage = told_by(first.hit)
    cosines = sorted((entry.dense for entry in scores if entry.dense is not None), reverse=True)
    tail = cosines[len(cosines) // 2 :]
    return Features(
        quote_coverage=first.coverage,
        passage_coverage=question.coverage(passage),
        exact_coverage=question.exact_coverage(passage),
        cosine_lead=cosines[0] - sum(tail) / len(tail) if cosines else 0.0,
        quote_cosine=first.cosine or 0.0,
        sentence_cosine=max((quote.cosine or 0.0 for quote in ranked), default=0.0),
    )


# Fitted by benchmarks/fit_confidence.py, never on evals/; in the order of Features.
_BIAS, *_WEIGHTS = (-5.22, 0.76, 4.1, 0.1, 0.89, 3.01, 0.69)
_BIAS_OF_WORDS, *_WEIGHTS_OF_WORDS = (-3.82, 1.28, 5.18, 0.38)


def confidence(features: Features) -> float:
    """The probability, 0 to 1, that the quotes answer the question; 0 where there is nothing to quote."""
    if features == Features():
        return 0.0
    values = astuple(features)
    if features.quote_cosine == 0.0:
        logit = _BIAS_OF_WORDS + _dot(_WEIGHTS_OF_WORDS, values)
    else:
        logit = _BIAS + _dot(_WEIGHTS, values)
    return 1.0 / (1.0 + math.exp(-logit))


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=False))
