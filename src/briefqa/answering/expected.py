"""Whether a question asks for a number or a date, and whether a sentence offers one that the question did not bring.

Answer types (Li and Roth 2002, "Learning Question Classifiers") in their simplest form. Names and lists of names were
tried too, and left out: on the SQuAD sample they made the first quote worse.
"""

from __future__ import annotations

import re
from enum import Enum


class Expected(Enum):
    """The kinds of answer that a sentence's surface shows."""

    NUMBER = "number"
    DATE = "date"
    ANYTHING = "anything"


_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|large|big|high|often)\b|\bper ?cent|\bnumber of\b|\b(?:what|which) (?:share|sum)\b",
    re.IGNORECASE,
)
_ASKS_DATE = re.compile(
    r"\bwhen\b|\bhow long ago\b|\b(?:what|which) (?:year|date|day|month|decade|century)\b|\bsince what\b", re.IGNORECASE
)
_NUMBERS = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?"
    r"|billions?|half|third|quarter|twice)\b",
    re.IGNORECASE,
)
_DATES = re.compile(
    r"\b(?:1\d{3}|20\d{2})\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|century)\b"
)


def expected(question: str) -> Expected:
    """The kind of answer that `question` asks for."""
    if _ASKS_NUMBER.search(question):
        return Expected.NUMBER
    return Expected.DATE if _ASKS_DATE.search(question) else Expected.ANYTHING


def offers(text: str, kind: Expected, question: str) -> bool:
    """Whether `text` holds a number or date that `question` does not; never for ANYTHING."""
    if kind is Expected.ANYTHING:
        return False
    asked = set(re.findall(r"\w+", question.lower()))
    pattern = _NUMBERS if kind is Expected.NUMBER else _DATES
    return any(found.lower() not in asked for found in pattern.findall(text))
