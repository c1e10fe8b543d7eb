"""Which names are those of people, by closed lists of words: a guess that prefers to say no."""

from __future__ import annotations

import re

from briefqa.evaluation.word_lists import COUNTRIES, MONTHS, NOT_PEOPLE, TITLES

# Russian, British, Chinese, Swiss: what people come from, more often than who they are; but for some first names.
_ORIGIN = re.compile(
    r"(?!(?:Adr|Christ|Dam|Flor|Jul|Krist|Sebast|V)ian\Z)\w+(?:ian|ean|ican|ish|ese)\Z"
    r"|(?:Swiss|French|German|Dutch|Greek|Czech|Kazakh|Uzbek|Tajik|Turkic|Kyrgyz)\Z"
)
_LETTERS = re.compile(r"[A-ZÀ-Þ][^\W\d_]+(?:[-’'][^\W\d_]+)*\Z")
_MOST_NAMES = 3


def is_person(words: str) -> bool:
    """Whether the words are a first and a last name, or a name after a title."""
    names = words.split()
    titled = False
    while names and names[0] in TITLES:
        names, titled = names[1:], True
    if not names or len(names) > _MOST_NAMES or not all(map(_LETTERS.match, names)):
        return False
    if any(name.endswith(("'s", "’s")) or name in NOT_PEOPLE or name in COUNTRIES or name.isupper() for name in names):
        return False
    return titled or (len(names) > 1 and not _ORIGIN.match(names[0]))


def has_name(words: str, *, at_start: bool = False) -> bool:
    """Whether one of the words has a capital that is not only that of a sentence's start (`at_start`) or a month's."""
    return any(word[:1].isupper() and word not in MONTHS for word in words.split()[int(at_start) :])
