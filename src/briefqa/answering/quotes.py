"""Picks the sentences to quote: those that hold most of what the question asks about, from the best passages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from briefqa.analysis import terms
from briefqa.answering.expected import Expected, expected, offers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from briefqa.question import AnalysedQuestion
    from briefqa.types import Hit, Span

Similarity: TypeAlias = "Callable[[Sequence[str]], Sequence[float]]"

# A quote's score is its share of the question's idf mass, plus this much of its passage's score relative to the best
# passage's, plus this if it offers the kind of thing that is asked for, plus this much of its cosine with the question
# (where an encoder is at hand). The weights of numbers and dates were chosen on the SQuAD sample; it has few questions
# for lists and persons, whose weights were chosen on evals/ and do no harm there.
_PASSAGE_WEIGHT = 1.0
_OFFER_WEIGHTS = {Expected.NUMBER: 0.3, Expected.DATE: 0.3, Expected.PERSON: 0.3, Expected.LIST: 0.5}
_COSINE_WEIGHT = 1.0
# Encoding sentences is most of what an answer costs, so only this many, the best by words and passage, are compared
# by meaning: that keeps all of the gain on the SQuAD sample and most of it on evals/ at 40% of the time.
_COMPARED = 12
# What a sentence that leans on the one before it takes over from it.
_CONTEXT_WEIGHT = 0.8
# A further quote must reach this share of the first one's score ...
_FURTHER_SHARE = 0.72
# ... and share less than this part of its terms with every quote already taken (Jaccard).
_ALIKE = 0.6

_LEANING = re.compile(
    r"[\"“'‘(]?(?:He|She|It|They|This|These|Those|That|His|Her|Its|Their|Such|Both|But|However|Instead|Neither|"
    r"The former|The latter|The same|There)\b"
)
# "Azerbaijan and Moldova are not." says nothing without the sentence before it, and completes it.
_ELLIPTIC = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may)(?:\s+not|n[’']t)?\s*[.!]?[\"”’')]?\Z"
)
_ELLIPTIC_WORDS = 14


@dataclass(frozen=True, slots=True)
class Quote:
    """A slice of a hit's passage, whole sentences, in document offsets, and how well it fits the question.

    `coverage` is its share of the question's idf mass, 0 to 1; `cosine` its vector's with the question's, if known.
    """

    hit: Hit
    start: int
    end: int
    score: float
    coverage: float
    cosine: float | None
    terms: frozenset[str]

    @property
    def text(self) -> str:
        """The quote, verbatim."""
        return self.hit.document.text[self.start : self.end]


def rank_quotes(
    question: AnalysedQuestion, hits: Sequence[Hit], *, similarity: Similarity | None = None
) -> list[Quote]:
    """Every sentence of the hits, with its context where it leans on one, best first; equal scores by rank and place.

    `similarity` gives the cosine of the question with each of some texts; without it, words alone decide.
    """
    best = max((hit.score for hit in hits), default=0.0)
    by_words = _sorted(
        quote for hit in hits for quote in _candidates(question, hit, hit.score / best if best > 0 else 0.0)
    )
    near, far = by_words[:_COMPARED], by_words[_COMPARED:]
    if similarity is None or not near:
        return by_words
    cosines = similarity([" ".join(quote.text.split()) for quote in near])
    compared = [_with_cosine(quote, cosine) for quote, cosine in zip(near, cosines, strict=True)]
    return _sorted([*compared, *(replace(quote, score=quote.score + _COSINE_WEIGHT * min(cosines)) for quote in far)])


def pick_quotes(ranked: Sequence[Quote], *, limit: int) -> list[Quote]:
    """At most `limit` of the ranked quotes, none much worse than the first, no two much alike or overlapping."""
    picked: list[Quote] = []
    for quote in ranked:
        if len(picked) == limit or (picked and quote.score < _FURTHER_SHARE * picked[0].score):
            break
        if all(_adds(quote, other) for other in picked):
            picked.append(quote)
    return picked


def _sorted(quotes: Iterable[Quote]) -> list[Quote]:
    return sorted(quotes, key=lambda quote: (-quote.score, quote.hit.rank, quote.start))


def _with_cosine(quote: Quote, cosine: float) -> Quote:
    return replace(quote, score=quote.score + _COSINE_WEIGHT * cosine, cosine=cosine)


def _candidates(question: AnalysedQuestion, hit: Hit, passage_share: float) -> Iterator[Quote]:
    text = hit.document.text
    spans = hit.passage.sentences
    kind = expected(question.text)
    for number, span in enumerate(spans):
        following = spans[number + 1] if number + 1 < len(spans) else None
        if following and _adjoin(text, span, following) and _elliptic(text, following):
            continue  # its completed form is a candidate
        start, end = span
        found = frozenset(terms(text[start:end]))
        coverage = question.coverage(found)
        before = spans[number - 1] if number else None
        elliptic = _elliptic(text, span)
        if before and _adjoin(text, before, span) and (elliptic or _LEANING.match(text, start)):
            wider = found | set(terms(text[before[0] : before[1]]))
            context = 1.0 if elliptic else _CONTEXT_WEIGHT
            coverage += context * (question.coverage(wider) - coverage)
            start, found = before[0], wider
        offer = _OFFER_WEIGHTS.get(kind, 0.0) * offers(text[start:end], kind, question.text, context=hit.passage.text)
        yield Quote(hit, start, end, coverage + _PASSAGE_WEIGHT * passage_share + offer, coverage, None, found)


def _adjoin(text: str, first: Span, second: Span) -> bool:
    between = text[first[1] : second[0]]
    return not between.strip() and between.count("\n") < 2  # a blank line may hold spaces


def _elliptic(text: str, span: Span) -> bool:
    sentence = text[span[0] : span[1]]
    return len(sentence.split()) <= _ELLIPTIC_WORDS and _ELLIPTIC.search(sentence) is not None


def _adds(quote: Quote, other: Quote) -> bool:
    if quote.hit.document.id == other.hit.document.id and quote.start < other.end and other.start < quote.end:
        return False
    union = quote.terms | other.terms
    return not union or len(quote.terms & other.terms) / len(union) < _ALIKE
