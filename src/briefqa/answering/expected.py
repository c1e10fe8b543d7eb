"""Whether a question asks for a number, a date, a list or a person's name, and whether a sentence offers one.

Answer types (Li and Roth 2002, "Learning Question Classifiers") in their simplest form. Whatever else "who" and
"which" may ask for was tried too, and left out: on the SQuAD sample that made the first quote worse.
"""

from __future__ import annotations

import re
from enum import Enum


class Expected(Enum):
    """The kinds of answer that a sentence's surface shows."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    LIST = "list"
    ANYTHING = "anything"


_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|large|big|high|often)\b|\bper ?cent|\bnumber of\b"
    r"|\b(?:what|which) (?:share|sum)\b",
    re.IGNORECASE,
)
_ASKS_DATE = re.compile(
    r"\bwhen\b|\bhow long ago\b|\b(?:what|which) (?:year|date|day|month|decade|century)\b|\bsince what\b", re.IGNORECASE
)
_ASKS_PERSON = re.compile(r"\b(?:his|her) (?:full )?name\b|\bwho\b.*\bname\b", re.IGNORECASE)
_ASKS_LIST = re.compile(
    r"\b(?:which|what|name|list)\b(?:\s+[\w'’-]+){0,3}?\s+(?:countries|states|members|republics|nations|powers|neighbours"
    r"|organi[sz]ations|leaders|ministers|presidents|founders|signatories)\b|\bwho (?:are|were) the\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|half|third|quarter|twice)\b",
    re.IGNORECASE,
)
_DATES = re.compile(
    r"\b(?:1\d{3}|20\d{2})\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|century)\b"
)
_CAPITALISED_PAIRS = re.compile(r"\b([A-ZÀ-Þ][\w’'-]*[a-zà-ÿ]) ([A-ZÀ-Þ][\w’'-]*[a-zà-ÿ])\b")
# "Azerbaijan, Moldova, Turkmenistan and Uzbekistan": three names or more.
_ENUMERATION = re.compile(r"\b[A-ZÀ-Þ][\w’' -]{1,30}(?:, (?:the )?[A-ZÀ-Þ][\w’' -]{1,30})+,? and (?:the )?[A-ZÀ-Þ]")


def expected(question: str) -> Expected:
    """The kind of answer that `question` asks for."""
    if _ASKS_NUMBER.search(question):
        return Expected.NUMBER
    if _ASKS_DATE.search(question):
        return Expected.DATE
    if _ASKS_PERSON.search(question):
        return Expected.PERSON
    return Expected.LIST if _ASKS_LIST.search(question) else Expected.ANYTHING


def offers(text: str, kind: Expected, question: str, *, context: str = "") -> bool:
    """Whether `text` holds a number, date or name that `question` does not, or an enumeration of names; never for
    ANYTHING.

    A name is two capitalised words side by side that `context`, the text around, never writes small ("Secretary
    General" is none where it also says "secretary").
    """
    if kind is Expected.ANYTHING:
        return False
    flat = " ".join(text.split())
    if kind is Expected.LIST:
        return _ENUMERATION.search(flat) is not None
    asked = set(re.findall(r"\w+", question.lower()))
    if kind is Expected.PERSON:
        ordinary = asked | set(re.findall(r"\b[a-zà-ÿ][\w’'-]+", context))
        pairs = _CAPITALISED_PAIRS.findall(flat)
        return any(first.lower() not in ordinary and last.lower() not in ordinary for first, last in pairs)
    pattern = _NUMBERS if kind is Expected.NUMBER else _DATES
    return any(found.lower() not in asked for found in pattern.findall(text))
