"""Newer articles first, as far as that is asked for: an exponential decay of age adds to the score.

The decay is that of Li and Croft 2003, "Time-Based Language Models", given by its half-life.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from briefqa.dates import date_range

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from briefqa.protocols import Candidate, Retriever

RECENCY_DEPTH = 200
"""So many of the passages that `inner` finds are looked at, at least: one behind them is not lifted."""


class RecencyRetriever:
    """Adds `weight` times the best score that `inner` finds to a passage of the day `newest`, half of that to one that
    is `half_life` days older, and so on; nothing to one without a date. A date known in part counts as its first day.

    `published` gives the dates of numbered passages.
    """

    def __init__(
        self,
        inner: Retriever,
        published: Callable[[Sequence[int]], list[str | None]],
        *,
        newest: date | None,
        weight: float,
        half_life: int,
    ) -> None:
        self._inner, self._published, self._newest = inner, published, newest
        self._weight, self._half_life = weight, half_life

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        """See Retriever."""
        if k < 1:
            return []
        found = self._inner.retrieve(question, max(k, RECENCY_DEPTH))
        gain = self._weight * max((candidate.score for candidate in found), default=0.0)
        dates = self._published([candidate.number for candidate in found])
        weighed = [
            self._weighed(candidate, recency(published, self._newest, self._half_life), max(0.0, gain))
            for candidate, published in zip(found, dates, strict=True)
        ]
        return sorted(weighed, key=lambda candidate: (-candidate.score, candidate.passage_id))[:k]

    def _weighed(self, candidate: Candidate, share: float, gain: float) -> Candidate:
        scores = replace(candidate.scores, relevance=candidate.score, recency=share)
        return candidate._replace(score=candidate.score + gain * share, scores=scores)


def recency(published: str | None, newest: date | None, half_life: int) -> float:
    """From 1 for what was published on the day `newest` or later, by half each `half_life` days, to 0; 0.0 where it is
    not known when."""
    try:
        day = date_range(published or "")[0]
    except ValueError:
        return 0.0
    if newest is None:
        return 0.0
    age = max(0, (newest - day).days)
    return float(0.5 ** (age / half_life))
