"""What each tool does: one call of the library, and its outcome as JSON and as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefqa.agents.texts import answer_text, documents_text, hits_text, passages_text, status_text
from briefqa.agents.tools import DOCUMENTS, FILTER, FOUND, HITS, PASSAGES
from briefqa.filters import make_filter
from briefqa.rendering.jsonout import answer_json, documents_json, hits_json, passages_json, status_json

if TYPE_CHECKING:
    from briefqa.agents.library import Library
    from briefqa.filters import Filter

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call gives: the JSON of the command line, and a short text of it for a model."""

    data: Json
    text: str


def _filter(arguments: Json) -> Filter | None:
    return make_filter(**{name: arguments[name] for name in FILTER if name in arguments})


def _ask(library: Library, arguments: Json) -> Outcome:
    answer = library.index().ask(
        arguments["question"],
        top_k=arguments.get("hits", HITS),
        filter=_filter(arguments),
        sort=arguments.get("sort", "score"),
    )
    return Outcome(answer_json(answer), answer_text(answer))


def _search(library: Library, arguments: Json) -> Outcome:
    hits = library.index().search(
        arguments["query"],
        top_k=arguments.get("k", FOUND),
        filter=_filter(arguments),
        sort=arguments.get("sort", "score"),
    )
    return Outcome(hits_json(hits), hits_text(hits))


def _read_passage(library: Library, arguments: Json) -> Outcome:
    identity = arguments["id"].strip().lower()
    document, passages, asked = library.index().look_up(identity, context=arguments.get("context", 0))
    offset = 0 if asked else arguments.get("offset", 0)
    limit = len(passages) if asked else arguments.get("limit", PASSAGES)
    shown = passages[offset : offset + limit]
    left = max(0, len(passages) - offset - len(shown))
    return Outcome(passages_json(document, shown, asked), passages_text(document, shown, offset=offset, left=left))


def _list_documents(library: Library, arguments: Json) -> Outcome:
    offset, limit = arguments.get("offset", 0), arguments.get("limit", DOCUMENTS)
    index = library.index()
    documents = list(index.documents(offset=offset, limit=limit))
    total = index.info.documents
    return Outcome(
        documents_json(documents, total=total, offset=offset), documents_text(documents, total=total, offset=offset)
    )


def _status(library: Library, arguments: Json) -> Outcome:
    del arguments
    status = library.index().status()
    return Outcome(status_json(status), status_text(status))


CALLS = {
    "ask": _ask,
    "search": _search,
    "read_passage": _read_passage,
    "list_documents": _list_documents,
    "status": _status,
}
"""Tool -> what it does."""
