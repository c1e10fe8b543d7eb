"""Where a quote stands in a text, word for word or with small changes, and what the changes are."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from briefqa.types import Span

_FORMS = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    "\u2026": "...",
}
_VARIANT = re.compile(f"[{''.join(_FORMS)}]|[^\\W\\d_][\u0300-\u036f]+")
_TOKEN = re.compile(r"[^\W_]+|\S")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# What a punctuation mark counts beside a word: both have exact sums as floats, so that ties are ties.
_MARK = 0.5
_ROUNDING = 1e-9
_NEIGHBOURS = 3


class Text:
    """A text to search. Quotation marks, dashes, ellipses and accents are compared in one form each, and characters
    that show nothing are not compared."""

    def __init__(self, text: str) -> None:
        self.raw = text

    @cached_property
    def folded(self) -> str:
        """The text in the form that is compared."""
        return _fold(self.raw)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words and marks, case-folded."""
        return frozenset(_TOKEN.findall(self.folded.casefold()))

    @cached_property
    def tokens(self) -> list[re.Match[str]]:
        """Its words and marks in order, as they stand in `folded`."""
        return list(_TOKEN.finditer(self.folded))

    def original(self, start: int, end: int) -> Span:
        """Where `folded[start:end]`, which may not be empty, stands in `raw`."""
        if self.folded == self.raw:
            return start, end
        starts: list[int] = []
        ends: list[int] = []
        last = 0
        for found in _VARIANT.finditer(self.raw):
            length = len(_form(found))
            starts += [*range(last, found.start()), *[found.start()] * length]
            ends += [*range(last + 1, found.start() + 1), *[found.end()] * length]
            last = found.end()
        starts += range(last, len(self.raw))
        ends += range(last + 1, len(self.raw) + 1)
        return starts[start], ends[end - 1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the nearest thing to a quote stands in a text, and how similar it is: 1 less the words and marks that were
    changed, added or left out, as a share of the quote's. 1 is the same but for case and spacing."""

    start: int
    end: int
    similarity: float


class Quote:
    """A quote to look for in many texts."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return sum(map(str.isalnum, _TOKEN.findall(self._folded)))

    def find(self, text: Text, *, whole_words: bool = False) -> Span | None:
        """Where in `text.raw` the quote first stands word for word, any run of white space being equal to any other;
        None if it doesn't, or if the quote is blank. Its first and last word may be parts of the text's words unless
        they must be `whole_words`."""
        if found := _search(self._text, text.raw, whole_words=whole_words):
            return found.span()
        found = _search(self._folded, text.folded, whole_words=whole_words)
        return text.original(*found.span()) if found else None

    def may_stand_in(self, text: Text, *, least: float) -> bool:
        """Whether `find` could find the quote in `text` in whole words, or `nearest` something at least so similar: a
        quick look."""
        # Rounding may not refuse what `nearest` accepts.
        return len(self._different - text.words) <= (1 - least) * self._total + _ROUNDING

    def nearest(self, text: Text, *, least: float) -> Place | None:
        """The place in `text.raw` that takes the fewest changes, from word to word, the first of equals; None if its
        similarity is below `least`, which is above 0, or if it lacks two numbers of the quote or more: then it tells
        of something else in the same words.

        Approximate string matching by dynamic programming, over words and marks (Sellers 1980, "The theory and
        computation of evolutionary distances: pattern recognition", Journal of Algorithms 1).
        """
        if not text.tokens or not self._total:
            return None
        tokens = _Tokens.of([token[0].casefold() for token in text.tokens], self._ids)
        end, cost = _cheapest_end(self._tokens, tokens)
        similarity = 1 - cost / self._total
        if similarity < least:
            return None
        # With more tokens than this in it, a place would cost more than nothing does.
        first = max(0, end - 3 * len(self._tokens.numbers))
        length, _ = _cheapest_end(self._tokens.reversed(), tokens.part(first, end).reversed())
        span = text.tokens[end - length].start(), text.tokens[end - 1].end()
        if (_numbers(self._folded) - _numbers(text.folded[slice(*span)])).total() > 1:
            return None
        return Place(*text.original(*span), similarity)

    @cached_property
    def _folded(self) -> str:
        return _fold(self._text)

    @cached_property
    def _ids(self) -> dict[str, int]:
        words = [token.casefold() for token in _TOKEN.findall(self._folded)]
        return {word: number for number, word in enumerate(dict.fromkeys(words))}

    @cached_property
    def _different(self) -> frozenset[str]:
        return frozenset(filter(str.isalnum, self._ids))

    @cached_property
    def _tokens(self) -> _Tokens:
        return _Tokens.of([token.casefold() for token in _TOKEN.findall(self._folded)], self._ids)

    @cached_property
    def _total(self) -> float:
        return float(self._tokens.weights.sum())


def difference(quote: str, found: str) -> str:
    """The words that differ, with some that stand around them, such as "… it left in [2008 -> 2009] and …"; words that
    only the quote has are marked with a minus, words that only `found` has with a plus."""
    old, new = quote.split(), found.split()
    matcher = SequenceMatcher(None, [_fold(word) for word in old], [_fold(word) for word in new], autojunk=False)
    parts: list[str] = []
    for kind, first, last, start, end in matcher.get_opcodes():
        before, after = " ".join(old[first:last]), " ".join(new[start:end])
        if kind == "equal":
            parts += _around(old[first:last], at_start=first == 0, at_end=last == len(old))
        elif kind == "replace":
            parts.append(f"[{before} -> {after}]")
        else:
            parts.append(f"[-{before}]" if before else f"[+{after}]")
    return " ".join(parts)


class _Tokens(NamedTuple):
    """Words and marks as numbers, -1 for those that the quote has not, with their weights: both of shape (n,)."""

    numbers: NDArray[np.int32]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, tokens: Sequence[str], numbers: Mapping[str, int]) -> _Tokens:
        return cls(
            np.array([numbers.get(token, -1) for token in tokens], dtype=np.int32),
            np.array([1.0 if token.isalnum() else _MARK for token in tokens], dtype=np.float64),
        )

    def part(self, start: int, end: int) -> _Tokens:
        return _Tokens(self.numbers[start:end], self.weights[start:end])

    def reversed(self) -> _Tokens:
        return _Tokens(self.numbers[::-1], self.weights[::-1])


def _cheapest_end(quote: _Tokens, text: _Tokens) -> tuple[int, float]:
    """How many tokens of `text` stand before the end of the stretch that takes the fewest changes, and their cost."""
    along = np.concatenate([[0.0], np.cumsum(text.weights)])
    costs = np.zeros(len(along))
    for number, weight in zip(*quote, strict=True):
        left_out = costs + weight
        changed = costs[:-1] + np.where(text.numbers == number, 0.0, np.maximum(text.weights, weight))
        costs = np.concatenate([left_out[:1], np.minimum(left_out[1:], changed)])
        # With tokens added in between: the least of costs[k] + along[n] - along[k] over all k up to n.
        costs = np.minimum.accumulate(costs - along) + along
    end = int(costs.argmin())
    # A last word costs the same changed as left out; where it was changed, it belongs to the place.
    while end < len(text.numbers) and costs[end + 1] == costs[end]:
        end += 1
    return end, float(costs[end])


def _fold(text: str) -> str:
    return _VARIANT.sub(_form, text)


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(text))


def _form(found: re.Match[str]) -> str:
    return _FORMS[found[0]] if found[0] in _FORMS else unicodedata.normalize("NFC", found[0])


def _search(quote: str, text: str, *, whole_words: bool) -> re.Match[str] | None:
    words = quote.split()
    if not words:
        return None
    before, after = (r"\b" if whole_words and edge.isalnum() else "" for edge in (words[0][0], words[-1][-1]))
    return re.search(before + r"\s+".join(map(re.escape, words)) + after, text)


def _around(words: list[str], *, at_start: bool, at_end: bool) -> Iterator[str]:
    """Unchanged words, those far from a change left out."""
    before = 0 if at_start else _NEIGHBOURS
    after = 0 if at_end else _NEIGHBOURS
    if len(words) <= before + after:
        yield from words
        return
    yield from words[:before]
    yield "…"
    yield from words[len(words) - after :]
