"""Title, authors, dates and the like of a page, each with where on the page it stands."""

from __future__ import annotations

import datetime
import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from briefqa.corpus.markup.structured import article_data, metas, names

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
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d/-])")
_COMPACT = re.compile(r"(\d{4})/?(\d{2})/?(\d{2})(?!\d)")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?:[/-]|$)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TAIL = re.compile(r"\s+[|\-–—·»:•]+\s+(?=\S)")
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
    put("title", _titles(page, blocks, described, metadata, {found.source or "", host}))
    put("language", _languages(page, described, metadata))
    dated = [(where, iso_date(value)) for where, value in _metas(metadata, _PUBLISHED)]
    put(
        "published",
        [
            (JSON_LD, iso_date(described.get("datePublished"))),
            *dated,
            *_times(page),
            ("its address", _dated_address(found.url)),
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


def iso_date(value: Any) -> str | None:
    """The day, month or year that starts an ISO date or time, as it is there; None for anything else."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if (iso := _ISO.match(text)) and iso[1] >= "1400":
        return _in_calendar(*filter(None, iso.groups()))
    compact = _COMPACT.match(text)
    return _in_calendar(*compact.groups()) if compact else None


def _in_calendar(year: str, month: str = "", day: str = "") -> str | None:
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part.zfill(2) for part in (year, month, day) if part)


def _dated_address(url: str | None) -> str | None:
    """The day in an address such as /2019/11/18/name or /2019/nov/18/name."""
    dated = _IN_ADDRESS.search(urlsplit(url).path.lower()) if url else None
    if dated is None:
        return None
    year, month, day = dated.groups()
    number = str(_MONTHS.index(month) + 1) if month in _MONTHS else month
    return _in_calendar(year, number, day) if number.isdigit() else None


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


def _titles(
    page: HtmlElement,
    blocks: Sequence[Block],
    described: dict[str, Any],
    metadata: dict[str, list[str]],
    sites: set[str],
) -> list[tuple[str, str | None]]:
    """The heading that the page's <title> starts with is its title without the site's name."""
    element = next((found for found in page.iter("title") if found.getparent().tag == "head"), None)
    whole = " ".join(element.text_content().split()) if element is not None else ""
    given = [*_metas(metadata, _TITLES)]
    headline = described.get("headline")
    if isinstance(headline, str):
        given.append((JSON_LD, " ".join(html.unescape(headline).split())))
    beginnings = tuple(_plain(text) for text in (whole, *(value for _, value in given)))
    headings = [block.text for block in blocks if block.element.tag == "h1" and len(block.text) < 300]
    heading = next((text for text in headings if any(_is_start(_plain(text), start) for start in beginnings)), None)
    return [
        ("its heading", " ".join(heading.split()) if heading else None),
        *((where, _without_site(value, sites)) for where, value in given),
        ("HTML title", _without_site(whole, sites)),
        ("its heading", " ".join(headings[0].split()) if len(headings) == 1 else None),
    ]


def _is_start(heading: str, title: str) -> bool:
    return len(heading) > 10 and title.startswith(heading)


def _without_site(title: str, sites: set[str]) -> str:
    """A title without a tail that names its site."""
    known = {_plain(site) for site in sites} | {_plain(site.split(".")[0]) for site in sites}
    known.discard("")
    while tails := list(_TAIL.finditer(title)):
        tail = _plain(title[tails[-1].end() :])
        if not tail or not any(tail in site or site in tail for site in known):
            break
        title = title[: tails[-1].start()]
    return title


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


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


def _times(page: HtmlElement) -> list[tuple[str, str | None]]:
    """<time> elements that say that they hold the day of publishing."""
    return [
        ("time element", iso_date(element.get("datetime") or element.get("content")))
        for element in page.iter("time", "span", "meta", "abbr")
        if element.get("itemprop") == "datePublished" or "pubdate" in element.attrib
    ]


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
