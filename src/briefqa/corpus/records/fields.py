"""Which field of a record holds what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]

USUAL = {
    "text": ("text", "body", "content", "article", "maintext", "article_text", "full_text", "fulltext", "article_body",
             "articlebody", "body_text", "story"),
    "title": ("title", "headline"),
    "published": ("published", "date", "published_at", "date_published", "datepublished", "date_publish",
                  "publish_date", "published_date", "publication_date", "pubdate", "pub_date", "timestamp"),
    "updated": ("updated", "updated_at", "date_modified", "datemodified", "date_modify", "modified", "last_modified"),
    "authors": ("authors", "author", "byline"),
    "source": ("source", "publisher", "site", "outlet", "publication", "site_name", "source_domain"),
    "url": ("url", "link", "canonical_url"),
    "language": ("language", "lang"),
    "tags": ("tags", "keywords", "categories", "category", "section"),
    "id": ("id", "_id", "guid", "uuid", "article_id"),
}  # fmt: skip
"""Our names, and those tried for each, the likeliest first, in lower case with "_" for a space or a hyphen."""


class Fields:
    """How records name what an article has: `given` first ({"title": "head.line"}, a dot leading into an object), then
    what is usual."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def value(self, record: Record, name: str) -> tuple[str | None, Any]:
        """The field that holds `name` (of ours) in a record, and its value; the first that isn't empty. With every one
        empty the first that is there, and None, None if none is."""
        there: str | None = None
        plain = {_plain(key): key for key in reversed(list(record))}
        for candidate in self._candidates(name):
            found = candidate in record or _plain(candidate) in plain or _inside(record, candidate) is not None
            if not found:
                continue
            key = candidate if candidate in record else plain.get(_plain(candidate), candidate)
            value = record[key] if key in record else _inside(record, candidate)
            if value not in (None, "", [], {}) and not (isinstance(value, str) and not value.strip()):
                return key, value
            there = there or key
        return there, None

    def _candidates(self, name: str) -> tuple[str, ...]:
        given = self._given.get(name)
        return (given, *USUAL[name]) if given else USUAL[name]


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _inside(record: Record, path: str) -> Any:
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
