"""Where in a pasted page the article stands: the stretch of most sentences and least furniture."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.corpus.cleaning.signs import Sign
    from briefqa.corpus.cleaning.units import Unit
    from briefqa.types import Span

ARTICLE_WORDS = 100
ARTICLE_SHARE = 0.5
MOST_WORDS = 50.0
PROSE_WORDS = 8
SHORT = -2.0
LABEL = -1.0
SIGN = -6.0
HEADING = -60.0
OTHER = -80.0
DROP = 200.0
TEASER = -12.0


def article_region(units: Sequence[Unit], found: Sequence[Sign | None], closed: frozenset[int]) -> Span:
    """The first unit of the article and the one after its last: the stretch with the greatest sum of scores, after
    Pasternack and Roth 2009, "Extracting article text from the web with maximum subsequence segmentation". None goes
    across a unit of `closed`, and the first between two of these that is long enough is taken: comments may be longer
    than what they are on."""
    ends = [*sorted(closed), len(units)]
    parts = [_stretch(units, found, start, end) for start, end in pairwise([0, *ends])]
    enough = min(ARTICLE_WORDS, ARTICLE_SHARE * max(total for total, _ in parts))
    return next(span for total, span in parts if total >= enough)


def _stretch(units: Sequence[Unit], found: Sequence[Sign | None], first: int, last: int) -> tuple[float, Span]:
    best, best_sum = (first, first), 0.0
    start, running, peak = first, 0.0, 0.0
    for place in range(first, last):
        if running <= 0 or running < peak - DROP:
            start, running, peak = place, 0.0, 0.0
        running += score(units[place], found[place])
        peak = max(peak, running)
        if running > best_sum:
            best, best_sum = (start, place + 1), running
    return best_sum, best


def score(unit: Unit, sign: Sign | None) -> float:
    """How much a unit speaks for an article: words of sentences do, furniture speaks against."""
    if sign:
        if sign.role == "heading":
            return HEADING * sign.weight
        if sign.reason == "teaser":
            return TEASER
        if sign.reason == "another story":
            return OTHER * sign.weight
        if sign.reason == "repeated block":
            return 0.0
        return SIGN * max(sign.weight, 0.5)
    if unit.code or (unit.is_sentence and unit.words >= PROSE_WORDS) or unit.words >= 2 * PROSE_WORDS:
        return float(min(unit.words, MOST_WORDS))
    if unit.is_sentence or unit.is_listed:
        return LABEL + unit.words / PROSE_WORDS
    return SHORT
