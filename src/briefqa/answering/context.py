"""Whether an English sentence can be understood without the one before it."""

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
# Where "the company" ends: a verb or a word of grammar belongs to what is said of it. Its first word is neither ("the
# proposed deal", "the newly elected council"), nor is what has a hyphen ("the new so-called council").
_SMALL = "[a-zà-ÿ-]"
_ADVERB = "(?:newly|recently|previously|formerly|jointly|widely) "
_END = (
    r"(?:[a-zà-ÿ]*ed|is|are|was|were|be|been|being|am|has|have|had|having|do|does|did|will|would|shall|should|can|could"
    r"|may|might|must|about|above|across|after|against|along|amid|among|around|as|at|before|behind|below|beneath|beside"
    r"|between|beyond|by|despite|down|during|except|for|from|in|inside|into|like|near|of|off|on|onto|out|outside|over|past"
    r"|per|since|through|throughout|to|toward|towards|under|until|up|upon|via|with|within|without|and|or|nor|but|if|than"
    r"|that|though|although|unless|when|where|whether|which|while|who|whom|whose|also|already|now|never|not|only|still|then"
    rf")(?!{_SMALL})"
)
# "The company installed ...": which one, the sentence before tells, if it has the noun.
_DEFINITE = re.compile(_QUOTATION + rf"The ((?:{_ADVERB})?{_SMALL}+(?: (?!{_END}){_SMALL}+){{0,2}})")
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
