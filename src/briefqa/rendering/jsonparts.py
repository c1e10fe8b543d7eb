"""What the JSON of answers, hits and passages is put together from."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from briefqa.addresses import page_at
from briefqa.fragments import quote_link
from briefqa.rendering.relative import relative_dates_of

if TYPE_CHECKING:
    from briefqa.explained import Explanation, Part
    from briefqa.filters import Filtered
    from briefqa.relative_dates import RelativeDate
    from briefqa.types import Citation, Copy, Cut, Document, Hit, Passage, Version

Json = dict[str, Any]


def listed(table: Json) -> Json:
    """The table with lists in the place of tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}


def document_part(document: Document) -> Json:
    """A document, as answers, hits and passages name it."""
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


def listed_document_part(document: Document) -> Json:
    """A document, as a page of an index's documents lists it."""
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


def passage_part(passage: Passage, document: Document) -> Json:
    """A passage of the document."""
    return {
        "passage_id": passage.id,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "lines": list(passage.lines),
        "page": page_at(document, passage.start),
    }


def filter_part(filtered: Filtered | None) -> Json | None:
    """What was asked for, and how much fits it; None where no filter was given."""
    if filtered is None:
        return None
    return {**listed(asdict(filtered.filter)), "documents": filtered.documents, "undated": filtered.undated}


def cut_part(cut: Cut) -> Json:
    """What was left out of a document."""
    return {"text": cut.text, "reason": cut.reason, "lines": list(cut.lines) if cut.lines else None}


def hit_part(hit: Hit) -> Json:
    """A hit."""
    return {
        "rank": hit.rank,
        "score": rounded(hit.score),
        **passage_part(hit.passage, hit.document),
        "scores": rounded(asdict(hit.scores)),
        "document": document_part(hit.document),
        "also_in": [_copy(copy) for copy in hit.also_in],
    }


def _copy(copy: Copy | Version) -> Json:
    return {
        "start": copy.start,
        "end": copy.end,
        "lines": list(copy.lines),
        "page": copy.page,
        "document": document_part(copy.document),
    }


def explanation_part(explanation: Explanation | None) -> Json | None:
    """What scores and confidence are made of; None where nobody asked."""
    if explanation is None:
        return None
    sure = explanation.confidence
    told: Json = rounded(
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


def rounded(value: Any) -> Any:
    """Every float in it to six places."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return round(value, 6) if isinstance(value, float) else value


def citation_part(citation: Citation) -> Json:
    """A citation."""
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
        "document": document_part(citation.document),
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
