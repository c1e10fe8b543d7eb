"""Quotes for places: gold is kept as words, so these must be words that stand nowhere before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from briefqa.sentences import tiles
from briefqa.types import Span


class Placed(NamedTuple):
    """A quote that stands for a place, and whether it is more than was to be quoted."""

    words: str
    widened: bool


class Placer:
    """Finds quotes that stand for places in one text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def quote(self, start: int, end: int) -> Placed:
        """The words `text[start:end]`, with single spaces, if their first occurrence in the text is the place itself;
        else those of its sentence or, where these stand before too, of as few neighbours on both sides as do.

        ValueError where there is nothing but white space.
        """
        wanted = self._trimmed(start, end)
        for first, last in self._wider(*wanted):
            words = self._text[first:last].split()
            found = re.search(r"\s+".join(map(re.escape, words)), self._text)
            if found and found.start() == first:
                return Placed(" ".join(words), (first, last) != wanted)
        message = f"no quote can stand for {start} to {end}"
        raise ValueError(message)

    def _wider(self, start: int, end: int) -> Iterator[Span]:
        if start == end:
            return
        yield start, end
        first = max(number for number, tile in enumerate(self._tiles) if tile[0] <= start)
        last = min(number for number, tile in enumerate(self._tiles) if tile[1] >= end)
        yield self._span(first, last)
        while first > 0 or last < len(self._tiles) - 1:
            if first > 0:
                first -= 1
                yield self._span(first, last)
            if last < len(self._tiles) - 1:
                last += 1
                yield self._span(first, last)

    def _span(self, first: int, last: int) -> Span:
        return self._trimmed(self._tiles[first][0], self._tiles[last][1])

    def _trimmed(self, start: int, end: int) -> Span:
        inside = self._text[start:end]
        left = len(inside) - len(inside.lstrip())
        return start + left, start + max(left, len(inside.rstrip()))

    @cached_property
    def _tiles(self) -> list[Span]:
        return tiles(self._text)
