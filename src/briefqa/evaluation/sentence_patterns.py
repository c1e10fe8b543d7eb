"""Patterns of whole sentences: what an abbreviation stands for, who is in office, what was said, where a body sits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from briefqa.evaluation.patterns import CAPITALISED, NUMBER, IsWord, Made, inside, tells_which, tidy
from briefqa.evaluation.proper_names import has_name, is_person
from briefqa.evaluation.word_lists import COUNTRIES, NO_ROLE, PRONOUNS, ROLES, UNITS

_JOINING = r"(?:of|and|for|the|on|in|to)"
_LONG_NAME = rf"{CAPITALISED}(?: (?:{_JOINING} ){{0,2}}{CAPITALISED}){{1,7}}"
_PERSON = rf"{CAPITALISED}(?: {CAPITALISED}){{1,2}}"
_BODY = rf"((?:The )?{CAPITALISED}(?: (?:{_JOINING} ){{0,2}}{CAPITALISED}){{0,7}})(?: \([^()]*\))?"

_SPELT_OUT = re.compile(rf"({_LONG_NAME}) \(([A-Z]{{2,6}})\)")
_SPELT_OUT_AFTER = re.compile(rf"\b([A-Z]{{2,6}}) \((?:the )?({_LONG_NAME})\)")

_ROLE = rf"(?:[Tt]he|{CAPITALISED}['’]s)(?: [\w’'-]+){{1,9}}"
_ROLE_AFTER = re.compile(rf"\b({_PERSON}), ({_ROLE}), ")
_ROLE_BEFORE = re.compile(rf"(?:\A|, )({_ROLE}), ({_PERSON}), ")

_SAID = re.compile(r"([A-ZÀ-Þ][\w’'-]*(?: [\w’'-]+){0,5}) said(?: that)? (.+)")
_TOPIC = re.compile(r"((?:[\w’'-]+ ){0,5}[\w’'-]+?) (?:had|was|were|would|could|has|is|are|will|can|must)\b")

_HAS = re.compile(
    rf"([A-ZÀ-Þ][\w’'-]*(?: [\w’'-]+){{0,7}}?) (has|have) {NUMBER}"
    rf" ((?!(?:{'|'.join(sorted(UNITS))})\b)[a-z][\w’-]*(?: [a-z][\w’-]*){{0,2}}?)"
    r"(?=[.,;:]| (?:in|of|from|and|that|which|who|with|on|at|for|to)\b)"
)
_IS_A = re.compile(rf"{_BODY} (is|was) an? [a-z]")
_BASED = re.compile(
    rf"{_BODY}(?:, (?:which|who) [^,]+,)? (is|was)( based| headquartered| located| situated| born| buried|)"
    rf" in {CAPITALISED}"
)


def questions_from_sentence(sentence: str, is_word: IsWord) -> list[Made]:
    """Questions that the sentence, with single spaces, answers as a whole; `is_word` as in `questions_from_clause`."""
    return [Made(kind, tidy(question)) for kind, make in _PATTERNS.items() for question in make(sentence, is_word)]


def _abbreviation(text: str, _: IsWord) -> Iterator[str]:
    found = [(match[2], match[1]) for match in _SPELT_OUT.finditer(text)]
    found += [(match[1], match[2]) for match in _SPELT_OUT_AFTER.finditer(text)]
    for short, name in found:
        capitals = "".join(word[0] for word in re.split(r"[ -]", name) if word[:1].isupper())
        if capitals.endswith(short):
            yield f"What does {short} stand for?"


def _who_is(text: str, is_word: IsWord) -> Iterator[str]:
    found = [(match[1], match[2]) for match in _ROLE_AFTER.finditer(text)]
    found += [(match[2], match[1]) for match in _ROLE_BEFORE.finditer(text)]
    for name, role in found:
        words = {word.lower() for word in role.split()}
        # "Georgia's minister" is one of many.
        if (
            len(words) > 2
            and is_person(name)
            and words & ROLES
            and not words & NO_ROLE
            and has_name(role, at_start=role[:1] == "T")
        ):
            yield f"Who was {inside(role, is_word)}?"


def _said(text: str, is_word: IsWord) -> Iterator[str]:
    found = _SAID.match(text)
    topic = _TOPIC.match(found[2]) if found else None
    if not found or not topic or not tells_which(found[1]) or not has_name(topic[1]):
        return
    words = {word.lower() for word in (*topic[1].split(), *found[1].split())}
    if not words & PRONOUNS and topic[1] not in found[1]:
        yield f"What did {inside(found[1], is_word)} say about {inside(topic[1], is_word)}?"


def _what_is(text: str, is_word: IsWord) -> Iterator[str]:
    found = _IS_A.match(text)
    if found and tells_which(found[1]) and not is_person(found[1]) and found[1] not in COUNTRIES:
        yield f"What {found[2]} {inside(found[1], is_word)}?"


def _where_is(text: str, is_word: IsWord) -> Iterator[str]:
    found = _BASED.match(text)
    if found and tells_which(found[1]):
        yield f"Where {found[2]} {inside(found[1], is_word)}{found[3]}?"


def _how_many(text: str, is_word: IsWord) -> Iterator[str]:
    found = _HAS.match(text)
    if found and tells_which(found[1]) and not {word.lower() for word in found[1].split()} & {*PRONOUNS, "says"}:
        yield f"How many {found[3]} {'do' if found[2] == 'have' else 'does'} {inside(found[1], is_word)} have?"


_PATTERNS: Mapping[str, Callable[[str, IsWord], Iterator[str]]] = {
    "abbreviation": _abbreviation,
    "who is": _who_is,
    "said": _said,
    "what is": _what_is,
    "where is": _where_is,
    "how many": _how_many,
}
