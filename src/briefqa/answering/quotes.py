"""Picks the sentences to quote: those that hold most of what the question asks about, from the best passages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.analysis import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.answering.question import AnalysedQuestion
    from briefqa.types import Hit, Span

# A quote's score is its share of the question's idf mass plus this much of its passage's score; measured on the
# SQuAD sample (see docs/quality.md).
_PASSAGE_WEIGHT = 1.0
# What a sentence that leans on the one before it takes over from it.
_CONTEXT_WEIGHT = 0.8
# A further quote must reach this share of the first one's score ...
_FURTHER_SHARE = 0.62
# ... and share less than this part of its terms with every quote already taken (Jaccard).
_ALIKE = 0.6

_LEANING = re.compile(
    r"[\"“'‘(]?(?:He|She|It|They|This|These|Those|That|His|Her|Its|Their|Such|Both|But|However|Instead|Neither|"
    r"The former|The latter|The same|There)\b"
)
# "Azerbaijan and Moldova are not." says nothing without the sentence before it, and completes it.
_ELLIPTIC = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may)(?:\s+not|n[’']t)?\s*[.!]?[\"”’')]?\Z"
)
_ELLIPTIC_WORDS = 14


@dataclass(frozen=True, slots=True)
class Quote:
    """A slice of a hit's passage, whole sentences, in document offsets, and how well it fits the question."""

    hit: Hit
    start: int
    end: int
    score: float
    terms: frozenset[str]

    @property
    def text(self) -> str:
        """The quote, verbatim."""
        return self.hit.document.text[self.start : self.end]


def pick_quotes(question: AnalysedQuestion, hits: Sequence[Hit], *, limit: int) -> list[Quote]:
    """At most `limit` quotes, best first, no two much alike or overlapping; equal scores by rank and place."""
    best = max((hit.score for hit in hits), default=0.0)
    candidates = [quote for hit in hits for quote in _candidates(question, hit, hit.score / best if best > 0 else 0.0)]
    candidates.sort(key=lambda quote: (-quote.score, quote.hit.rank, quote.start))
    picked: list[Quote] = []
    for quote in candidates:
        if len(picked) == limit or (picked and quote.score < _FURTHER_SHARE * picked[0].score):
            break
        if all(_adds(quote, other) for other in picked):
            picked.append(quote)
    return picked


def _candidates(question: AnalysedQuestion, hit: Hit, passage_share: float) -> Iterator[Quote]:
    text = hit.document.text
    spans = hit.passage.sentences
    for place, (start, end) in enumerate(spans):
        found = set(terms(text[start:end]))
        coverage = question.coverage(found)
        before = spans[place - 1] if place and _adjoin(text, spans[place - 1], (start, end)) else None
        if place + 1 < len(spans) and _adjoin(text, (start, end), spans[place + 1]) and _elliptic(text, spans[place + 1]):
            continue  # its completed form is a candidate
        if before and (_LEANING.match(text, start) or _elliptic(text, (start, end))):
            wider = found | set(terms(text[before[0] : before[1]]))
            coverage += _CONTEXT_WEIGHT * (question.coverage(wider) - coverage)
            if _elliptic(text, (start, end)):
                coverage = question.coverage(wider)
            start, found = before[0], wider
        yield Quote(hit, start, end, coverage + _PASSAGE_WEIGHT * passage_share, frozenset(found))


def _adjoin(text: str, first: Span, second: Span) -> bool:
    between = text[first[1] : second[0]]
    return not between.strip() and "\n\n" not in between


def _elliptic(text: str, span: Span) -> bool:
    sentence = text[span[0] : span[1]]
    return len(sentence.split()) <= _ELLIPTIC_WORDS and _ELLIPTIC.search(sentence) is not None


def _adds(quote: Quote, other: Quote) -> bool:
    if quote.hit.document.id == other.hit.document.id and quote.start < other.end and other.start < quote.end:
        return False
    union = quote.terms | other.terms
    return not union or len(quote.terms & other.terms) / len(union) < _ALIKE
