"""Fills in what an article's file does not state as metadata, from the article's own lines and its file's name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from briefqa.corpus.metadata.bylines import authors_of
from briefqa.corpus.metadata.datelines import agency_of, dates_of
from briefqa.corpus.metadata.lines import speaking_lines
from briefqa.corpus.metadata.origins import address_of, source_of
from briefqa.dates import partial_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.corpus.article import Article
    from briefqa.corpus.metadata.datelines import Dated
    from briefqa.corpus.metadata.lines import Line

Found = dict[str, tuple[Any, str]]
_IN_NAME = re.compile(r"(?:(\d{4})-(\d\d)(?:-(\d\d))?|(\d{4})(\d\d)(\d\d))(?![\w])", re.ASCII)
_MOST_LONE_DATES = 2


def describe(article: Article, *, name: str = "") -> Article:
    """`article` with what is None in it filled in as far as its lines, or the file's `name`, tell it; `found_in` says
    which: "dateline, line 3". Nothing is cut from the text, and what is known stays."""
    found: Found = {}
    if article.language is None and (language := _language(article.text)):
        found["language"] = language, "text"
    told = article.language or (found["language"][0] if "language" in found else None)
    lines = speaking_lines(article)
    found |= _dates(lines, told)
    for line in reversed(lines):  # the likeliest last, so that it stays
        if authors := authors_of(line, told):
            found["authors"] = authors, f"byline, line {line.number}"
        if source := source_of(line):
            found["source"] = source, f"source line, line {line.number}"
    if "source" not in found:
        found |= _agency(lines)
    found |= _address(lines)
    if "published" not in found and (date := _date_of_name(name)):
        found["published"] = date, "file name"
    missing = {field: value for field, value in found.items() if not getattr(article, field)}
    if not missing:
        return article
    values = {field: value for field, (value, _) in missing.items()}
    return replace(article, **values, found_in=article.found_in | {field: at for field, (_, at) in missing.items()})


def _language(text: str) -> str | None:
    from briefqa.corpus.metadata.language import language_of  # noqa: PLC0415 - loads a model

    return language_of(text)


def _dates(lines: Sequence[Line], language: str | None) -> Found:
    """The dates of publication and of the last change. A date that says which it is comes first, then a dateline, then
    one that stands alone, unless so many do that it is a chronology."""
    dates = [dated for line in lines for dated in dates_of(line, language)]
    alone = {dated.date for dated in dates if dated.kind == "alone"}
    found: Found = {}
    for kind in ("published", "dateline", "alone"):
        if kind != "alone" or len(alone) <= _MOST_LONE_DATES:
            for dated in (dated for dated in dates if dated.kind == kind):
                found.setdefault("published", (dated.date, _place(dated)))
    for dated in (dated for dated in dates if dated.kind == "updated"):
        found.setdefault("updated", (dated.date, _place(dated)))
    if len(found) == 2 and found["updated"][0] < found["published"][0]:
        del found["updated"]
    return found


def _place(dated: Dated) -> str:
    return f"{'dateline' if dated.kind == 'dateline' else 'date line'}, line {dated.line}"


def _agency(lines: Sequence[Line]) -> Found:
    for line in lines:
        if agency := agency_of(line):
            return {"source": (agency, f"dateline, line {line.number}")}
    return {}


def _address(lines: Sequence[Line]) -> Found:
    """The address that stands on a line of its own; none of several, which are references."""
    found = {address: line.number for line in lines if (address := address_of(line))}
    if len(found) != 1:
        return {}
    address, number = found.popitem()
    return {"url": (address, f"line {number}")}


def _date_of_name(name: str) -> str | None:
    """The date that a file's name begins with: 2022-05-14-title.md, 20220514_title.md, 2022-05-title.md."""
    match = _IN_NAME.match(name.replace("_", " "))
    return partial_date("-".join(part for part in match.groups() if part)) if match else None
