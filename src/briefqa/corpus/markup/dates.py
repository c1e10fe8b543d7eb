"""Days, months and years in what a page says for machines, and in its address."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d/-])")
_COMPACT = re.compile(r"(\d{4})/?(\d{2})/?(\d{2})(?!\d)")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?:[/-]|$)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


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


def date_in_address(url: str | None) -> str | None:
    """The day in an address such as /2019/11/18/name or /2019/nov/18/name."""
    dated = _IN_ADDRESS.search(urlsplit(url).path.lower()) if url else None
    if dated is None:
        return None
    year, month, day = dated.groups()
    number = str(_MONTHS.index(month) + 1) if month in _MONTHS else month
    return _in_calendar(year, number, day) if number.isdigit() else None


def published_times(page: HtmlElement) -> list[tuple[str, str | None]]:
    """<time> elements that say that they hold the day of publishing."""
    return [
        ("time element", iso_date(element.get("datetime") or element.get("content")))
        for element in page.iter("time", "span", "meta", "abbr")
        if element.get("itemprop") == "datePublished" or "pubdate" in element.attrib
    ]
