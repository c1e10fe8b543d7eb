"""The lines of an article that may speak of it: those at its top, around its headline, and at its end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from briefqa.addresses import line_at

if TYPE_CHECKING:
    from briefqa.corpus.article import Article

_BESIDE = 10
_FAR = 20
_ABOVE = 3
_END = 15
_LONGEST = 1000
_MARKS = "*_> \t"
_NO_PROSE = re.compile(r"(?:[-–—•+]|\|.*\||\d+[.)]\s|#)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without Markdown's emphasis: its number as `Article.line_map` counts, and how near it stands to the
    article's top. `listed`: it is an item of a list, a row of a table or a heading, so that a date or name standing
    there alone says nothing of the article. `goes_on`: the line above may be of the same paragraph."""

    text: str
    number: int
    place: Literal["beside", "far", "above", "end"]
    listed: bool
    goes_on: bool


def speaking_lines(article: Article) -> list[Line]:
    """Its lines that may speak of it, the likeliest first: those below its headline or, without one in the text, at the
    top; the few above a headline; and the last ones. The headline itself is not among them."""
    lines = _filled(article.text)
    wanted = _flat(article.title or "").lstrip("# ")
    headlines = [place for place, (_, text) in enumerate(lines) if wanted and _flat(text).lstrip("# ") == wanted]
    places: dict[int, Literal["beside", "far", "above", "end"]] = {}
    for headline in headlines or [-1]:
        places |= dict.fromkeys(range(headline + 1, headline + 1 + _BESIDE), "beside")
    for headline in headlines or [-1]:
        for place in range(headline + 1 + _BESIDE, headline + 1 + _FAR):
            places.setdefault(place, "far")
        for place in range(headline - 1, headline - 1 - _ABOVE, -1):
            places.setdefault(place, "above")
    for place in range(len(lines) - 1, len(lines) - 1 - _END, -1):
        places.setdefault(place, "end")
    return [
        Line(
            text=text.strip(_MARKS)[:_LONGEST],
            number=line_at(article.text, article.line_map, offset),
            place=where,
            listed=bool(_NO_PROSE.match(text)),
            goes_on=place - 1 not in headlines and _goes_on(article.text, offset),
        )
        for place, where in places.items()
        if 0 <= place < len(lines) and place not in headlines
        for offset, text in [lines[place]]
        if text.strip(_MARKS)
    ]


def _filled(text: str) -> list[tuple[int, str]]:
    """The lines that are not blank, each with the offset of its beginning."""
    lines = []
    offset = 0
    for line in text.split("\n"):
        if stripped := line.strip():
            lines.append((offset, stripped))
        offset += len(line) + 1
    return lines


def _goes_on(text: str, offset: int) -> bool:
    above = text[text.rfind("\n", 0, max(0, offset - 1)) + 1 : max(0, offset - 1)].rstrip()
    return bool(above) and above[-1] not in '.!?:…”"'


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()
