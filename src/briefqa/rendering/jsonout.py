"""The JSON that programs read. Its shapes are a contract, described by the schemas in briefqa/schemas."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from briefqa.rendering.jsonparts import (
    Json,
    citation_part,
    cut_part,
    document_part,
    explanation_part,
    filter_part,
    hit_part,
    listed,
    listed_document_part,
    passage_part,
    rounded,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.errors import BriefqaError
    from briefqa.reports import DuplicateGroups, IndexReport, IndexStatus, RepairReport, Rereading
    from briefqa.types import Answer, Cut, Document, Hits, Passage


def answer_json(answer: Answer) -> Json:
    """briefqa.answer/1."""
    return {
        "schema": "briefqa.answer/1",
        "question": answer.question,
        "status": answer.status,
        "confidence": round(answer.confidence, 4),
        "answer": {"text": answer.text, "markers": [1]} if answer.citations else None,
        "citations": [citation_part(citation) for citation in answer.citations],
        "hits": [hit_part(hit) for hit in answer.hits],
        "missing": list(answer.missing),
        "notes": list(answer.notes),
        "index": asdict(answer.index),
        "filter": filter_part(answer.filtered),
        "milliseconds": answer.milliseconds,
        "explanation": explanation_part(answer.explanation),
    }


def hits_json(hits: Hits) -> Json:
    """briefqa.hits/1."""
    return {
        "schema": "briefqa.hits/1",
        "question": hits.question,
        "hits": [hit_part(hit) for hit in hits.hits],
        "notes": list(hits.notes),
        "index": asdict(hits.index),
        "filter": filter_part(hits.filtered),
        "milliseconds": hits.milliseconds,
        "explanation": explanation_part(hits.explanation),
    }


def passages_json(
    document: Document, passages: Sequence[Passage], asked: str | None, cuts: Sequence[Cut] | None = None
) -> Json:
    """briefqa.passages/1; what was left out of the document is null where nobody looked."""
    return {
        "schema": "briefqa.passages/1",
        "passage_id": asked,
        "document": {**document_part(document), "metadata": document.metadata, "found_in": document.found_in},
        "passages": [passage_part(passage, document) for passage in passages],
        "cuts": None if cuts is None else [cut_part(cut) for cut in cuts],
    }


def documents_json(documents: Sequence[Document], *, total: int, offset: int) -> Json:
    """briefqa.documents/1: a page of an index's documents, those after the first `offset` of `total`."""
    return {
        "schema": "briefqa.documents/1",
        "total": total,
        "offset": offset,
        "documents": [listed_document_part(document) for document in documents],
    }


def index_json(report: IndexReport) -> Json:
    """briefqa.index/1."""
    counts = asdict(report)
    remarks = list(counts.pop("remarks"))
    del counts["notes"]
    return {
        "schema": "briefqa.index/1",
        **{name: round(value, 3) if isinstance(value, float) else value for name, value in counts.items()},
        "complete": report.complete,
        "remarks": remarks,
        "notes": list(report.notes),
    }


def status_json(status: IndexStatus) -> Json:
    """briefqa.status/1."""
    table = listed(asdict(status))
    table["languages"] = [{"language": code, "documents": count} for code, count in status.languages]
    return {"schema": "briefqa.status/1", "stale": status.stale, **table}


def duplicates_json(found: DuplicateGroups) -> Json:
    """briefqa.duplicates/1."""
    return {
        "schema": "briefqa.duplicates/1",
        "index": found.index,
        "generation": found.generation,
        "documents": found.documents,
        "groups": [[rounded(asdict(member)) for member in group] for group in found.groups],
    }


def verify_json(generation: int, documents: int, passages: int, reread: Rereading | None = None) -> Json:
    """briefqa.verify/1: of a whole index; a damaged one is an error. What was `reread` is null where nothing was."""
    return {
        "schema": "briefqa.verify/1",
        "whole": True,
        "generation": generation,
        "documents": documents,
        "passages": passages,
        "reread": listed(asdict(reread)) if reread else None,
    }


def repair_json(report: RepairReport) -> Json:
    """briefqa.repair/1."""
    return {"schema": "briefqa.repair/1", "generation": report.generation, "mended": list(report.mended)}


def error_json(error: BriefqaError) -> Json:
    """briefqa.error/1."""
    return failure_json(type(error).__name__, str(error), error.exit_code)


def failure_json(kind: str, message: str, exit_code: int) -> Json:
    """briefqa.error/1, of what is no error of ours too: the `kind` is then a name like those."""
    return {"schema": "briefqa.error/1", "error": kind, "message": message, "exit_code": exit_code}
