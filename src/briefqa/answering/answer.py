"""The decision: quote, or say that nothing here answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.answering.citations import check, cite
from briefqa.answering.confidence import confidence, measure, told_by
from briefqa.answering.quotes import pick_quotes, rank_quotes
from briefqa.question import analyse_question
from briefqa.types import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.answering.quotes import Similarity
    from briefqa.protocols import Candidate, PassageStore
    from briefqa.types import Citation

# Quotes come from this many of the best passages.
_QUOTED_HITS = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """What the passages say: `citations` best first, [] below the threshold; `missing` as in Answer."""

    confidence: float
    citations: tuple[Citation, ...]
    missing: tuple[str, ...]


def decide(
    question: str,
    candidates: Sequence[Candidate],
    store: PassageStore,
    *,
    similarity: Similarity | None,
    max_quotes: int,
    min_confidence: float,
) -> Decision:
    """Pick quotes from the best of `candidates`, which come best first, and decide whether they answer.

    Every citation is checked against `store`: raises IndexDamaged for a quote that is not what the store holds.
    """
    hits = make_hits(candidates[:_QUOTED_HITS], store)
    analysed = analyse_question(question, store)
    dated = any(hit.document.published for hit in hits)
    judged = analysed if dated else analysed.without_unseen_years()
    ranked = rank_quotes(judged, hits, similarity=similarity)
    sure = confidence(measure(judged, [candidate.scores for candidate in candidates], ranked))
    if not ranked or sure < min_confidence:
        return Decision(sure, (), analysed.missing(told_by(hits[0]) if hits else ()))
    citations = tuple(cite(quote, marker) for marker, quote in enumerate(pick_quotes(ranked, limit=max_quotes), 1))
    numbers = {candidate.passage_id: candidate.number for candidate in candidates}
    stored = store.passages([numbers[citation.passage_id] for citation in citations])
    for citation, (passage, document) in zip(citations, stored, strict=True):
        check(citation, passage, document)
    return Decision(sure, citations, ())


def make_hits(candidates: Sequence[Candidate], store: PassageStore) -> tuple[Hit, ...]:
    """The candidates as hits, ranked from 1 as they come."""
    found = store.passages([candidate.number for candidate in candidates])
    return tuple(
        Hit(rank, candidate.score, passage, document, candidate.scores)
        for rank, (candidate, (passage, document)) in enumerate(zip(candidates, found, strict=True), 1)
    )
