"""What a page says about itself for machines: JSON-LD of schema.org, and its <meta> elements."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

_ARTICLES = ("article", "posting", "report")
_MOST_OBJECTS = 10_000


def metas(page: HtmlElement) -> dict[str, list[str]]:
    """The contents of the page's <meta> elements by their lower-case name, property or itemprop."""
    found = defaultdict(list)
    for element in page.iter("meta"):
        content = " ".join(element.get("content", "").split())
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if name and content:
            found[name.strip().lower()].append(content)
    return found


def article_data(page: HtmlElement) -> dict[str, Any]:
    """The JSON-LD object that describes the page's article, or {}: the first article that is not part of another
    object, as a list of links is."""
    for script in page.iter("script"):
        if script.get("type", "").split(";")[0].strip().lower() == "application/ld+json":
            try:
                data = json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue
            for entry in _entries(data):
                if _is_article(entry):
                    return entry
    return {}


def names(value: Any) -> tuple[str, ...]:
    """The names in a JSON-LD value: of a person or an organisation, a text, or a list of these."""
    found = []
    for entry in value if isinstance(value, list) else [value]:
        name = entry.get("name") if isinstance(entry, dict) else entry
        if isinstance(name, list):
            name = next(iter(name), None)
        if isinstance(name, str) and name.strip():
            found.append(" ".join(unescape(name).split()))
    return tuple(dict.fromkeys(found))


def _entries(data: Any) -> Iterator[dict[str, Any]]:
    """Objects at the top, in a list, or in a @graph."""
    waiting = deque([data])
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        entry = waiting.popleft()
        if isinstance(entry, list):
            waiting += entry
        elif isinstance(entry, dict):
            yield entry
            if "@graph" in entry:
                waiting.append(entry["@graph"])


def _is_article(entry: dict[str, Any]) -> bool:
    kinds = entry.get("@type")
    listed: Iterable[Any] = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind.lower().endswith(_ARTICLES) for kind in listed)
