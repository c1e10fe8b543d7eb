"""Title, authors, dates and the like of a page, each with where on the page it stands."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from briefqa.corpus.markup.dates import date_in_address, iso_date, published_times
from briefqa.corpus.markup.structured import article_data, metas, names
from briefqa.corpus.markup.titles import titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

    from briefqa.corpus.markup.visible import Block

MOST_TAGS = 20
JSON_LD = "JSON-LD"

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article:published",
    "parsely-pub-date", "sailthru.date", "publication_date", "publish-date", "publishdate", "pubdate", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "dc.date", "dcterms.date", "citation_publication_date", "date",
)  # fmt: skip
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "lastmod")
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title")
_SOURCES = ("og:site_name", "application-name", "dc.publisher", "citation_journal_title")
_AUTHORS = ("author", "parsely-author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "byl")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+?)\s*-->", re.IGNORECASE)
_HEAD = 4096


@dataclass(slots=True)
class Properties:
    """What a page says about itself, as in corpus.article.Article, and `found_in` for each field."""

    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    found_in: dict[str, str] = field(default_factory=dict)


def saved_from(page: str) -> str | None:
    """The address that a browser wrote at the top of a page that it saved."""
    mark = _SAVED_FROM.search(page, 0, _HEAD)
    return mark[1] if mark else None


def properties_of(page: HtmlElement, blocks: Sequence[Block], address: str | None = None) -> Properties:
    """What the page says about itself; `address` is where it was loaded from, if that is known."""
    described, metadata = article_data(page), metas(page)
    address = _absolute(address or "", None)
    found = Properties()

    def put(name: str, candidates: Iterable[tuple[str, Any]]) -> None:
        for where, value in candidates:
            if value:
                setattr(found, name, value)
                found.found_in[name] = where
                return

    put("url", _addresses(page, described, metadata, address))
    host = (urlsplit(found.url).hostname or "").removeprefix("www.") if found.url else ""
    put(
        "source",
        [*_metas(metadata, _SOURCES), (JSON_LD, _first(names(described.get("publisher")))), ("its address", host)],
    )
    given = [*_metas(metadata, _TITLES)]
    if isinstance(headline := described.get("headline"), str):
        given.append((JSON_LD, " ".join(html.unescape(headline).split())))
    put("title", titles(page, blocks, given, {found.source or "", host}))
    put("language", _languages(page, described, metadata))
    dated = [(where, iso_date(value)) for where, value in _metas(metadata, _PUBLISHED)]
    put(
        "published",
        [
            (JSON_LD, iso_date(described.get("datePublished"))),
            *dated,
            *published_times(page),
            ("its address", date_in_address(found.url)),
        ],
    )
    put(
        "updated",
        [
            (JSON_LD, iso_date(described.get("dateModified"))),
            *((where, iso_date(value)) for where, value in _metas(metadata, _UPDATED)),
        ],
    )
    put("authors", _authors(described, metadata))
    keywords = described.get("keywords")
    put(
        "tags",
        [
            ("meta article:tag", _tags(metadata.get("article:tag", []))),
            ("meta news_keywords", _tags(metadata.get("news_keywords", []))),
            ("meta keywords", _tags(metadata.get("keywords", []))),
            (JSON_LD, _tags([entry for entry in _listed(keywords) if isinstance(entry, str)])),
        ],
    )
    return found


def _metas(metadata: dict[str, list[str]], wanted: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"meta {name}", value) for name in wanted for value in metadata.get(name, [])[:1]]


def _addresses(
    page: HtmlElement, described: dict[str, Any], metadata: dict[str, list[str]], address: str | None
) -> list[tuple[str, str | None]]:
    """Canonical addresses first; one that is only the site's front page is none of an article."""
    canonical = next((link.get("href") for link in page.iter("link") if link.get("rel", "").lower() == "canonical"), "")
    entity = described.get("mainEntityOfPage")
    entity = entity.get("@id") if isinstance(entity, dict) else entity
    candidates = [
        ("link canonical", canonical),
        *_metas(metadata, ("og:url",)),
        (JSON_LD, described.get("url")),
        (JSON_LD, entity),
    ]
    found = [
        (where, _absolute(value, address)) for where, value in candidates if isinstance(value, str) and value.strip()
    ]
    return [*((where, value) for where, value in found if value and _has_path(value)), ("where it was saved", address)]


def _absolute(value: str, address: str | None) -> str | None:
    try:
        url = urljoin(address or "", value.strip())
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _has_path(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def _languages(
    page: HtmlElement, described: dict[str, Any], metadata: dict[str, list[str]]
) -> list[tuple[str, str | None]]:
    candidates = [
        ("html lang", page.get("lang") or page.get("xml:lang")),
        (JSON_LD, described.get("inLanguage")),
        *_metas(metadata, ("og:locale", "content-language", "dc.language", "language")),
    ]
    return [(where, language_code(value)) for where, value in candidates]


def language_code(value: Any) -> str | None:
    """The ISO 639-1 code in a language tag, as "en-GB"; None for what has none."""
    code = re.match(r"\s*([A-Za-z]{2})(?![A-Za-z])", value) if isinstance(value, str) else None
    return code[1].lower() if code else None


def _authors(described: dict[str, Any], metadata: dict[str, list[str]]) -> list[tuple[str, tuple[str, ...]]]:
    listed = [
        (f"meta {name}", tuple(dict.fromkeys(map(_person, filter(is_name, metadata.get(name, []))))))
        for name in _AUTHORS
    ]
    return [(JSON_LD, tuple(filter(is_name, names(described.get("author"))))), *listed]


def _person(text: str) -> str:
    return re.sub(r"\A[Bb][Yy] ", "", text)


def is_name(text: str) -> bool:
    """Whether a text may be the name of an author: no address, not long, with letters."""
    return "://" not in text and "@" not in text and len(text) <= 100 and any(map(str.isalpha, text))


def _tags(values: Iterable[str]) -> tuple[str, ...]:
    tags = {
        tag.casefold(): tag
        for value in values
        for entry in re.split("[,;]", html.unescape(value))
        if (tag := " ".join(entry.split()))
    }
    return tuple(tags.values())[:MOST_TAGS]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _first(values: Sequence[str]) -> str | None:
    return values[0] if values else None
