"""The JSON that programs read. Its shapes are a contract, described by the schemas in briefqa/schemas."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from briefqa.addresses import page_at
from briefqa.fragments import quote_link
from briefqa.rendering.relative import relative_dates_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.errors import BriefqaError
    from briefqa.explained import Explanation, Part
    from briefqa.filters import Filtered
    from briefqa.relative_dates import RelativeDate
    from briefqa.reports import DuplicateGroups, IndexReport, IndexStatus, RepairReport, Rereading
    from briefqa.types import Answer, Citation, Copy, Cut, Document, Hit, Hits, Passage, Version

Json = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    """briefqa.answer/1."""
    return {
        "schema": "briefqa.answer/1",
        "question": answer.question,
        "status": answer.status,
        "confidence": round(answer.confidence, 4),
        "answer": {"text": answer.text, "markers": [1]} if answer.citations else None,
        "citations": [_citation(citation) for citation in answer.citations],
        "hits": [_hit(hit) for hit in answer.hits],
        "missing": list(answer.missing),
        "notes": list(answer.notes),
        "index": asdict(answer.index),
        "filter": _filter(answer.filtered),
        "milliseconds": answer.milliseconds,
        "explanation": _explanation(answer.explanation),
    }


def hits_json(hits: Hits) -> Json:
    """briefqa.hits/1."""
    return {
        "schema": "briefqa.hits/1",
        "question": hits.question,
        "hits": [_hit(hit) for hit in hits.hits],
        "notes": list(hits.notes),
        "index": asdict(hits.index),
        "filter": _filter(hits.filtered),
        "milliseconds": hits.milliseconds,
        "explanation": _explanation(hits.explanation),
    }


def passages_json(
    document: Document, passages: Sequence[Passage], asked: str | None, cuts: Sequence[Cut] | None = None
) -> Json:
    """briefqa.passages/1; what was left out of the document is null where nobody looked."""
    return {
        "schema": "briefqa.passages/1",
        "passage_id": asked,
        "document": {**_document(document), "metadata": document.metadata, "found_in": document.found_in},
        "passages": [_passage(passage, document) for passage in passages],
        "cuts": None if cuts is None else [_cut(cut) for cut in cuts],
    }


def documents_json(documents: Sequence[Document], *, total: int, offset: int) -> Json:
    """briefqa.documents/1: a page of an index's documents, those after the first `offset` of `total`."""
    return {
        "schema": "briefqa.documents/1",
        "total": total,
        "offset": offset,
        "documents": [_listed_document(document) for document in documents],
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
    table = _listed(asdict(status))
    table["languages"] = [{"language": code, "documents": count} for code, count in status.languages]
    return {"schema": "briefqa.status/1", "stale": status.stale, **table}


def duplicates_json(found: DuplicateGroups) -> Json:
    """briefqa.duplicates/1."""
    return {
        "schema": "briefqa.duplicates/1",
        "index": found.index,
        "generation": found.generation,
        "documents": found.documents,
        "groups": [[_rounded(asdict(member)) for member in group] for group in found.groups],
    }


def verify_json(generation: int, documents: int, passages: int, reread: Rereading | None = None) -> Json:
    """briefqa.verify/1: of a whole index; a damaged one is an error. What was `reread` is null where nothing was."""
    return {
        "schema": "briefqa.verify/1",
        "whole": True,
        "generation": generation,
        "documents": documents,
        "passages": passages,
        "reread": _listed(asdict(reread)) if reread else None,
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


def _listed(table: Json) -> Json:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}


def _document(document: Document) -> Json:
    return {
        "id": document.id,
        "path": document.path,
        "title": document.title,
        "source": document.source,
        "authors": list(document.authors),
        "published": document.published,
        "updated": document.updated,
        "url": document.url,
        "language": document.language,
        "tags": list(document.tags),
        "lines_of": document.lines_of,
        "collection": document.collection,
    }


def _listed_document(document: Document) -> Json:
    return {
        "id": document.id,
        "path": document.path,
        "part": document.part or None,
        "title": document.title,
        "source": document.source,
        "published": document.published,
        "language": document.language,
        "url": document.url,
        "collection": document.collection,
        "characters": len(document.text),
    }


def _passage(passage: Passage, document: Document) -> Json:
    return {
        "passage_id": passage.id,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "lines": list(passage.lines),
        "page": page_at(document, passage.start),
    }


def _filter(filtered: Filtered | None) -> Json | None:
    if filtered is None:
        return None
    return {**_listed(asdict(filtered.filter)), "documents": filtered.documents, "undated": filtered.undated}


def _cut(cut: Cut) -> Json:
    return {"text": cut.text, "reason": cut.reason, "lines": list(cut.lines) if cut.lines else None}


def _hit(hit: Hit) -> Json:
    return {
        "rank": hit.rank,
        "score": _rounded(hit.score),
        **_passage(hit.passage, hit.document),
        "scores": _rounded(asdict(hit.scores)),
        "document": _document(hit.document),
        "also_in": [_copy(copy) for copy in hit.also_in],
    }


def _copy(copy: Copy | Version) -> Json:
    return {
        "start": copy.start,
        "end": copy.end,
        "lines": list(copy.lines),
        "page": copy.page,
        "document": _document(copy.document),
    }


def _explanation(explanation: Explanation | None) -> Json | None:
    if explanation is None:
        return None
    sure = explanation.confidence
    told: Json = _rounded(
        {
            "terms": [asdict(term) for term in explanation.terms],
            "hits": [
                {
                    "rank": hit.rank,
                    "passage_id": hit.passage_id,
                    "parts": [_part(part) for part in hit.parts],
                    "holds": list(hit.holds),
                    "lacks": list(hit.lacks),
                }
                for hit in explanation.hits
            ],
            "confidence": {**asdict(sure), "parts": [_part(part) for part in sure.parts]} if sure else None,
        }
    )
    return told


def _part(part: Part) -> Json:
    return {**asdict(part), "contribution": part.contribution}


def _rounded(value: Any) -> Any:
    """Every float in it to six places."""
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return round(value, 6) if isinstance(value, float) else value


def _citation(citation: Citation) -> Json:
    return {
        "marker": citation.marker,
        "passage_id": citation.passage_id,
        "quote": citation.quote,
        "sha256": citation.sha256,
        "start": citation.start,
        "end": citation.end,
        "lines": list(citation.lines),
        "page": citation.page,
        "link": quote_link(citation.document, citation.quote),
        "relative_dates": [_relative(found) for found in relative_dates_of(citation)],
        "file_state": citation.file_state,
        "document": _document(citation.document),
        "also_in": [_copy(copy) for copy in citation.also_in],
        "versions": [{"quote": version.quote, **_copy(version)} for version in citation.versions],
    }


def _relative(found: RelativeDate) -> Json:
    return {
        "text": found.text,
        "start": found.start,
        "end": found.end,
        "from": found.first.isoformat() if found.first else None,
        "to": found.last.isoformat() if found.last else None,
    }
