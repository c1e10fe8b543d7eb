"""How much of a claim stands in the quotes that it cites, by words, numbers, names and negations.

Words are compared by their stems. A number that no quote holds, a name that stands neither in a quote nor around it, a
negation on one side only, and an opposite word are decisive. What this can't see: the same said in other words, and
other things said in the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
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
_NEARLY = 0.8  # share of words that a sentence and one that it nearly is have in the same order

_NUMBER = re.compile(r"(\d[\d.]*)(?:st|nd|rd|th|s|m|bn|k|km|kg|mg|pm|am)?")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ONE = re.compile(r"\bone\b", re.IGNORECASE)  # mostly no number: one of the members
_CLAUSE = re.compile(r"[,;:()\u2013\u2014]|\b(?:but|although|though|while|whereas|however)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"[^\W\d_a-z][\w'\u2019-]*")
_ABBREVIATED = 3  # letters of an abbreviation, at least
_ACRONYM = re.compile(r"\b[A-Z]{3,8}\b")
_COMMON_ENDING = re.compile(r"(?:[^aiouy]s|es|ing|ion|ment|ity|ness|ism|ance|ence|ly|ship|age|ure|ers|ed)$")
_OPENERS = frozenset(
    words(
        "although despite during since because before after while whereas however moreover furthermore additionally"
        " thus hence therefore overall finally first second third next later earlier today yesterday tomorrow yet still"
        " instead meanwhile both each every many most more several few another other others such these those here"
        " between among within without under over according given based neither either nobody nothing none one two"
        " three four five six seven eight nine ten people research work trade police talk"
    )
)
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
    claim, language = _GROUPED.sub("", claim), sources[0].language
    sources = [replace(source, text=_GROUPED.sub("", source.text)) for source in sources]
    if any(word_spans(source.text).find(words(claim)) for source in sources):
        return Support(1.0)
    tokens = content_tokens(claim, language)
    if not tokens:
        return Support(0.0, ("It has no words that could be looked for.",))
    held = {term for source in sources for term in terms(source.text, source.language)}
    held |= {term for source in sources for term in terms(source.heading) if term.isdigit()}
    lacking = [token for token in tokens if token.term not in held]
    share = 1.0 - len(lacking) / len(tokens)
    decisive = tuple(_decisive(claim, sources) if language in (None, ENGLISH) else ())
    if decisive:
        return Support(share * _DOUBTED, decisive)
    if share >= SUPPORTED_FROM:
        return Support(share)
    return Support(share, (f"The quotes do not say {_listed(claim[token.start : token.end] for token in lacking)}.",))


def _decisive(claim: str, sources: Sequence[Source]) -> Iterator[str]:
    """What is against the claim; all of this is for English."""
    quotes = " ".join(source.text for source in sources)
    dated = f"{quotes} {' '.join(source.heading for source in sources)}"
    told = f"{dated} {' '.join(source.around for source in sources)}"
    claimed = stated(_ONE.sub("", claim))
    if numbers := _figures(claimed.numbers) - _figures(stated(dated).numbers):
        yield f"No quote has the number {_listed(sorted(numbers))}."
    if dates := claimed.dates - stated(dated).dates:
        yield f"No quote has the date {_listed(date.capitalize() for date in sorted(dates))}."
    if names := _absent(claim, claimed.names | _opening_name(claim), told):
        yield f"Neither the quotes nor what stands around them names {_listed(names)}."
    pieces = [source.text[start:end] for source in sources for start, end in sentences(source.text)]
    if swapped := _exchanged(claim, pieces):
        yield f"It has \u201c{swapped[0]}\u201d where the quotes have \u201c{swapped[1]}\u201d."
    clauses = [clause for piece in pieces for clause in _CLAUSE.split(piece)]
    if claimed.negated != any(stated(clause).negated for clause in _nearest(claim, clauses)):
        yield "It negates what the quotes do not." if claimed.negated else "The quotes negate what it states."
    said = {token.term: quotes[token.start : token.end] for token in content_tokens(quotes)}
    for token in content_tokens(claim):
        against = (
            [] if token.term in said else [said[term] for term in _opposites().get(token.term, ()) if term in said]
        )
        if against:
            word = claim[token.start : token.end]
            yield f"It says \u201c{word}\u201d where the quotes say \u201c{min(against)}\u201d."


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


def _opening_name(claim: str) -> set[str]:
    """The word that the claim opens with, where it can be a name: all words have a capital there, so that it is told by
    what it is not: a word of grammar, a plural, or a noun with an ending that makes nouns."""
    opening = re.match(r"\W*([^\W\d_a-z][\w'\u2019-]*)", claim)
    word = opening[1] if opening else ""
    bare = re.sub(r"['\u2019]s$", "", word).lower()
    ordinary = not content_tokens(word) or bare in _OPENERS or _COMMON_ENDING.search(bare)
    return set() if ordinary else set(words(bare))


def _absent(claim: str, names: Iterable[str], told: str) -> list[str]:
    """The claim's names that are not told, not by their stems nor by an abbreviation on either side."""
    present, stems = set(words(told)), set(terms(told))
    lettered = re.findall(r"[^\W\d_]+", told)
    named = [word for word in lettered if word[0].isupper()]
    initials = " ".join("".join(word[0] for word in found) for found in (lettered, named)).lower()
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


def _exchanged(claim: str, pieces: Sequence[str]) -> tuple[str, str] | None:
    """A name or number of the claim, and the one that the sentence that it nearly is has in its place."""
    mine = word_spans(claim)
    alike = [(SequenceMatcher(None, mine.words, word_spans(piece).words, autojunk=False), piece) for piece in pieces]
    nearest, piece = max(alike, key=lambda entry: entry[0].ratio(), default=(None, ""))
    if nearest is None or nearest.ratio() < _NEARLY:
        return None
    theirs = word_spans(piece)
    for kind, first, last, start, end in nearest.get_opcodes():
        if kind == "replace" and last - first == end - start:
            for one, other in zip(mine.spans[first:last], theirs.spans[start:end], strict=True):
                word, instead = claim[slice(*one)], piece[slice(*other)]
                if (word[0].isupper() and instead[0].isupper()) or (word[0].isdigit() and instead[0].isdigit()):
                    return word, instead
    return None


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
