"""Simple English clauses in the past tense, taken apart into subject, verb and the rest, without a parser.

A clause that is not plainly simple is refused: what is made from clauses must be right more than it must be many.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from briefqa.evaluation.verbs import is_participle, past_tenses, third_persons
from briefqa.evaluation.word_lists import AUXILIARIES, MONTHS, OWN, PREPOSITIONS, UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTH = "|".join(MONTHS)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1[0-9]|20)\d{2}"
_DATE = (
    rf"(?:on (?:\w+day, )?{_DAY} (?:{_MONTH})(?: {_YEAR})?|on (?:{_MONTH}) {_DAY}(?:, {_YEAR})?"
    rf"|in (?:(?:early|late|mid-)? ?)?(?:(?:{_MONTH}) )?{_YEAR}|in (?:{_MONTH}))"
)
_LEADING_DATE = re.compile(rf"({_DATE})(?:, | )", re.IGNORECASE)
_ANY_DATE = re.compile(rf"(?<= ){_DATE}(?!\w| ?(?:and|or|to|until) (?:\d|{_MONTH}))")
# What may stand after a clause that is over: its end, or another clause or phrase, but not the next entry of a list.
_JOINING = (
    "which|who|whom|whose|where|when|while|and|but|after|before|although|though|since|because|so|with|without|in|at|on|during"
    "|under|by|from|to|following|as|for|until|[a-z]+ing"
)
_END = re.compile(rf"\s*(?:[.;:!?\u2013\u2014]|, (?:{_JOINING})\b|\Z)")
# Possessive: a word is never taken apart, however long the text.
_WORD = r"(?>\d++(?:[.,:]\d++)*+|[^\W_]++(?:[’'&/-][^\W_]++)*+[’']?)"
_BODY = re.compile(rf"{_WORD}(?: {_WORD})*+")
# What is said by the way: it is left out.
_ASIDE = re.compile(r" \([^()]*\)")
_APPOSED = re.compile(rf"\A({_BODY.pattern}), (?:the|an?|which|who|[a-z]+ed|held|known|then|now)\b[^,;:.]*, (?=[a-z]+)")
_BE = frozenset(("was", "were"))
# A subject doesn't end so, and a word after them is no verb but belongs to a noun: "the combined forces".
_OPEN = frozenset(("the", "a", "an", "and", "or", *OWN, *PREPOSITIONS))
_LONGEST_SUBJECT = 9
_LONGEST_REST = 16


@dataclass(frozen=True, slots=True)
class Clause:
    """Subject, verb and rest in this order: `verb` is a past tense, or "was" or "were", which `participle` follows
    ("founded", "formally opened"; empty where there is none). `date` is when it was, as it stands there ("in 2018") but
    for a capital; it stands in `rest` unless it led the sentence."""

    subject: str
    verb: str
    participle: str
    rest: str
    date: str

    @property
    def base(self) -> str:
        """The verb's base form, "found"; empty for "was" and "were"."""
        return past_tenses().get(self.verb, "")

    @property
    def undated(self) -> str:
        """The rest without the date."""
        return " ".join(self.rest.replace(self.date, "", 1).split()) if self.date else self.rest


def parse_clause(sentence: str) -> Clause | None:
    """The clause that the sentence, with single spaces, starts with; None if it is not one of the simple ones."""
    lead = _LEADING_DATE.match(sentence)
    plain = _ASIDE.sub("", sentence[lead.end() :] if lead else sentence)
    words = _body(_APPOSED.sub(r"\1 ", plain, count=1))
    place = _verb(words)
    if place is None or not 0 < place <= _LONGEST_SUBJECT:
        return None
    subject, verb = words[:place], words[place]
    participle, rest = _split(verb, words[place + 1 :])
    if not _is_clear(subject, rest) or len(rest) > _LONGEST_REST:
        return None
    dates = ([lead[1]] if lead else []) + _ANY_DATE.findall(" " + " ".join(rest))
    if len(dates) > 1:
        return None
    date = dates[0] if dates else ""
    return Clause(" ".join(subject), verb, participle, " ".join(rest), date[:1].lower() + date[1:])


def _body(text: str) -> list[str]:
    """The words up to the end of the clause; up to the date, where a list goes on after it; or none."""
    body = _BODY.match(text)
    if body is None:
        return []
    if _END.match(text, body.end()):
        return body[0].split()
    dates = list(_ANY_DATE.finditer(body[0]))
    return text[: dates[-1].end()].split() if dates else []


def _verb(words: Sequence[str]) -> int | None:
    """Where the first verb stands, if it is of the past."""
    for place, word in enumerate(words):
        if word in AUXILIARIES:
            return place if word in _BE else None
        if word in third_persons():
            return None
        if word in past_tenses() and place and words[place - 1].lower() not in _OPEN:
            # "The peace text concluded by both sides" has had no verb yet.
            return None if words[place + 1 : place + 2] == ["by"] else place
    return None


def _split(verb: str, after: list[str]) -> tuple[str, list[str]]:
    """What follows "was" up to the participle, and the rest."""
    if verb not in _BE:
        return "", after
    count = 2 if len(after) > 1 and (after[0].endswith("ly") or after[0] in ("first", "last")) else 1
    if len(after) >= count and is_participle(after[count - 1]):
        return " ".join(after[:count]), after[count:]
    return "", after


def _is_clear(subject: Sequence[str], rest: Sequence[str]) -> bool:
    small = {word.lower() for word in subject}
    # As written: a verb has no capital, but May has one.
    if small & (UNCLEAR | OWN) or {word.lower() for word in rest} & UNCLEAR or AUXILIARIES.intersection(rest):
        return False
    if subject[0].lower() in PREPOSITIONS or subject[-1].lower() in _OPEN or subject[-1].endswith("ly"):
        return False
    if subject[0].lower() in ("a", "an") and OWN & set(rest):
        return False
    # "The body formed in 2002 met": the first verb was none.
    return not any(
        word in past_tenses() and not word.endswith("ed") and after != "by" for word, after in pairwise([*rest, ""])
    )
