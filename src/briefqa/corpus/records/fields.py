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
        self._keys: tuple[str, ...] = ()  # of the record before: most have the same
        self._holders: dict[str, list[str]] = {}  # the fields of such a record that may hold what we name so

    def value(self, record: Record, name: str) -> tuple[str | None, Any]:
        """The field that holds `name` (of ours) in a record, and its value; the first that isn't empty. With every one
        empty the first that is there, and None, None if none is."""
        keys = tuple(record)
        if keys != self._keys:
            self._keys = keys
            self._holders = {}
        holders = self._holders.get(name)
        if holders is None:
            holders = self._holders[name] = self._holders_of(name)
        there: str | None = None
        for holder in holders:
            value = record[holder] if holder in record else _inside(record, holder)
            if value not in (None, "", [], {}) and not (isinstance(value, str) and not value.strip()):
                return holder, value
            if there is None and holder in record:
                there = holder
        return there, None

    def _holders_of(self, name: str) -> list[str]:
        plain = {_plain(key): key for key in reversed(self._keys)}
        given = self._given.get(name)
        candidates = (given, *USUAL[name]) if given else USUAL[name]
        found = (key if key in self._keys else plain.get(_plain(key)) for key in candidates)
        holders = [given] if given and "." in given and given not in self._keys else []
        return [*holders, *filter(None, found)]


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _inside(record: Record, path: str) -> Any:
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
