"""Dates of ISO 8601 that may be known in part: 2018-11-22, 2018-11 or 2018."""

from __future__ import annotations

import calendar
import re
from datetime import date

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ]\s*\d{1,2}:\d{2}.*", re.ASCII)


def partial_date(text: str) -> str | None:
    """The date that an ISO 8601 date or time states, as written there; None for all else, and for a day or a month
    that the calendar does not have. A time zone is not counted with: the day is the writer's."""
    text = text.strip()
    if time := _WITH_TIME.fullmatch(text):
        text = time[1]
    try:
        date_range(text)
    except ValueError:
        return None
    return text


def date_range(partial: str) -> tuple[date, date]:
    """The first and the last day that a date known in part can mean; the same for a full one. Raises ValueError for
    what is no such date."""
    parts = _PARTIAL.fullmatch(partial)
    if parts is None:
        raise ValueError(f"{partial[:40]!r} is not of the form 2018-11-22, 2018-11 or 2018")
    year = int(parts[1])
    if parts[2] is None:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(parts[2])
    if parts[3] is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    day = date(year, month, int(parts[3]))
    return day, day
