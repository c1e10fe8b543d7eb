"""The decision: quote, or say that nothing here answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from briefqa.answering.citations import check, cite
from briefqa.answering.confidence import Features, confidence, measure, told_by
from briefqa.answering.matching import TokenMatcher
from briefqa.answering.quotes import QuotedHit, pick_quotes, rank_quotes
from briefqa.question import analyse_question
from briefqa.types import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.answering.quotes import Quote
    from briefqa.protocols import Candidate, PassageStore, QuestionEncoder
    from briefqa.question import AnalysedQuestion
    from briefqa.types import Citation

# Quotes come from this many of the best passages, which are read token by token: most of what an answer costs. On the
# SQuAD sample, and on evals/, five give no better quotes.
_QUOTED_HITS = 4


class Decision(NamedTuple):
    """What the passages say: `citations` best first, [] below the threshold; `missing` as in Answer; `features` are
    what the confidence rests on, and `judged` is the question as in Judgement."""

    confidence: float
    citations: tuple[Citation, ...]
    missing: tuple[str, ...]
    features: Features
    judged: AnalysedQuestion


class Judgement(NamedTuple):
    """What the best passages offer: every sentence as a quote, best first, the features of the confidence, the words
    of the question that the very best passage lacks, and the question with the words that count."""

    ranked: list[Quote]
    features: Features
    missing: tuple[str, ...]
    judged: AnalysedQuestion


def decide(
    question: str,
    candidates: Sequence[Candidate],
    store: PassageStore,
    *,
    encoder: QuestionEncoder | None,
    max_quotes: int,
    min_confidence: float,
) -> Decision:
    """Pick quotes from the best of `candidates`, which come best first, and decide whether they answer. Without an
    encoder, words alone decide.

    Every citation is checked against `store`: raises IndexDamaged for a quote that is not what the store holds.
    """
    judgement = judge(question, candidates, store, encoder)
    ranked, sure = judgement.ranked, confidence(judgement.features)
    if not ranked or sure < min_confidence:
        return Decision(sure, (), judgement.missing, judgement.features, judgement.judged)
    citations = tuple(cite(quote, marker) for marker, quote in enumerate(pick_quotes(ranked, limit=max_quotes), 1))
    numbers = {candidate.passage_id: candidate.number for candidate in candidates}
    stored = store.passages([numbers[citation.passage_id] for citation in citations])
    for citation, (passage, document) in zip(citations, stored, strict=True):
        check(citation, passage, document)
    return Decision(sure, citations, (), judgement.features, judgement.judged)


def judge(
    question: str, candidates: Sequence[Candidate], store: PassageStore, encoder: QuestionEncoder | None
) -> Judgement:
    """Rank the sentences of the best of `candidates`, and measure how well they fit the question."""
    best = candidates[:_QUOTED_HITS]
    hits = make_hits(best, store)
    analysed = analyse_question(question, store)
    undated = bool(hits) and not any(hit.document.published for hit in hits)
    judged = analysed.without_unseen_years() if undated else analysed
    quoted = read_hits(judged, best, hits, store, encoder)
    ranked = rank_quotes(judged, quoted)
    missing = analysed.missing(told_by(hits[0]) if hits else ())
    return Judgement(ranked, measure(judged, candidates, quoted, ranked), missing, judged)


def make_hits(candidates: Sequence[Candidate], store: PassageStore) -> tuple[Hit, ...]:
    """The candidates as hits, ranked from 1 as they come."""
    found = store.passages([candidate.number for candidate in candidates])
    return tuple(
        Hit(rank, candidate.score, passage, document, candidate.scores)
        for rank, (candidate, (passage, document)) in enumerate(zip(candidates, found, strict=True), 1)
    )


def read_hits(
    question: AnalysedQuestion,
    candidates: Sequence[Candidate],
    hits: Sequence[Hit],
    store: PassageStore,
    encoder: QuestionEncoder | None,
) -> list[QuotedHit]:
    """The hits of `candidates`, with their tokens held against the question's where there is an encoder."""
    if encoder is None or not hits:
        return [QuotedHit(hit) for hit in hits]
    asked = encoder.read_question(question.text)
    cosines = store.sentence_cosines(asked.vector, [candidate.number for candidate in candidates])
    titles = [f"{hit.document.title}\n" if hit.document.title else "" for hit in hits]
    told = encoder.read_passages([title + hit.passage.text for title, hit in zip(titles, hits, strict=True)])
    return [
        QuotedHit(hit, near, TokenMatcher(question, asked, reading, shift=len(title)))
        for hit, near, reading, title in zip(hits, cosines, told, titles, strict=True)
    ]
