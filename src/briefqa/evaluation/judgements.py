"""Gold as judgements in TREC's format: which documents, and which passages of an index, are relevant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.relevance import is_relevant
from briefqa.evaluation.results import FoundGold
from briefqa.evaluation.trec import write_qrels
from briefqa.types import Passage

DOCUMENTS, PASSAGES = "documents.qrels", "passages.qrels"


def write_judgements(
    folder: Path, golds: Mapping[str, Sequence[FoundGold]], passages_of: Callable[[str], Sequence[Passage]]
) -> None:
    """Write documents.qrels and passages.qrels of the golds by question id; `passages_of` tells all passages of a
    document by its id. Questions with whole documents among their golds are in the first only."""
    answerable = {question: found for question, found in golds.items() if found}
    write_qrels(
        folder / DOCUMENTS,
        {question: dict.fromkeys(gold.document for gold in found) for question, found in answerable.items()},
    )
    quoted = {question: found for question, found in answerable.items() if all(gold.text for gold in found)}
    named = dict.fromkeys(gold.document_id for found in quoted.values() for gold in found)
    passages = {document: passages_of(document) for document in named}
    write_qrels(
        folder / PASSAGES,
        {
            question: dict.fromkeys(
                passage.id
                for gold in found
                for passage in passages[gold.document_id]
                if is_relevant(passage, GoldSpan(gold.document_id, *gold.span))
            )
            for question, found in quoted.items()
        },
    )
