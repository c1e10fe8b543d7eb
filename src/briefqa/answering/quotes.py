"""Picks the sentences to quote: those that fit the question best, in words and in meaning, of the best passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from briefqa.analysis import analyzer_of, terms
from briefqa.answering.context import completes, leans
from briefqa.answering.expected import Expected, expected, offers
from briefqa.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.answering.matching import TokenMatcher
    from briefqa.question import AnalysedQuestion
    from briefqa.types import Hit

# A further quote's score may be this much below the first one's ...
_FURTHER_MARGIN = 3.0
# ... and it shares less than this part of its terms with every quote already taken (Jaccard).
_ALIKE = 0.6


class Fit(NamedTuple):
    """How a sentence fits a question. The first four are of words, from 0 to 1: its share of the question's idf mass,
    alone and together with the sentence before it; its passage's score as a share of the best one's; whether it offers
    the kind of thing that is asked for. The others are cosines, 0 where no encoder is at hand: its vector's with the
    question's, and the `Match` of its tokens, the terms also together with the sentence before it."""

    coverage: float
    coverage_with_before: float
    passage: float
    offer: float
    cosine: float = 0.0
    terms: float = 0.0
    terms_with_before: float = 0.0
    all: float = 0.0
    asking: float = 0.0


# An enumeration, where one is asked for, counts more than other offers. Chosen on evals/: the public sets hardly have
# such questions.
_OFFERS = {Expected.LIST: 6.0}
# Fitted by benchmarks/fit_quotes.py; in the order of Fit.
_WEIGHTS = (1.61, 1.75, 3.49, 0.59, 2.35, 3.91, 4.08, 1.78, 3.31)
_WEIGHTS_OF_WORDS = (4.5, 3.46, 5.64, 0.94)


class Quote(NamedTuple):
    """A slice of a hit's passage, whole sentences, in document offsets: one that fits, and what it needs before it to
    be understood. `terms` are those of the slice."""

    hit: Hit
    start: int
    end: int
    fit: Fit
    score: float
    terms: frozenset[str]

    @property
    def text(self) -> str:
        """The quote, verbatim."""
        return self.hit.document.text[self.start : self.end]


class QuotedHit(NamedTuple):
    """A hit to quote from: its sentences' cosines with the question, in their order, and its tokens held against the
    question's; None without an encoder."""

    hit: Hit
    cosines: Sequence[float] | None = None
    matcher: TokenMatcher | None = None


def rank_quotes(question: AnalysedQuestion, hits: Sequence[QuotedHit]) -> list[Quote]:
    """Every sentence of the hits as a quote, best first; equal scores by rank and place."""
    best = max((entry.hit.score for entry in hits), default=0.0)
    quotes = (
        quote for entry in hits for quote in _candidates(question, entry, entry.hit.score / best if best > 0.0 else 0.0)
    )
    return sorted(quotes, key=lambda quote: (-quote.score, quote.hit.rank, quote.start))


def score(fit: Fit, *, of_words: bool) -> float:
    """One number for the fit, higher is better, from its `of_words` features alone or from all; numbers compare within
    one question only."""
    weights = _WEIGHTS_OF_WORDS if of_words else _WEIGHTS
    return float(sum(weight * value for weight, value in zip(weights, fit, strict=False)))


def pick_quotes(ranked: Sequence[Quote], *, limit: int) -> list[Quote]:
    """At most `limit` of the ranked quotes, none much worse than the first, no two much alike or overlapping."""
    picked: list[Quote] = []
    for quote in ranked:
        if len(picked) == limit or (picked and quote.score < picked[0].score - _FURTHER_MARGIN):
            break
        if all(_adds(quote, other) for other in picked):
            picked.append(quote)
    return picked


def _candidates(question: AnalysedQuestion, entry: QuotedHit, passage_share: float) -> Iterator[Quote]:
    document, spans = entry.hit.document, entry.hit.passage.sentences
    text, language = document.text, document.language
    english = analyzer_of(language) == ENGLISH  # whose words tell what completes and what leans
    for number in range(len(spans)):
        if english and number + 1 < len(spans) and completes(text, spans, number + 1):
            continue  # its completed form is a candidate
        # A sentence that completes another is judged as one with it; one that leans on it by what it says itself.
        first = number - 1 if english and completes(text, spans, number) else number
        fit = _fit(question, entry, first, number, passage_share)
        shown = number - 1 if english and leans(text, spans, number) else first
        start, end = spans[shown][0], spans[number][1]
        value = score(fit, of_words=entry.matcher is None)
        yield Quote(entry.hit, start, end, fit, value, frozenset(terms(text[start:end], language)))


def _fit(question: AnalysedQuestion, entry: QuotedHit, first: int, last: int, passage_share: float) -> Fit:
    """How sentences `first` to `last` fit, of which the last says what is new."""
    hit, spans = entry.hit, entry.hit.passage.sentences
    start, end = spans[first][0], spans[last][1]
    before = spans[max(0, first - 1)][0]
    text, language = hit.document.text, hit.document.language
    sentence = text[start:end]
    kind = expected(question.text)
    found = terms(sentence, language)
    words = Fit(
        coverage=question.coverage(found),
        coverage_with_before=question.coverage([*terms(text[before:start], language), *found]),
        passage=passage_share,
        offer=_OFFERS.get(kind, 1.0) * offers(sentence, kind, question.text, context=hit.passage.text),
    )
    if entry.matcher is None or entry.cosines is None:
        return words
    offset = hit.passage.start
    alone = entry.matcher.span(start - offset, end - offset)
    return words._replace(
        cosine=entry.cosines[last],
        terms=alone.terms,
        terms_with_before=entry.matcher.span(before - offset, end - offset).terms,
        all=alone.all,
        asking=alone.asking,
    )


def _adds(quote: Quote, other: Quote) -> bool:
    if quote.hit.document.id == other.hit.document.id and quote.start < other.end and other.start < quote.end:
        return False
    union = quote.terms | other.terms
    return not union or len(quote.terms & other.terms) / len(union) < _ALIKE
