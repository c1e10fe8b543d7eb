"""Whether two sentences of two versions of an article say the same in other words, or something else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefqa.wording import words

_NUMBER_WORDS = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_NUMBERS = {word: str(value) for value, word in enumerate(_NUMBER_WORDS)} | {
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
    "hundred": "100", "thousand": "1000", "million": "1000000", "billion": "1000000000",
}  # fmt: skip
_NEGATIONS = frozenset(
    words(
        "not no never none nobody nothing neither nor without cannot cant dont doesnt didnt isnt arent wasnt werent "
        "wont wouldnt hasnt havent hadnt couldnt shouldnt"
    )
)
_DAYS = frozenset(words("monday tuesday wednesday thursday friday saturday sunday"))
_MONTHS = frozenset(
    words(
        "january february march april may june july august september october november december"
        " jan feb mar apr jun jul aug sep sept oct nov dec"
    )
)
_DATES = _DAYS | _MONTHS
_APOSTROPHE = re.compile("(?<=[a-z])['\u2019](?=t\\b)")
_CAPITALISED = re.compile(r"(?<![\w'’-])[^\W\d_a-z][\w-]*")


def alikeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the words of both that they share (Dice), from 0 to 1."""
    return 2.0 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def differ(one: str, other: str) -> bool:
    """Whether two sentences that stand for each other say different things: each has numbers, names or dates of its
    own where the other has others, or just one of them has a negation. What only one of them adds is no difference."""
    first, second = stated(one), stated(other)
    if first.negated != second.negated:
        return True
    pairs = ((first.numbers, second.numbers), (first.names, second.names), (first.dates, second.dates))
    return any(mine - theirs and theirs - mine for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Stated:
    """The particulars of a sentence, in small letters: numbers in digits, without the commas that group them, names,
    days and months, and whether a word in it negates."""

    numbers: frozenset[str]
    names: frozenset[str]
    dates: frozenset[str]
    negated: bool


def stated(sentence: str) -> Stated:
    """What numbers, names and dates an English sentence has."""
    found = words(_APOSTROPHE.sub("", sentence))
    numbers = (_NUMBERS.get(word, word.replace(",", "")) for word in found)
    capitalised = list(_CAPITALISED.finditer(sentence))
    # A sentence's first word has a capital anyway; before another capital it belongs to a name.
    opening = re.match(r"\W*", sentence)
    begins = opening.end() if opening else 0
    names = {
        word
        for match in capitalised
        for word in words(match[0])
        if match.start() > begins or re.match(r"\s+[^\W\d_a-z]", sentence[match.end() :])
    }
    months = {word[:3] for match in capitalised for word in words(match[0]) if word in _MONTHS}
    days = {word for word in found if word in _DAYS}
    return Stated(
        numbers=frozenset(number for number in numbers if any(character.isdigit() for character in number)),
        names=frozenset(names - _DATES - _NUMBERS.keys()),
        dates=frozenset(months | days),
        negated=not _NEGATIONS.isdisjoint(found),
    )
