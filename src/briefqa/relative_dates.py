"""Dates that count from the day of writing: "on Wednesday", "last month", "two days ago", and which days they mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from briefqa.relative_words import grammar_of

if TYPE_CHECKING:
    from briefqa.relative_words import Grammar

_DAY = timedelta(days=1)
_FULL = len("2018-11-22")
_BEFORE = 40
_LONGEST_CLAUSE = 400
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)|\n\s*\n")


class RelativeDate(NamedTuple):
    """A date in a quote that counts from its article's, `quote[start:end] == text`, with the first and the last day
    that it means; both None where that can't be told."""

    text: str
    start: int
    end: int
    first: date | None
    last: date | None


def relative_dates(quote: str, published: str | None, language: str | None) -> tuple[RelativeDate, ...]:
    """The relative dates in `quote`, in their order; English, German and French, and English where `language` is None.

    They are counted from a full date of publication. A weekday is the nearest one at or before it, as in news, but
    unknown in a sentence of the future; a week is from Monday to Sunday.
    """
    grammar = grammar_of(language or "en")
    if grammar is None:
        return ()
    day = date.fromisoformat(published) if published and len(published) == _FULL else None
    found = []
    for match in grammar.pattern.finditer(quote):
        before = quote[max(0, match.start() - _BEFORE) : match.start()]
        if match["weekday"] and not match["how"] and not grammar.before_bare.search(before):
            continue
        days = None
        if day is not None:
            try:
                days = _days(match, grammar, day)
            except (OverflowError, ValueError):  # before the year 1
                days = None
        found.append(RelativeDate(match[0], match.start(), match.end(), *(days or (None, None))))
    return tuple(found)


def _days(match: re.Match[str], grammar: Grammar, day: date) -> tuple[date, date] | None:
    if phrase := match["day"]:
        there = day + grammar.days[_plain(phrase)] * _DAY
        return there, there
    if name := match["weekday"]:
        how = grammar.directions.get(_plain(match["how"] or match["after"] or ""), "on")
        future = _is_of_the_future(match, grammar)
        return _weekday(day, grammar.weekdays[_plain(name)], how, future=future)
    if unit := match["unit"]:
        shift = grammar.shifts[_plain(match["which"] or match["behind"])]
        days = _period(day, grammar.units[_plain(unit)], shift)
        part = grammar.parts.get(_plain(match["part"] or ""))
        if days is None or part is None:
            return days
        return ((days[0], day) if part == "earlier" else (day, days[1])) if shift == 0 else None
    number = grammar.numbers.get(_plain(match["count"])) or int(match["count"])
    return _period(day, grammar.units[_plain(match["of"])], -number)


def _weekday(day: date, weekday: int, how: str, *, future: bool) -> tuple[date, date] | None:
    """The nearest such day: at or before for "on", strictly before for "last", strictly after for "next"."""
    if how == "unknown" or (how == "on" and future):
        return None
    back = (day.weekday() - weekday) % 7
    if how == "last":
        back = back or 7
    there = day + (7 - back) * _DAY if how == "next" else day - back * _DAY
    return there, there


def _period(day: date, unit: str, shift: int) -> tuple[date, date] | None:
    if unit == "day":
        return day + shift * _DAY, day + shift * _DAY
    if unit == "week":
        monday = day + (7 * shift - day.weekday()) * _DAY
        return monday, monday + 6 * _DAY
    if unit == "weekend":
        return _weekend(day, shift)
    if unit == "month":
        months = 12 * day.year + day.month - 1 + shift
        year, month = months // 12, months % 12 + 1
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(day.year + shift, 1, 1), date(day.year + shift, 12, 31)


def _weekend(day: date, shift: int) -> tuple[date, date] | None:
    """The last that was over, or the one that `day` is of; of any other, people differ on which they mean."""
    into = day.weekday() - 5
    if shift > 0 or (shift == 0 and into < 0):
        return None
    saturday = day - (into if shift == 0 else day.weekday() + 2) * _DAY
    return saturday, saturday + _DAY


def _is_of_the_future(match: re.Match[str], grammar: Grammar) -> bool:
    before = match.string[max(0, match.start() - _LONGEST_CLAUSE) : match.start()]
    after = match.string[match.end() : match.end() + _LONGEST_CLAUSE]
    *_, before = _SENTENCE_END.split(before)
    after = _SENTENCE_END.split(after, maxsplit=1)[0]
    return bool(grammar.future.search(f"{before}{match[0]}{after}"))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())
