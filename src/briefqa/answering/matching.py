"""How near the question's words come to a passage's, token by token: late interaction (Khattab and Zaharia 2020,
"ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over BERT")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefqa.protocols import Reading, Vectors
    from briefqa.question import AnalysedQuestion
    from briefqa.types import Span

_ASKING = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)


class Match(NamedTuple):
    """How near a text comes to the question, cosines from -1 to 1: its `terms`, weighted by idf, `all` of its tokens
    alike, the word that is `asking`, and the `weakest` of its terms."""

    terms: float
    all: float
    asking: float
    weakest: float


class TokenMatcher:
    """Holds a question's tokens against those of a passage. `shift` is where in the text that was read the passage
    begins; spans are offsets in the passage."""

    def __init__(self, question: AnalysedQuestion, asked: Reading, told: Reading, *, shift: int) -> None:
        self._similarities: Vectors = asked.tokens @ told.tokens.T
        self._starts, self._ends = told.spans[:, 0] - shift, told.spans[:, 1] - shift
        self._terms = [
            (entry.weight, [place for span in entry.spans for place in _within(asked, span)])
            for entry in question.terms
        ]
        self._asking = [place for found in _ASKING.finditer(question.text) for place in _within(asked, found.span())]

    def span(self, start: int, end: int) -> Match:
        """What the tokens that stand wholly in the span say."""
        return self._match(self._similarities[:, (self._starts >= start) & (self._ends <= end)])

    def whole(self) -> Match:
        """What all that was read says, a title in front of the passage included."""
        return self._match(self._similarities)

    def _match(self, similarities: Vectors) -> Match:
        if not similarities.size:
            return Match(0.0, 0.0, 0.0, 0.0)
        nearest = similarities.max(axis=1)
        near = [(weight, float(nearest[places].mean())) for weight, places in self._terms if places]
        mass = sum(weight for weight, _ in near)
        average = float(nearest.mean())
        return Match(
            terms=sum(weight * cosine for weight, cosine in near) / mass if mass > 0.0 else average,
            all=average,
            asking=float(nearest[self._asking].max()) if self._asking else average,
            weakest=min((cosine for _, cosine in near), default=average),
        )


def _within(reading: Reading, span: Span) -> Iterable[int]:
    return [place for place, (start, end) in enumerate(reading.spans.tolist()) if span[0] <= start and end <= span[1]]
