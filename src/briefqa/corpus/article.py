"""What a loader finds in a file: articles, each with what it says about itself and where each part of it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from briefqa.addresses import FROM_THE_TOP, Map

if TYPE_CHECKING:
    from briefqa.types import Cut, LinesOf, Span


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What a loader is told: the file's `name`, for what its content does not say; whether to leave out what is no part
    of the article; and which field of a record holds what, as {"title": "headline"}."""

    name: str = ""
    clean: bool = True
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a file, `part` of it: "" for a file of one article, else a name that no other part has.

    `found_in` says for a field ("published") where its value comes from ("front matter"). `cuts` are what is left out
    of `text`, `warnings` sentences for the user.
    """

    text: str
    part: str = ""
    line_map: Map = FROM_THE_TOP
    page_map: Map = ()
    lines_of: LinesOf = "file"
    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    found_in: dict[str, str] = field(default_factory=dict)
    cuts: tuple[Cut, ...] = ()
    warnings: tuple[str, ...] = ()


Loader = Callable[[bytes, LoadOptions], list[Article]]
"""A format's loader. Raises ValueError, with a reason that goes on after "it ...", for bytes that give no article."""


def keep(article: Article, spans: Sequence[Span], cuts: Sequence[Cut]) -> Article:
    """`article` with only the `spans` of its text, which rise and do not touch, and `cuts` added to what was left out.
    Every line and page stays what it was."""
    pieces: list[str] = []
    lines: list[tuple[int, int]] = []
    pages: list[tuple[int, int]] = []
    offset = 0
    for start, end in spans:
        pieces.append(article.text[start:end])
        lines += _moved(article.line_map, article.text, start, end, offset, counting=True)
        pages += _moved(article.page_map, article.text, start, end, offset, counting=False)
        offset += end - start
    return replace(
        article,
        text="".join(pieces),
        line_map=tuple(lines),
        page_map=tuple(pages),
        cuts=(*article.cuts, *cuts),
    )


def _moved(mapped: Map, text: str, start: int, end: int, offset: int, *, counting: bool) -> list[tuple[int, int]]:
    """The entries of a map that hold for a span, as they hold when the span starts at `offset`."""
    if not mapped:
        return []
    place = max(0, bisect_right(mapped, start, key=lambda entry: entry[0]) - 1)
    first, number = mapped[place]
    if counting:
        number += text.count("\n", first, start)
    inside = [(offset + at - start, value) for at, value in mapped[place + 1 :] if at < end]
    return [(offset, number), *inside]
