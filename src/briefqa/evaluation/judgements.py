"""Gold as judgements in TREC's format: which documents, and which passages of an index, are relevant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.relevance import relevant_passages
from briefqa.evaluation.results import FoundGold
from briefqa.evaluation.trec import write_qrels
from briefqa.types import Passage

DOCUMENTS, PASSAGES = "documents.qrels", "passages.qrels"


def write_judgements(
    folder: Path, golds: Mapping[str, Sequence[FoundGold]], passages_of: Callable[[str], Sequence[Passage]]
) -> None:
    """Write documents.qrels and passages.qrels of the golds by question id; `passages_of` tells all passages of a
    document by its id. Questions with whole documents among their golds are in the first only.

    Where no passage holds half of a gold, those that hold less are judged irrelevant, with a gain of 0: so evaluators
    count the question as not found, as a report does. Without any judgement they would pass it over.
    """
    answerable = {question: found for question, found in golds.items() if found}
    write_qrels(
        folder / DOCUMENTS,
        {question: dict.fromkeys((gold.document for gold in found), 1) for question, found in answerable.items()},
    )
    quoted = {question: found for question, found in answerable.items() if all(gold.text for gold in found)}
    named = dict.fromkeys(gold.document_id for found in quoted.values() for gold in found)
    passages = {document: passages_of(document) for document in named}
    write_qrels(folder / PASSAGES, {question: _gains(found, passages) for question, found in quoted.items()})


def _gains(golds: Sequence[FoundGold], passages: Mapping[str, Sequence[Passage]]) -> dict[str, int]:
    spans = [GoldSpan(gold.document_id, *gold.span) for gold in golds]
    relevant = relevant_passages(spans, passages.__getitem__)
    if relevant:
        return dict.fromkeys(relevant, 1)
    return {
        passage.id: 0
        for span in spans
        for passage in passages[span.document_id]
        if passage.start < span.end and span.start < passage.end
    }
