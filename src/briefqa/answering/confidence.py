"""How likely the quotes answer the question: a logistic regression on cheap features of what was found."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from briefqa.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.answering.question import AnalysedQuestion
    from briefqa.answering.quotes import Quote
    from briefqa.types import Hit, Scores


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence is computed from; shares run from 0 to 1, cosines from -1 to 1, 0 where not known."""

    quote_coverage: float
    passage_coverage: float
    exact_coverage: float
    top_cosine: float
    cosine_lead: float
    bm25_per_idf: float


def measure(
    question: AnalysedQuestion, scores: Sequence[Scores], hits: Sequence[Hit], quotes: Sequence[Quote]
) -> Features:
    """The features of a question, the scores of all that was retrieved (best first; some tens give the lead a
    meaning), the best hits, and the quotes picked from them."""
    if not hits:
        return Features(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    quoted = quotes[0].hit if quotes else hits[0]
    passage = set(terms(f"{quoted.document.title or ''}\n{quoted.passage.text}"))
    cosines = sorted((entry.dense for entry in scores if entry.dense is not None), reverse=True)
    tail = cosines[len(cosines) // 2 :]
    return Features(
        quote_coverage=question.coverage(quotes[0].terms) if quotes else 0.0,
        passage_coverage=question.coverage(passage),
        exact_coverage=question.exact_coverage(passage),
        top_cosine=cosines[0] if cosines else 0.0,
        cosine_lead=cosines[0] - sum(tail) / len(tail) if cosines else 0.0,
        bm25_per_idf=max((entry.lexical or 0.0 for entry in scores), default=0.0) / max(question.mass, 1e-9),
    )


# Fitted by benchmarks/fit_confidence.py on the SQuAD sample alone, never on evals/. The order is that of Features.
_WEIGHTS = (2.41, 5.87, 1.10, 0.83, 3.33, -0.77)
_BIAS = -6.81
_WEIGHTS_WITHOUT_COSINE = (2.30, 5.81, 1.33, 0.0, 0.0, -0.31)
_BIAS_WITHOUT_COSINE = -5.53


def confidence(features: Features) -> float:
    """The probability, 0 to 1, that the quotes answer the question."""
    if features == Features(0.0, 0.0, 0.0, 0.0, 0.0, 0.0):
        return 0.0
    with_cosine = features.top_cosine != 0.0
    weights = _WEIGHTS if with_cosine else _WEIGHTS_WITHOUT_COSINE
    bias = _BIAS if with_cosine else _BIAS_WITHOUT_COSINE
    logit = bias + sum(weight * value for weight, value in zip(weights, astuple(features), strict=True))
    return 1.0 / (1.0 + math.exp(-logit))
