"""What a framework's retriever is given: texts with their score and, flat, what briefqa's JSON says of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from briefqa import api
from briefqa.api import Index
from briefqa.errors import UsageError
from briefqa.fragments import quote_link
from briefqa.rendering.jsonout import answer_json, hits_json

if TYPE_CHECKING:
    from pathlib import Path

    from briefqa.filters import Filter

Kind = Literal["passages", "quotes"]
_OF_DOCUMENT = ("path", "title", "source", "authors", "published", "updated", "url", "language", "tags", "collection")
_OF_TEXT = ("passage_id", "start", "end", "lines", "page")


class Retrieved(NamedTuple):
    """A passage, or a quote of an answer, with what to cite it by."""

    id: str
    text: str
    score: float
    metadata: dict[str, Any]


class Retrieving:
    """What retrieves from an opened index, or from the one in a folder, which is followed to newer generations. Raises
    IndexMissing, IndexDamaged or IndexMismatch."""

    def __init__(self, index: Index | str | Path) -> None:
        self._follows = not isinstance(index, Index)
        self._index = index if isinstance(index, Index) else api.open(index)

    def __call__(self, question: str, *, k: int, kind: Kind, filter: Filter | None) -> list[Retrieved]:
        """At most `k` passages by rank, or quotes by marker: none of these where nothing answers the question. Raises
        UsageError for a question, `k` or `kind` that can't be used."""
        _check(k, kind)
        if self._follows:
            self._index.renew()
        return (
            _passages(self._index, question, k, filter)
            if kind == "passages"
            else _quotes(self._index, question, k, filter)
        )


def _check(k: int, kind: Kind) -> None:
    if k < 1:
        raise UsageError(f"k is {k}; it must be 1 or more.")
    if kind not in get_args(Kind):
        raise UsageError(f"kind is {kind!r}; it must be {' or '.join(get_args(Kind))}.")


def _passages(index: Index, question: str, k: int, filter: Filter | None) -> list[Retrieved]:
    hits = index.search(question, top_k=k, filter=filter)
    entries = hits_json(hits)["hits"]
    links = [quote_link(hit.document, hit.passage.text) for hit in hits.hits]
    return [
        _retrieved(entry, entry["text"], entry["rank"], entry["score"], link)
        for entry, link in zip(entries, links, strict=True)
    ]


def _quotes(index: Index, question: str, k: int, filter: Filter | None) -> list[Retrieved]:
    answer = answer_json(index.ask(question, filter=filter))
    sure = answer["confidence"]
    return [
        _retrieved(entry, entry["quote"], entry["marker"], sure, entry["link"]) for entry in answer["citations"][:k]
    ]


def _retrieved(entry: dict[str, Any], text: str, marker: int, score: float, link: str | None) -> Retrieved:
    document = entry["document"]
    metadata = {
        "marker": marker,
        "score": score,
        **{name: entry[name] for name in _OF_TEXT},
        "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        "link": link,
        "document_id": document["id"],
        **{name: document[name] for name in _OF_DOCUMENT},
    }
    return Retrieved(f"{entry['passage_id']}-{entry['start']}-{entry['end']}", text, score, metadata)
