"""Questions that nothing is likely to answer: answerable ones with one name or year put out, and another of the corpus
put in, where no document holds the words of the new question together."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from briefqa.analysis import content_tokens, terms
from briefqa.evaluation.candidates import Candidate
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.growing import near_duplicates
from briefqa.evaluation.proper_names import is_person
from briefqa.evaluation.word_lists import COUNTRIES, TITLES
from briefqa.types import Document

KIND = "near miss"

_TRIED = 6
# Of the names of a kind, only so many are put into questions, the most common ones: the others would stand out.
_COMMON: Mapping[str, int] = {"country": 15, "year": 15, "abbreviation": 8, "person": 15}
_NEAR_YEARS = 10
# With so many other words or more, one of them may be missing from a document that is taken to hold them together.
_MANY_WORDS = 3
_NOT_EXCHANGED = re.compile(r"What (?:does .* stand for|is )")
_NAME = r"[A-ZÀ-Þ][^\W\d_]+(?:-[A-ZÀ-Þ][^\W\d_]+)?"
_TITLE = "|".join(sorted(TITLES))
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "country": re.compile(rf"\b({'|'.join(sorted(COUNTRIES, key=len, reverse=True))})\b(?![ -][A-ZÀ-Þ])"),
    "year": re.compile(r"(?<![\d.,])((?:1[0-9]|20)\d\d)(?![.,]?\d)"),
    "abbreviation": re.compile(r"\b([A-Z]{3,6})\b"),
    "person": re.compile(rf"\b(?:(?:{_TITLE}) )+(?!{_TITLE})({_NAME} {_NAME})\b"),
}


@dataclass(frozen=True, slots=True)
class _Exchange:
    text: str
    origin: str
    new: str


def near_misses(
    origins: Sequence[str],
    sample: Sequence[Document],
    documents: Callable[[], Iterable[Document]],
    known: Sequence[Question],
    *,
    count: int,
    seed: int,
) -> list[Candidate]:
    """At most `count` questions, one of each of the answerable `origins`, in a random order.

    The names put in are those of `sample`; all `documents` are looked at for the words that may not stand together. A
    question that is in `known` in nearly the same words is passed over.
    """
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    names = _names(sample)
    order = [origin for origin in dict.fromkeys(origins) if not _NOT_EXCHANGED.match(origin)]
    rng.shuffle(order)
    tried = {origin: _exchanged(origin, names, rng) for origin in order}
    open_ones = {miss: _needed(miss) for group in tried.values() for miss in group}
    for document in documents():
        held: set[str] | None = None
        for miss, needed in list(open_ones.items()):
            if miss.new in document.text:
                held = held if held is not None else set(terms(document.text))
                if len(needed - held) <= int(len(needed) >= _MANY_WORDS):
                    del open_ones[miss]
    chosen: list[Candidate] = []
    for group in tried.values():
        fit = (miss for miss in group if miss in open_ones and not near_duplicates(miss.text, known))
        found = next(fit, None)
        if found and len(chosen) < count:
            chosen.append(Candidate(KIND, found.text, origin=found.origin))
    return chosen


def _names(documents: Iterable[Document]) -> dict[str, list[str]]:
    """The most common names and years of the documents, by kind."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for kind, name in {(kind, found[1]) for kind, found in _found(document.text)}:
            counts[kind][name] += 1
    return {kind: sorted(held, key=lambda name: (-held[name], name)) for kind, held in counts.items()}


def _found(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for kind, pattern in _PATTERNS.items():
        for found in pattern.finditer(text):
            if kind != "person" or is_person(found[1]):
                yield kind, found


def _exchanged(origin: str, names: Mapping[str, Sequence[str]], rng: random.Random) -> list[_Exchange]:
    """Some ways to put another name of the same kind into a question."""
    places = list(_found(origin))
    if not places:
        return []
    kind, place = rng.choice(places)
    others = [name for name in names.get(kind, ()) if name not in origin]
    if kind == "year":
        others = [year for year in others if abs(int(year) - int(place[1])) <= _NEAR_YEARS]
    common = others[: _COMMON[kind]]
    return [
        _Exchange(origin[: place.start(1)] + name + origin[place.end(1) :], origin, name)
        for name in rng.sample(common, min(_TRIED, len(common)))
    ]


def _needed(miss: _Exchange) -> set[str]:
    """The terms of the new question but for those of the name that was put in."""
    return {token.term for token in content_tokens(miss.text)} - set(terms(miss.new))
