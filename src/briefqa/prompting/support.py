"""How much of a claim stands in the quotes that it cites, by words, numbers, names and negations.

Words are compared by their stems. A number that no quote holds, a name that stands neither in a quote nor around it, a
negation on one side only, and an opposite word are decisive. What this can't see: the same said in other words, and
other things said in the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from briefqa.analysis import content_tokens, terms
from briefqa.answering.versions import stated
from briefqa.languages import ENGLISH
from briefqa.sentences import sentences
from briefqa.wording import word_spans, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SUPPORTED_FROM = 0.5
"""The score from which a claim counts as supported: chosen on the even half of benchmarks/claims.py's SQuAD pairs."""
_DOUBTED = 0.4
"""What is left of the score where something decisive is against the claim: always below the threshold."""
_NAMED_WORDS = 5

_NUMBER = re.compile(r"(\d[\d.]*)(?:st|nd|rd|th|s|m|bn|k|km|kg|mg|pm|am)?")
_ONE = re.compile(r"\bone\b", re.IGNORECASE)  # mostly no number: one of the members
_CLAUSE = re.compile(r"[,;:()\u2013\u2014]|\b(?:but|although|though|while|whereas|however)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"[^\W\d_a-z][\w'\u2019-]*")
_ABBREVIATED = 3  # letters of an abbreviation, at least
_ACRONYM = re.compile(r"\b[A-Z]{3,8}\b")
_OPPOSITE_WORDS = """\
increase decrease, increase reduce, increase lower, rise fall, rose fell, raise lower, raise reduce, raise cut
higher lower, high low, greater smaller, greater lower, larger smaller, longer shorter, elevated reduced
grow shrink, grew shrank, gain loss, gain lose, win lose, won lost, improve worsen, improve impair, strong weak
enhance suppress, enhance reduce, enhance impair, promote inhibit, promote prevent, promote suppress
activate inhibit, stimulate inhibit, induce inhibit, induce prevent, upregulate downregulate, positive negative
accept reject, approve reject, allow forbid, permit ban, support oppose, agree refuse, confirm deny
join leave, joined left, enter leave, begin end, start end, opened closed, buy sell, bought sold"""


@dataclass(frozen=True, slots=True)
class Source:
    """A quote; the `heading` of its article (title, publisher, date); and what stands `around` it there."""

    text: str
    heading: str = ""
    around: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """The `score`, from 0 to 1: the share of the claim's words in the quotes, less where something decisive is against
    it. `reasons` say what is, each a sentence; none where nothing is."""

    score: float
    reasons: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether the quotes hold the claim, as far as this can see."""
        return self.score >= SUPPORTED_FROM


def support(claim: str, sources: Sequence[Source]) -> Support:
    """What the sources, of which there is one at least, say of the claim."""
    language = sources[0].language
    if any(word_spans(source.text).find(words(claim)) for source in sources):
        return Support(1.0)
    tokens = content_tokens(claim, language)
    if not tokens:
        return Support(0.0, ("It has no words that could be looked for.",))
    held = {term for source in sources for term in terms(source.text, source.language)}
    lacking = [token for token in tokens if token.term not in held]
    share = 1.0 - len(lacking) / len(tokens)
    decisive = tuple(_decisive(claim, sources, held) if language in (None, ENGLISH) else ())
    if decisive:
        return Support(share * _DOUBTED, decisive)
    if share >= SUPPORTED_FROM:
        return Support(share)
    return Support(share, (f"The quotes do not say {_listed(claim[token.start : token.end] for token in lacking)}.",))


def _decisive(claim: str, sources: Sequence[Source], held: set[str]) -> Iterator[str]:
    """What is against the claim; all of this is for English."""
    quotes = " ".join(source.text for source in sources)
    dated = f"{quotes} {' '.join(source.heading for source in sources)}"
    told = f"{dated} {' '.join(source.around for source in sources)}"
    claimed = stated(_ONE.sub("", claim))
    if numbers := _figures(claimed.numbers) - _figures(stated(dated).numbers):
        yield f"No quote has the number {_listed(sorted(numbers))}."
    if dates := claimed.dates - stated(dated).dates:
        yield f"No quote has the date {_listed(date.capitalize() for date in sorted(dates))}."
    if names := _absent(claim, claimed.names, told):
        yield f"Neither the quotes nor what stands around them names {_listed(names)}."
    # A negation that stands anywhere in the sentences will do for one in the claim; one in another clause is none of
    # what the claim states.
    pieces = [source.text[start:end] for source in sources for start, end in sentences(source.text)]
    if not claimed.negated:
        pieces = [clause for piece in pieces for clause in _CLAUSE.split(piece)]
    if claimed.negated != any(stated(piece).negated for piece in _nearest(claim, pieces)):
        yield "It negates what the quotes do not." if claimed.negated else "The quotes negate what it states."
    for token in content_tokens(claim):
        if token.term not in held and (against := _opposites().get(token.term, set()) & held):
            other = next(found for found in content_tokens(quotes) if found.term in against)
            word = claim[token.start : token.end]
            yield f"It says \u201c{word}\u201d where the quotes say \u201c{quotes[other.start : other.end]}\u201d."
            return


@cache
def _opposites() -> dict[str, set[str]]:
    """Term -> the terms that say the opposite."""
    found: dict[str, set[str]] = {}
    for pair in re.split(r",\s|\n", _OPPOSITE_WORDS):
        one, other = (terms(word)[0] for word in pair.split())
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _figures(numbers: Iterable[str]) -> set[str]:
    """The numbers alone: of "19th" 19, of "p53" none."""
    return {match[1].rstrip(".") for number in numbers if (match := _NUMBER.fullmatch(number))}


def _absent(claim: str, names: Iterable[str], told: str) -> list[str]:
    """The claim's names that are not told, not by their stems nor by an abbreviation on either side."""
    present, stems = set(words(told)), set(terms(told))
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", told)).lower()
    capitals = [match[0] for match in _CAPITAL.finditer(claim)]
    first = "".join(word[0] for word in capitals).lower()
    abbreviated = {
        word.lower()
        for acronym in _ACRONYM.findall(told)
        if (at := first.find(acronym.lower())) >= 0
        for word in capitals[at : at + len(acronym)]
    }
    spelled = {name: next((word for word in capitals if word.lower() == name), name) for name in names}
    return [
        spelled[name]
        for name in sorted(names)
        if len(name) > 1
        and name not in present
        and name not in abbreviated
        and (found := {token.term for token in content_tokens(name)})
        and not found <= stems
        and not (name.isalpha() and len(name) >= _ABBREVIATED and spelled[name].isupper() and name in initials)
    ]


def _nearest(claim: str, pieces: Sequence[str]) -> list[str]:
    """The pieces of the quotes that share a word with the claim, and half as many as the best of them."""
    asked = {token.term for token in content_tokens(claim)}
    shared = [len(asked & set(terms(piece))) for piece in pieces]
    most = max(shared, default=0)
    return [piece for piece, number in zip(pieces, shared, strict=True) if number and 2 * number >= most]


def _listed(named: Iterable[str]) -> str:
    several = [f"\u201c{word}\u201d" for word in dict.fromkeys(named)]
    shown, more = several[:_NAMED_WORDS], len(several) - _NAMED_WORDS
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
