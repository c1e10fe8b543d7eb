"""Questions made from single sentences by pattern: few, but such that are grammatical and that the sentence answers.

Rule-based question generation as in Heilman and Smith (2010), "Good question! Statistical ranking for question
generation" (NAACL), without the parser: only clauses that are simple enough to be read by their words alone are used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from briefqa.evaluation.clauses import Clause, parse_clause
from briefqa.evaluation.proper_names import has_name, is_person
from briefqa.evaluation.word_lists import (
    COUNTRIES,
    MONTHS,
    NUMERALS,
    UNITS,
    VAGUE_VERBS,
    VERBS_ALONE,
    VERBS_OF_PLACE,
)

IsWord = Callable[[str], bool]

NUMBER = rf"(?:(?i:{'|'.join(sorted(NUMERALS, key=len, reverse=True))})|\d{{1,3}}(?:,\d{{3}})*)"
_PREPOSITION = (
    r"(?:of|in|on|at|by|for|from|to|with|under|over|between|after|before|during|since|until|against|among|as|into)"
)
_STARTS_WITH_PREPOSITION = re.compile(rf"{_PREPOSITION}\b|[a-z]+ly\b|together\b|back\b")
CAPITALISED = r"[A-ZÀ-Þ][^\W_]*(?:[-’'&][^\W_]+)*"
_PLACE = re.compile(
    rf" (?:in|at) (?!(?:{'|'.join(MONTHS)})\b)({CAPITALISED}(?: {CAPITALISED}){{0,3}})(?= (?:on|in|by|from) |\Z)"
)
_FIRST_OR_LAST = re.compile(r"the (?:first|second|third|last|only|largest|smallest|oldest)(?: [a-z]+)* (?:of|to|in)\b")
# "The tenth" of what?
_BARE_ORDINAL = re.compile(r"\bthe (?:first|second|third|last|[a-z]+th|\d+th)(?: (?:on|in|at)\b|\?)")
# "150 soldiers and Tajikistan 200" lost its second verb.
_SHORTENED = re.compile(rf"\band (?:the )?{CAPITALISED} \d")


@dataclass(frozen=True, slots=True)
class Made:
    """A question and the kind of pattern that made it."""

    kind: str
    text: str


def questions_from_clause(sentence: str, is_word: IsWord) -> list[Made]:
    """Questions that the sentence, with single spaces, answers by its first clause, if this is simple and of the past.

    `is_word` tells of a word, in lower case, whether it is written like this elsewhere: so that no name loses its
    capital.
    """
    clause = parse_clause(sentence)
    if clause is None:
        return []
    made = ((kind, make(clause, is_word)) for kind, make in _PATTERNS.items())
    return [Made(kind, tidy(question)) for kind, question in made if question and not _BARE_ORDINAL.search(question)]


def tidy(question: str) -> str:
    """The question with single spaces, and none before its mark."""
    return " ".join(question.split()).replace(" ?", "?")


def inside(subject: str, is_word: IsWord) -> str:
    """A sentence's subject as it stands inside a sentence."""
    first, _, others = subject.partition(" ")
    small = first.lower()
    if small in ("the", "a", "an", *NUMERALS) or (is_word(small) and not others[:1].isupper()):
        return subject[:1].lower() + subject[1:]
    return subject


def tells_which(subject: str) -> bool:
    """Whether a name in a sentence's subject tells which one is meant: not only "the treaty"."""
    first, *others = subject.split()
    return has_name(subject, at_start=True) or (has_name(first) and (not others or first.endswith(("'s", "’s"))))


def _when(clause: Clause, is_word: IsWord) -> str:
    rest = clause.undated
    if not clause.date or not tells_which(clause.subject) or (clause.subject in COUNTRIES and not has_name(rest)):
        return ""
    subject = inside(clause.subject, is_word)
    if clause.participle:
        return f"When {clause.verb} {subject} {clause.participle} {rest}?"
    return f"When did {subject} {clause.base} {rest}?" if _tells_enough(clause) else ""


def _where(clause: Clause, is_word: IsWord) -> str:
    found = _PLACE.search(f" {clause.rest}")
    if not found or not tells_which(clause.subject):
        return ""
    rest = f" {clause.rest}".replace(found[0], " ", 1)
    subject = inside(clause.subject, is_word)
    if clause.participle:
        return f"Where {clause.verb} {subject} {clause.participle} {rest}?"
    if clause.base not in VERBS_OF_PLACE or not _tells_enough(clause):
        return ""
    return f"Where did {subject} {clause.base} {rest}?"


def _who(clause: Clause, _: IsWord) -> str:
    rest = clause.rest.split()
    if not is_person(clause.subject.split(" of ")[0]) or not has_name(clause.rest) or {"his", "her"} & set(rest):
        return ""
    if len(rest) == 1:
        return ""
    return f"Who {_predicate(clause)}?" if _tells_enough(clause) else ""


def _which_country(clause: Clause, _: IsWord) -> str:
    if clause.subject not in COUNTRIES or not has_name(clause.undated) or _SHORTENED.search(clause.rest):
        return ""
    was_one_of = clause.verb == "was" and _FIRST_OR_LAST.match(clause.rest)
    return f"Which country {_predicate(clause)}?" if was_one_of or _tells_enough(clause) else ""


def _how_many(clause: Clause, is_word: IsWord) -> str:
    counted = re.match(rf"{NUMBER} (.+)\Z", clause.subject)
    if counted:
        fits = counted[1].split()[0] not in UNITS and has_name(clause.rest)
        return f"How many {counted[1]} {_predicate(clause)}?" if fits and _tells_enough(clause) else ""
    counted = re.match(
        rf"{NUMBER} ((?!{_PREPOSITION} )[\w’'-]+(?: (?!{_PREPOSITION} |and )[\w’'-]+){{0,3}})", clause.rest
    )
    if not counted or not tells_which(clause.subject) or not _tells_enough(clause) or " and " in clause.rest:
        return ""
    if counted[1].split()[0] in UNITS or clause.participle:
        return ""
    return f"How many {counted[1]} did {inside(clause.subject, is_word)} {clause.base} {clause.rest[counted.end() :]}?"


_PATTERNS: Mapping[str, Callable[[Clause, IsWord], str]] = {
    "when": _when,
    "where": _where,
    "who": _who,
    "which country": _which_country,
    "how many": _how_many,
}


def _tells_enough(clause: Clause) -> bool:
    """Whether verb and rest say what happened, without the date."""
    rest = clause.undated
    if clause.participle:
        return True
    if clause.base in VAGUE_VERBS or not clause.base:
        return False
    return clause.base in VERBS_ALONE or (bool(rest) and not _STARTS_WITH_PREPOSITION.match(rest))


def _predicate(clause: Clause) -> str:
    led = clause.date if clause.date not in clause.rest else ""
    return f"{clause.verb} {clause.participle} {clause.rest} {led}"
