"""What a question asks for: its words and their weight in this corpus, its names and numbers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefqa.analysis import Token, content_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefqa.protocols import PassageStore
    from briefqa.types import Span

# What an ordinary word that the corpus does not hold keeps of its idf. On evals/, which the choice was made on, half
# loses fewer answers than all of it, at equal false ones.
_UNSEEN = 0.5
_YEAR = re.compile(r"(?:1\d|20)\d{2}")


@dataclass(frozen=True, slots=True)
class Weighted:
    """A term of the question: the word as typed, how much it weighs, whether it is a name or a number (`exact`),
    whether the corpus holds it (`seen`), and where its words stand in the question."""

    term: str
    word: str
    weight: float
    exact: bool
    seen: bool = True
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalysedQuestion:
    """A question's distinct terms that carry meaning."""

    text: str
    terms: tuple[Weighted, ...]

    @property
    def mass(self) -> float:
        """The sum of the terms' weights."""
        return sum(entry.weight for entry in self.terms)

    def coverage(self, found: Iterable[str]) -> float:
        """The share, 0 to 1, of the mass whose terms are in `found`; 0 for a question without terms."""
        present = set(found)
        return _share(sum(entry.weight for entry in self.terms if entry.term in present), self.mass)

    def exact_coverage(self, found: Iterable[str]) -> float:
        """The same for names and numbers alone; 1 for a question that has none."""
        present = set(found)
        exact = [entry for entry in self.terms if entry.exact]
        if not exact:
            return 1.0
        return _share(
            sum(entry.weight for entry in exact if entry.term in present), sum(entry.weight for entry in exact)
        )

    def without_unseen_years(self) -> AnalysedQuestion:
        """The question without years that no article names: articles that carry no date can't be held to them."""
        kept = (entry for entry in self.terms if entry.seen or not _YEAR.fullmatch(entry.term))
        return replace(self, terms=tuple(kept))

    def missing(self, found: Iterable[str]) -> tuple[str, ...]:
        """The words, as typed, whose terms are not in `found`."""
        present = set(found)
        return tuple(entry.word for entry in self.terms if entry.term not in present)


def analyse_question(text: str, store: PassageStore) -> AnalysedQuestion:
    """The question's terms, weighted by their idf over the passages as in BM25: ln(1 + (N - n + 0.5) / (n + 0.5)).

    An ordinary word that no passage holds counts half: often the articles say the same thing in another word.
    """
    found: dict[str, Weighted] = {}
    for token in content_tokens(text):
        span = (token.start, token.end)
        if token.term in found:
            earlier = found[token.term]
            found[token.term] = replace(earlier, spans=(*earlier.spans, span))
            continue
        frequency = store.document_frequency(token.term)
        idf = math.log(1.0 + (len(store) - frequency + 0.5) / (frequency + 0.5))
        exact = _is_exact(text, token, first=_begins(text[: token.start]))
        weight = idf if frequency or exact else _UNSEEN * idf
        word = text[token.start : token.end]
        found[token.term] = Weighted(token.term, word, weight, exact, seen=frequency > 0, spans=(span,))
    return AnalysedQuestion(text, tuple(found.values()))


def _begins(before: str) -> bool:
    """Whether no word stands in `before`: function words, which are no tokens, count."""
    return not any(character.isalnum() for character in before)


def _is_exact(text: str, token: Token, *, first: bool) -> bool:
    """Whether the word is a name or a number: it has a digit, or a capital that a sentence's start doesn't explain."""
    word = text[token.start : token.end]
    if any(character.isdigit() for character in word):
        return True
    return word[:1].isupper() and (not first or word[1:].isupper())


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0
