"""Authors and date that a page does not say for machines, as trafilatura and htmldate find them in its classes.

Such a finder is wrong now and then: it takes a date of the sidebar, or a word after "by". Here a guess only counts
if it can be read beside the article's beginning, so what is unknown mostly stays so.
"""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from typing import TYPE_CHECKING

from trafilatura.metadata import extract_metadata

from briefqa.corpus.markup.dates import iso_date
from briefqa.corpus.markup.main_text import is_large
from briefqa.corpus.markup.properties import is_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from briefqa.corpus.markup.properties import Properties
    from briefqa.corpus.markup.visible import Block

MARKUP = "its byline"

_BEFORE, _AFTER = 12, 4
_LINE_WORDS = 30
_CALENDAR = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october"
    r"|november|december|\d+)\b",
    re.IGNORECASE,
)

for _library in ("trafilatura", "htmldate", "courlan"):
    logging.getLogger(_library).addHandler(logging.NullHandler())


def add_guesses(found: Properties, page: HtmlElement, blocks: Sequence[Block], start: int) -> None:
    """Puts authors and day of publishing into `found` where it has none; the article starts at block `start`."""
    if (found.authors and found.published) or is_large(page):
        return
    try:
        guess = extract_metadata(
            deepcopy(page), found.url, {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}
        )
    except Exception:  # a guess is not worth the page
        return
    around = blocks[max(0, start - _BEFORE) : start + _AFTER]
    lines = [block.text for block in around if len(block.text.split()) <= _LINE_WORDS]
    published = iso_date(guess.date)
    if not found.published and published and any(_tells(line, published) for line in lines):
        found.published, found.found_in["published"] = published, MARKUP
    names = (name.strip() for name in (guess.author or "").split(";"))
    authors = tuple(name for name in names if is_name(name) and _is_told(name, lines))
    if not found.authors and authors:
        found.authors, found.found_in["authors"] = authors, MARKUP


def _tells(line: str, date: str) -> bool:
    """Whether a line has the year and the day of a date."""
    year, _, day = date.split("-")
    numbers = [int(number) for number in re.findall(r"\d+", line)[:20]]
    return int(year) in numbers and int(day) in numbers


def _is_told(name: str, lines: Sequence[str]) -> bool:
    return not _CALENDAR.search(name) and any(name.casefold() in line.casefold() for line in lines)
