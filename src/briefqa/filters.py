"""Which articles a question may be answered from: a filter by date, source, path, tag and language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import translate
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from briefqa.dates import date_range, partial_date
from briefqa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LAST = re.compile(r"(\d{1,5})([dwmy])", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
# "**/" stands for any folders or none, which fnmatch does not know; it leaves this character as it is.
_FOLDERS = "\ue000"
_DATE = "a date such as 2022-01-31, 2022-01 or 2022"
_SPAN = "a number of days, weeks, months or years, such as 90d, 12w, 6m or 1y"


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must be: of each kind that is given, one of the values.

    `since` and `before` are dates of ISO 8601, perhaps known in part: 2022-01 is its first day, and what is published
    on it is since, and not before it. `sources` are publishers (of articles that name none, authors), or hosts of the
    articles' addresses; `paths` are globs for the path as it is shown or below the folder of articles, in which * goes
    across folders, and a folder stands for all in it; `languages` are codes of ISO 639-1. Upper and lower case differ
    in paths alone.

    Raises UsageError for values that can't be used.
    """

    since: str | None = None
    before: str | None = None
    sources: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("since", "before"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, str) and partial_date(value) == value):
                raise _unfit(name, value, _DATE)
        for name in ("sources", "paths", "tags", "languages", "collections"):
            if isinstance(getattr(self, name), str):
                raise UsageError(f"The {name} of a filter are several texts, as in {name}=('a',), and no single one.")
            if not all(value.strip() for value in getattr(self, name)):
                raise UsageError(f"One of the {name} of the filter is empty. Name one, or leave it out.")
        for value in self.languages:
            if not _LANGUAGE.fullmatch(value.lower()):
                raise _unfit("language", value, "a code such as de or fr")
        if self.since and self.before and _first(self.since) >= _first(self.before):
            raise UsageError(
                f"No date is since {self.since} and before {self.before}. Give an earlier date, as in: --since"
                " 2022-01 --before 2023"
            )

    @property
    def dated(self) -> bool:
        """Whether it asks for a date."""
        return bool(self.since or self.before)

    def accepts_date(self, published: str | None) -> bool | None:
        """Whether all days that the date can mean fit; None where it can't be told, as some do, or none is known."""
        if not self.dated:
            return True
        try:
            first, last = date_range(published or "")
        except ValueError:
            return None
        since = _first(self.since) if self.since else date.min
        before = _first(self.before) if self.before else None
        if last < since or (before and first >= before):
            return False
        return True if first >= since and (before is None or last < before) else None

    def accepts_source(self, publisher: str | None, url: str | None, authors: Sequence[str] = ()) -> bool:
        """Whether the publisher, or where none is known an author, or the host of the address is one of the sources."""
        wanted = {source.casefold().removeprefix("www.") for source in self.sources}
        names = [publisher] if publisher else authors
        return not wanted or not wanted.isdisjoint({*(name.casefold() for name in names), _host(url or "")})

    def accepts_path(self, *paths: str) -> bool:
        """Whether one of an article's paths fits one of the globs."""
        return not self.paths or any(_glob(glob).fullmatch(_plain(path)) for glob in self.paths for path in paths)

    def accepts_tags(self, tags: Sequence[str]) -> bool:
        """Whether one of an article's tags is one of these."""
        wanted = {tag.casefold() for tag in self.tags}
        return not wanted or not wanted.isdisjoint(tag.casefold() for tag in tags)

    def accepts_language(self, language: str | None) -> bool:
        """Whether the language is one of these."""
        return not self.languages or (language or "").lower() in {wanted.lower() for wanted in self.languages}

    def accepts_collection(self, collection: str | None) -> bool:
        """Whether the collection is one of these."""
        return not self.collections or collection in self.collections

    def __str__(self) -> str:
        """In words, as in "since 2022-01, source a or b"."""
        several = {
            "source": self.sources,
            "path": self.paths,
            "tag": self.tags,
            "language": self.languages,
            "collection": self.collections,
        }
        parts = [f"{name} {value}" for name, value in (("since", self.since), ("before", self.before)) if value]
        parts += [f"{name} {' or '.join(values)}" for name, values in several.items() if values]
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Filtered:
    """What a filter left of an index: how many articles fit, and how many were left out for want of a date, or of one
    full enough to tell, though all else about them fits."""

    filter: Filter
    documents: int
    undated: int

    def note(self, total: int) -> str:
        """What to tell of it to whoever asked an index of so many articles."""
        fit = "fits" if self.documents == 1 else "fit"
        told = (
            f"{self.documents:,} of {total:,} articles {fit} the filter ({self.filter})."
            if self.documents
            else f"No article fits the filter ({self.filter})."
        )
        if not self.undated:
            return told
        without = "1 article" if self.undated == 1 else f"{self.undated:,} articles"
        return f"{told} {without} without a date, or without one full enough to tell, {_were(self.undated)} left out."


def make_filter(
    *,
    since: str | None = None,
    before: str | None = None,
    last: str | None = None,
    sources: Sequence[str] = (),
    paths: Sequence[str] = (),
    tags: Sequence[str] = (),
    languages: Sequence[str] = (),
    collections: Sequence[str] = (),
    today: date | None = None,
) -> Filter | None:
    """The filter that is asked for; None without anything. `last` is a time up to `today`, as 90d, 12w, 6m or 1y, and
    the later of it and `since` counts. Raises UsageError for values that can't be used."""
    if last is not None:
        begun = _ago(last, today or date.today())
        if since is None or (partial_date(since) == since and _first(since) < begun):
            since = begun.isoformat()
    several = [_once(values) for values in (sources, paths, tags, languages, collections)]
    asked = since is not None or before is not None or any(several)
    return Filter(since, before, *several) if asked else None


def _ago(last: str, today: date) -> date:
    found = _LAST.fullmatch(last.strip().lower())
    if found is None or not int(found[1]):
        raise _unfit("last", last, _SPAN)
    number, unit = int(found[1]), found[2]
    try:
        if unit in "dw":
            return today - timedelta(days=number * (7 if unit == "w" else 1))
        months = 12 * today.year + today.month - 1 - number * (12 if unit == "y" else 1)
        month = f"{months // 12:04}-{months % 12 + 1:02}"
        # From the 31st of a month to one without: its last day.
        return min(date_range(month)[0] + timedelta(days=today.day - 1), date_range(month)[1])
    except (ValueError, OverflowError):
        raise _unfit("last", last, _SPAN) from None


def _once(values: Sequence[str]) -> tuple[str, ...]:
    if isinstance(values, str):  # whose letters would be taken for values
        raise UsageError(f"{values!r} is one text where several are asked for: put it in a list.")
    return tuple(dict.fromkeys(values))


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


@cache
def _first(partial: str) -> date:
    return date_range(partial)[0]


def _unfit(name: str, value: str, expected: str) -> UsageError:
    return UsageError(f"{name} is {value!r}; it must be {expected}.")


@cache
def _glob(glob: str) -> re.Pattern[str]:
    plain = _plain(glob).rstrip("/") or "/"
    whole = translate(plain.replace("**/", _FOLDERS)).replace(_FOLDERS, "(?:.*/)?")
    # A folder, or a file of several articles, stands for all in it.
    below = translate(f"{plain}[/#]*".replace("**/", _FOLDERS)).replace(_FOLDERS, "(?:.*/)?")
    return re.compile(f"{whole}|{below}")


def _plain(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
