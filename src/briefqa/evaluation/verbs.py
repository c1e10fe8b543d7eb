"""The past tense of common English verbs, and back: enough of it to turn a sentence into a question."""

from __future__ import annotations

from functools import cache

from briefqa.evaluation.word_lists import DOUBLING_VERBS, IRREGULAR_VERBS, REGULAR_VERBS

_VOWELS = "aeiou"
_SHORTEST_PARTICIPLE = 5


@cache
def past_tenses() -> dict[str, str]:
    """The past tense of each verb that is known, such as "left", and its base form, "leave"."""
    return {**{_past(verb): verb for verb in REGULAR_VERBS}, **{past: base for base, past, _ in IRREGULAR_VERBS}}


@cache
def third_persons() -> frozenset[str]:
    """The verbs that are known as they stand after "it": "leaves"."""
    return frozenset(map(_third_person, past_tenses().values()))


def is_participle(word: str) -> bool:
    """Whether the word can follow "was", as "founded" and "held" can."""
    return (word.endswith("ed") and len(word) >= _SHORTEST_PARTICIPLE) or word in _participles()


@cache
def _participles() -> frozenset[str]:
    return frozenset(participle for _, _, participle in IRREGULAR_VERBS)


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1]}ed" if verb in DOUBLING_VERBS else f"{verb}ed"


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in _VOWELS else f"{verb}s"
