"""Dates as people write them: 21 November 2018, Nov 21, 2018, 21.11.2018, 21 de noviembre de 2018."""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefqa.corpus.metadata.vocabulary import DAY_FIRST, MONTHS, plain
from briefqa.dates import partial_date

_YEAR = r"(?:1[6-9]|20)\d\d"
_MONTH = r"[^\W\d_]{3,10}"
_DATE = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<iso>{_YEAR}([-/.])\d{{1,2}}\2\d{{1,2}})(?=T\d|(?![\w/.-])|[.](?!\d)|-(?!\w))
    | (?P<east>{_YEAR}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일])
    | (?P<figures>\d{{1,2}}([-/.])\d{{1,2}}\5{_YEAR})(?![\w/-])
    | (?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?(?:\s+|-)(?:of\s+|de\s+)?
        (?P<m1>{_MONTH})\.?(?:,?\s+|-)(?:del?\s+)?(?P<y1>{_YEAR})(?!\w|[-.]\d)
    | (?P<m2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+)(?P<y2>{_YEAR})(?!\w|[-.]\d)
    | (?<!\d\s)(?P<m3>{_MONTH})\.?,?\s+(?:de\s+)?(?P<y3>{_YEAR})(?!\w|[-.]\d)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_HALF_OF_DAY = re.compile(r",?\s+\d{1,2}:\d\d\s*[AP]\.?M\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text, with its span there; `date` is of ISO 8601 and may be partial."""

    start: int
    end: int
    date: str


def written_dates(text: str, language: str | None) -> list[WrittenDate]:
    """The dates in `text` that have a year, in their order. Of 03/04/2018 only the year counts, unless the figures, a
    dot between them or the text's language tell the day from the month."""
    found = []
    place = 0
    while match := _DATE.search(text, place):
        date = _date(match, language)
        if date is None:
            place = match.start() + 1
        else:
            found.append(WrittenDate(match.start(), match.end(), date))
            place = match.end()
    return found


def _date(match: re.Match[str], language: str | None) -> str | None:
    if text := match["iso"] or match["east"]:
        return _checked(*map(int, re.findall(r"\d+", text)))
    if match["figures"]:
        return _figures(match, language)
    for number in "123":
        if name := match[f"m{number}"]:
            month = MONTHS.get(plain(name))
            day = None if number == "3" else int(match[f"d{number}"])
            return _checked(int(match[f"y{number}"]), month, day) if month else None
    return None


def _figures(match: re.Match[str], language: str | None) -> str | None:
    first, second, year = map(int, re.findall(r"\d+", match["figures"]))
    if first == second or max(first, second) > 12:
        return _checked(year, min(first, second), max(first, second))
    dotted = "." in match["figures"] and not _HALF_OF_DAY.match(match.string, match.end())
    return _checked(year, second, first) if dotted or language in DAY_FIRST else str(year)


def _checked(year: int, month: int, day: int | None) -> str | None:
    return partial_date(f"{year}-{month:02}" if day is None else f"{year}-{month:02}-{day:02}")
