"""Explaining what was found; rarely wanted, and loaded when it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.answering.explanation import Recipe, explain_outcome
from briefqa.retrieval.evidence import WEIGHTS
from briefqa.retrieval.reranking import RERANK_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.answering.answer import Decision
    from briefqa.config import Settings
    from briefqa.explained import Explanation
    from briefqa.index.reader import GenerationReader
    from briefqa.protocols import Candidate
    from briefqa.types import Hit


def explain(
    text: str,
    hits: Sequence[Hit],
    found: list[Candidate],
    reader: GenerationReader,
    settings: Settings,
    decision: Decision | None,
) -> Explanation:
    """What the scores of the hits, among all that was found, and the confidence of a decision are made of."""
    recipe = Recipe(settings.dense_weight, WEIGHTS, RERANK_WEIGHT, settings.min_confidence, settings.recency)
    return explain_outcome(text, hits, found, reader, recipe=recipe, decision=decision)
