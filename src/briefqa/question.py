"""What a question asks for: its words and their weight in this corpus, its names and numbers.

Questions are too short to tell their language for sure, so they are analysed by every analyzer that the passages were,
and a word has a term by each. Only function words vote on the language: those of the one that has most of them in the
question are left out for all others, where they would be rare words."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from briefqa.analysis import PAIRS, PLAIN, content_tokens, is_unspaced, terms, tokens, word_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefqa.analysis import Token
    from briefqa.protocols import PassageStore, Word
    from briefqa.types import Span

# What an ordinary word that the corpus does not hold keeps of its idf. On evals/, which the choice was made on, half
# loses fewer answers than all of it, at equal false ones.
_UNSEEN = 0.5
_CAPITALISING = "de"
_YEAR = re.compile(r"(?:1\d|20)\d{2}")


class Weighted(NamedTuple):
    """A term of the question: the word as typed, how much it weighs, whether it is a name or a number (`exact`),
    whether the corpus holds it (`seen`), where its words stand in the question, and their terms by `other` analyzers.
    """

    term: str
    word: str
    weight: float
    exact: bool
    seen: bool = True
    spans: tuple[Span, ...] = ()
    other: tuple[str, ...] = ()

    def among(self, found: set[str]) -> bool:
        """Whether one of its terms is in `found`."""
        return self.term in found or not found.isdisjoint(self.other)


class AnalysedQuestion(NamedTuple):
    """A question's distinct terms that carry meaning."""

    text: str
    terms: tuple[Weighted, ...]

    @property
    def mass(self) -> float:
        """The sum of the terms' weights."""
        return sum(entry.weight for entry in self.terms)

    @property
    def all_terms(self) -> frozenset[str]:
        """The terms by all analyzers."""
        return frozenset(term for entry in self.terms for term in (entry.term, *entry.other))

    def coverage(self, found: Iterable[str]) -> float:
        """The share, 0 to 1, of the mass whose terms are in `found`; 0 for a question without terms."""
        present = set(found)
        return _share(sum(entry.weight for entry in self.terms if entry.among(present)), self.mass)

    def exact_coverage(self, found: Iterable[str]) -> float:
        """The same for names and numbers alone; 1 for a question that has none."""
        present = set(found)
        exact = [entry for entry in self.terms if entry.exact]
        if not exact:
            return 1.0
        return _share(
            sum(entry.weight for entry in exact if entry.among(present)), sum(entry.weight for entry in exact)
        )

    def without_unseen_years(self) -> AnalysedQuestion:
        """The question without years that no article names: articles that carry no date can't be held to them."""
        kept = (entry for entry in self.terms if entry.seen or not _YEAR.fullmatch(entry.word))
        return self._replace(terms=tuple(kept))

    def missing(self, found: Iterable[str]) -> tuple[str, ...]:
        """The words, as typed, whose terms are not in `found`."""
        present = set(found)
        return tuple(entry.word for entry in self.terms if not entry.among(present))


def analyse_question(text: str, store: PassageStore) -> AnalysedQuestion:
    """The question's terms, weighted by their idf over the passages as in BM25: ln(1 + (N - n + 0.5) / (n + 0.5)).

    An ordinary word that no passage holds counts half: often the articles say the same thing in another word.
    """
    found: list[_Asked] = []
    german = len(store.analyzers) > 1 and _asked_in(text, store.analyzers)[0] == [_CAPITALISING]
    for token, others in _content(text, store.analyzers):
        forms = (token.term, *others)
        earlier = next((entry for entry in found if not entry.terms.keys().isdisjoint(forms)), None)
        if earlier is None:
            exact = _is_exact(text, token, german=german)
            found.append(earlier := _Asked(text[token.start : token.end], exact))
        earlier.terms.update(dict.fromkeys(forms))
        earlier.spans.append((token.start, token.end))
    return AnalysedQuestion(text, tuple(_weighted(entry, store) for entry in found))


def lexical_words(question: str, analyzers: Sequence[str]) -> list[Word]:
    """The words of the question to search passages by, of all the analyzers' languages."""
    if len(analyzers) == 1:
        return [*terms(question)]
    return [(token.term, *others) for token, others in _by_word(question, analyzers, content=False)]


@dataclass(slots=True)
class _Asked:
    """A word of the question, as typed where it stands first."""

    word: str
    exact: bool
    terms: dict[str, None] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)


def _weighted(asked: _Asked, store: PassageStore) -> Weighted:
    term, *other = asked.terms
    frequency = min(store.document_frequency((term, *other) if other else term), len(store))
    idf = math.log(1.0 + (len(store) - frequency + 0.5) / (frequency + 0.5))
    weight = idf if frequency or asked.exact else _UNSEEN * idf
    seen = frequency > 0
    return Weighted(term, asked.word, weight, asked.exact, seen, spans=tuple(asked.spans), other=tuple(other))


def _content(text: str, analyzers: Sequence[str]) -> list[tuple[Token, tuple[str, ...]]]:
    if len(analyzers) == 1:
        return [(token, ()) for token in content_tokens(text)]
    return _by_word(text, analyzers, content=True)


def _by_word(text: str, analyzers: Sequence[str], *, content: bool) -> list[tuple[Token, tuple[str, ...]]]:
    """For each word its first analyzer's token, and its terms by the others."""
    asked, grammar = _asked_in(text, analyzers)
    found: dict[Span, list[Token]] = {}
    for analyzer in analyzers:
        for token in content_tokens(text, analyzer) if content else tokens(text, analyzer):
            span = (token.start, token.end)
            in_pairs = PAIRS in analyzers and analyzer != PAIRS and is_unspaced(text[token.start : token.end])
            if not in_pairs and (span not in grammar or analyzer in asked):
                found.setdefault(span, []).append(token)
    return [(first, tuple(token.term for token in more)) for _, (first, *more) in sorted(found.items())]


def _asked_in(text: str, analyzers: Sequence[str]) -> tuple[list[str], set[Span]]:
    """The analyzers that see most function words in the question, and the words that all of these take for such."""
    words = set(word_spans(text))
    grammar = {
        analyzer: words - {(token.start, token.end) for token in content_tokens(text, analyzer)}
        for analyzer in analyzers
        if analyzer not in (PLAIN, PAIRS)
    }
    most = max(map(len, grammar.values()), default=0)
    asked = [analyzer for analyzer, spans in grammar.items() if len(spans) == most]
    return asked, set.intersection(*(grammar[analyzer] for analyzer in asked)) if asked else set()


def _begins(before: str) -> bool:
    """Whether no word stands in `before`: function words, which are no tokens, count."""
    return not any(character.isalnum() for character in before)


def _is_exact(text: str, token: Token, *, german: bool) -> bool:
    """Whether the word is a name or a number: it has a digit, or a capital that a sentence's start doesn't explain,
    nor German, which writes all nouns with one."""
    word = text[token.start : token.end]
    if any(character.isdigit() for character in word):
        return True
    if german:
        return any(character.isupper() for character in word[1:])
    return word[:1].isupper() and (not _begins(text[: token.start]) or word[1:].isupper())


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0
