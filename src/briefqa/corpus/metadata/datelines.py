"""Lines that date an article: "Published: 3 May 2024", "Nov. 21, 2018 at 5:03 pm", "Brussels, 21 November 2018 -"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from briefqa.corpus.metadata.vocabulary import AGENCIES, BESIDE, MONTHS, PUBLISHED, UPDATED, longest_first, plain
from briefqa.corpus.metadata.written_dates import WrittenDate, written_dates

if TYPE_CHECKING:
    from briefqa.corpus.metadata.lines import Line

_LONGEST = 160
_LABEL = re.compile(
    rf"(?<!\w)(?:(?P<updated>{longest_first(UPDATED)})|(?P<published>{longest_first(PUBLISHED)}))(?!\w)", re.IGNORECASE
)
# What may stand beside a date in a line that does nothing but date: a time with its zone, counts, and such words.
_BESIDE_A_DATE = re.compile(
    r"(?<!\w)(?:"
    r"T?\d{1,2}(?:[:.h]\d{2}){1,2}(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?"
    r"|[+-]\d{1,2}(?::?\d\d)?|\d+\s*(?:comments?|kommentare?|comentarios?|comentários?|views?)"
    r"|\d+\s*(?:min(?:ute)?s?(?:\s+read)?|hours?\s+ago|days?\s+ago)"
    rf"|{BESIDE})(?!\w)",
    re.IGNORECASE,
)
_MOST_NAMES = 9
_MOST_UNCASED = 3
_NOT_OF_THIS = re.compile(
    r"©|\(c\)|copyright|@\w+\)|(?<!\w)(?:source|photo|image|picture|credit|foto|bild|quelle)s?\s*:", re.IGNORECASE
)
_AFTER_A_DATELINE = re.compile(r"[.,]?\s*(?P<agency>[(/][^()/]{2,40}[)/][.,]?)?\s*(?P<dash>[-–—]{1,2})?\s*(?=\S)")
_AGENCY = re.compile(
    r"(?P<before>[^()/\n]{0,60}?)\s*"
    r"(?:\((?P<round>[^\W\d_][^()/]{1,38})\)\s*[-–—]|/(?P<slashed>[^\W\d_][^()/]{1,38})/[. ])"
)
_MONTH_AND_DAY = re.compile(
    rf"(?:(?:{'|'.join(sorted(MONTHS))})\.?\s+\d{{1,2}}|\d{{1,2}}\.?\s+(?:{'|'.join(sorted(MONTHS))}))(?!\w)", re.I
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that a line gives the article, with the line's number. `kind` tells a line that says "published" or
    "updated" from the beginning of a report (a dateline) and a date that stands alone."""

    date: str
    kind: Literal["published", "updated", "dateline", "alone"]
    line: int


def dates_of(line: Line, language: str | None) -> list[Dated]:
    """The dates that `line` gives its article. A date in running text is none of them."""
    dates = written_dates(line.text, language)
    if not dates or _NOT_OF_THIS.search(line.text) or (line.goes_on and line.text[0].islower()):
        return []
    if line.place in ("beside", "far") and not line.listed and _is_dateline(line.text, dates):
        return [Dated(dates[0].date, "dateline", line.number)]
    if len(line.text) > _LONGEST or not _does_nothing_but_date(line.text, dates):
        return []
    found: list[Dated] = []
    place = 0
    for date in dates:
        labels = list(_LABEL.finditer(line.text, place, date.start))
        if labels:
            found.append(Dated(date.date, "updated" if labels[-1]["updated"] else "published", line.number))
        elif _may_stand_alone(line, date) and date is dates[0]:
            found.append(Dated(date.date, "alone", line.number))
        place = date.end
    if sum(dated.kind == "alone" for dated in found) != len(dates) - sum(dated.kind != "alone" for dated in found):
        return [dated for dated in found if dated.kind != "alone"]
    return found


def agency_of(line: Line) -> str | None:
    """The agency that a dateline names: Reuters in "LONDON (Reuters) - Shares rose". Without a day before it, only one
    of the large ones is told from an abbreviation that is explained."""
    match = _AGENCY.match(line.text)
    if match is None or line.listed or line.place not in ("beside", "far"):
        return None
    agency = (match["round"] or match["slashed"]).strip()
    before = match["before"].strip(" ,.")
    dated = _MONTH_AND_DAY.search(plain(before)) or written_dates(before, None)
    known = agency.casefold().split()[0] in AGENCIES
    return agency if _are_names(before) and (known or (dated and _are_names(agency))) else None


def _is_dateline(text: str, dates: list[WrittenDate]) -> bool:
    """Whether a place stands before the first date, and an agency or a dash before the report that follows."""
    before = text[: dates[0].start].strip(" ,.")
    after = _AFTER_A_DATELINE.match(text, dates[0].end)
    if not before or not after or not (after["agency"] or after["dash"]):
        return False
    return _are_names(before) and all(date.start > after.end() for date in dates[1:])


def _are_names(text: str) -> bool:
    words = re.findall(r"[^\W_][\w.'’-]*", text)
    return len(words) <= _MOST_NAMES and not any(word[0].islower() for word in words if plain(word) not in MONTHS)


def _does_nothing_but_date(text: str, dates: list[WrittenDate]) -> bool:
    """Whether nothing but names, times and such stands beside the dates."""
    pieces = []
    place = 0
    for date in dates:
        pieces.append(text[place : date.start])
        place = date.end
    rest = _BESIDE_A_DATE.sub(" ", _LABEL.sub(" ", " | ".join([*pieces, text[place:]])))
    words = re.findall(r"[^\W_][\w.'’-]*", re.sub(r"@\w+", " ", rest))
    uncased = sum(word[0].isalpha() and word[0].lower() == word[0].upper() for word in words)
    return _are_names(" ".join(words)) and uncased <= _MOST_UNCASED


def _may_stand_alone(line: Line, date: WrittenDate) -> bool:
    """Whether a date without a label may be the article's: a day near the headline; no end of a sentence, no item of a
    list."""
    if line.listed or line.place not in ("beside", "above") or re.search(r"\w{3}\.$", line.text):
        return False
    if len(date.date) == len("2018-11"):
        return date.end - date.start == len(line.text)
    return True
