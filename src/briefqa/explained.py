"""The values that tell why hits and a confidence are what they are: plain and frozen, as in `briefqa.types`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question, as typed: its share of the idf mass of the words that count, whether it is a name or a
    number (`exact`), and whether any passage holds it (`seen`).

    A year that no passage holds is not `counted` in quotes and confidence, and weighs nothing, where the nearest
    articles have no date; the hits' scores are made with it all the same.
    """

    word: str
    weight: float
    exact: bool
    seen: bool
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """An addend of a sum: `value * weight`."""

    name: str
    value: float
    weight: float

    @property
    def contribution(self) -> float:
        """What it adds."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class ExplainedHit:
    """Why a hit stands where it does: `parts` sum to its score; the words of the question, as typed, that its passage
    with the title `holds` and `lacks`."""

    rank: int
    passage_id: str
    parts: tuple[Part, ...]
    holds: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainedConfidence:
    """What a confidence rests on: `bias` and `parts` sum to `logit`, whose sigmoid is the probability, and an answer
    needs the threshold. With nothing to quote there are no parts, and bias and logit are None."""

    parts: tuple[Part, ...]
    bias: float | None
    logit: float | None
    probability: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words that a question is judged by, its hits, best first, and the confidence: None for a search."""

    terms: tuple[Term, ...]
    hits: tuple[ExplainedHit, ...]
    confidence: ExplainedConfidence | None
