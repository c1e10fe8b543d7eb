"""Whether a sentence can be understood without the one before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from briefqa.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.types import Span

_QUOTATION = r"[\"“'‘(]?"
_LEANING = re.compile(
    _QUOTATION + r"(?:He|She|It|They|This|These|Those|That|His|Her|Its|Their|Such|Both|But|However|Instead|Neither|"
    r"The former|The latter|The same|There|(?:In|At|For|From|To|On|Of|By) (?:this|that|these|those|it|them)|"
    r"All (?:of them|two|three|four|five|six)|Moreover|Furthermore|In addition|In response|As a result|Consequently|"
    r"Therefore|Similarly|Afterwards|Then)\b"
)
# "The company installed ...": which one, the sentence before tells, if it has the noun.
_DEFINITE = re.compile(_QUOTATION + r"The ((?:[a-zà-ÿ-]+ ){0,2}[a-zà-ÿ-]+)")
# "Azerbaijan and Moldova are not." says nothing without the sentence before it, and completes it.
_ELLIPTIC = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may)(?:\s+not|n[’']t)?\s*[.!]?[\"”’')]?\Z"
)
_ELLIPTIC_WORDS = 14


def completes(text: str, sentences: Sequence[Span], number: int) -> bool:
    """Whether the numbered sentence only completes the one before it, and means nothing alone."""
    start, end = sentences[number]
    sentence = text[start:end]
    return (
        _follows(text, sentences, number)
        and len(sentence.split()) <= _ELLIPTIC_WORDS
        and _ELLIPTIC.search(sentence) is not None
    )


def leans(text: str, sentences: Sequence[Span], number: int) -> bool:
    """Whether the numbered sentence speaks of what only the one before it names: by a pronoun, by a word that joins
    the two, or by "the" and a noun that stands there."""
    start, end = sentences[number]
    if not _follows(text, sentences, number):
        return False
    if _LEANING.match(text, start, end):
        return True
    definite = _DEFINITE.match(text, start, end)
    if definite is None:
        return False
    first, last = sentences[number - 1]
    return not set(terms(text[first:last])).isdisjoint(terms(definite[1]))


def _follows(text: str, sentences: Sequence[Span], number: int) -> bool:
    """Whether another sentence stands right before it: no blank line, which may hold spaces, and no mark between."""
    if number == 0:
        return False
    between = text[sentences[number - 1][1] : sentences[number][0]]
    return not between.strip() and between.count("\n") < 2
