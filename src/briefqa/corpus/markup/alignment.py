"""Finds an extracted text again among the blocks of its page.

An extractor gives lines of text without saying where they stood. Each block that stands in them has a place there;
of all choices of blocks whose places rise as the blocks do, the one with most words is taken (a heaviest increasing
subsequence), so that a teaser that tells a sentence of the article elsewhere on the page is not mistaken for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+")
_RUN = 4
"""Words that are looked up together."""
_SHORT = 5
"""Blocks of fewer words are only found as whole lines: they stand by chance within others."""
_MOST_PLACES = 50
_MOST_PLACES_OF_ALL = 300_000
_HELD = 0.5
"""The share of a block's runs that must be found where an extractor left out a part of it."""


class _Place(NamedTuple):
    block: int
    start: int
    end: int
    words: int


def aligned(blocks: Sequence[str], lines: Sequence[str]) -> set[int]:
    """The numbers of the blocks that stand in `lines`, in their order."""
    words: list[str] = []
    edges = {0}
    for line in lines:
        words += _words(line)
        edges.add(len(words))
    runs = defaultdict(list)
    for start in range(len(words)):
        for length in range(1, min(_RUN, len(words) - start) + 1):
            runs[tuple(words[start : start + length])].append(start)
    most = min(_MOST_PLACES, 1 + _MOST_PLACES_OF_ALL // max(1, len(blocks)))
    places = [
        place for number, block in enumerate(blocks) for place in _places(number, block, words, edges, runs, most)
    ]
    return _heaviest(places, len(words))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _places(
    number: int, block: str, words: list[str], edges: set[int], runs: dict[tuple[str, ...], list[int]], most: int
) -> Iterator[_Place]:
    own = _words(block)
    if not own:
        return
    exact = [
        start
        for start in runs.get(tuple(own[:_RUN]), ())[:most]
        if words[start : start + len(own)] == own
        and (len(own) >= _SHORT or (start in edges and start + len(own) in edges))
    ]
    for start in exact:
        yield _Place(number, start, start + len(own), len(own))
    count = len(own) - _RUN + 1
    if exact or count < _SHORT:
        return
    found = sorted(runs[run][0] for at in range(count) if (run := tuple(own[at : at + _RUN])) in runs)
    near = [start for start in found if abs(start - found[len(found) // 2]) <= 2 * len(own)]
    if len(near) >= _HELD * count:
        yield _Place(number, near[0], near[-1] + _RUN, len(near))


def _heaviest(places: Sequence[_Place], length: int) -> set[int]:
    """The blocks of the heaviest chain of places, each starting where the one before ended or later; `places` rise by
    block. `best` is a Fenwick tree: of chains that end up to a word, the heaviest, as its weight and its last place."""
    best = [(0, -1)] * (length + 2)
    before = [-1] * len(places)
    first = 0
    while first < len(places):
        last = first
        ready = []
        while last < len(places) and places[last].block == places[first].block:
            weight, before[last] = _best_up_to(best, places[last].start)
            ready.append((places[last].end, (weight + places[last].words, last)))
            last += 1
        for end, chain in ready:
            _note(best, end, chain)
        first = last
    chosen = set[int]()
    at = _best_up_to(best, length)[1]
    while at >= 0:
        chosen.add(places[at].block)
        at = before[at]
    return chosen


def _best_up_to(best: list[tuple[int, int]], end: int) -> tuple[int, int]:
    found = (0, -1)
    at = end + 1
    while at > 0:
        found = max(found, best[at], key=lambda chain: chain[0])
        at -= at & -at
    return found


def _note(best: list[tuple[int, int]], end: int, chain: tuple[int, int]) -> None:
    at = end + 1
    while at < len(best):
        if best[at][0] < chain[0]:
            best[at] = chain
        at += at & -at
