"""Which blocks of a page are its article.

trafilatura (Barbaresi, 2021) finds the article; its text is aligned with the page's own blocks, which are what is
kept. To these come paragraphs and quotes that stand among the article's and that it missed, and from them go links
that lead elsewhere, the headings over those, and the title. `benchmarks/extraction.py` measures each step.
"""

from __future__ import annotations

import logging
from collections import Counter
from copy import deepcopy
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import trafilatura

from briefqa.corpus.markup.alignment import aligned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from briefqa.corpus.markup.visible import Block

MOST_ELEMENTS = 50_000
"""Of a larger page, as a log, trafilatura would take minutes to find the article."""

_PARAGRAPH_WORDS = 15
_ALIKE = 3
"""Paragraphs of the article that must stand the way another does for that to be one, too."""
_MOST_ELEMENTS_OF_A_WAY = 30
_LINK = 0.8
_SHORT_TITLE = 15
_SENTENCE_WORDS = 20
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "”", '"', "'")
_OUTSIDE = frozenset(("aside", "footer", "nav"))

# It warns of pages that give nothing; here that is told in words.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())


class Parts(NamedTuple):
    """Numbers of a page's blocks: `article`, and `title` for those that only repeat its title. `told` is false where
    the article could not be told from the rest: then it is all of the page but menus and the like."""

    article: frozenset[int]
    title: frozenset[int]
    told: bool


def parts_of(page: HtmlElement, blocks: Sequence[Block], title: str | None) -> Parts:
    """The parts of a page with these blocks, whose title is `title`."""
    found = aligned([block.text for block in blocks], _extracted(page))
    told = bool(found)
    if not told:
        found = {number for number, block in enumerate(blocks) if not _within(block, _OUTSIDE)} or set(
            range(len(blocks))
        )
    else:
        found |= _missed_paragraphs(blocks, found)
        found |= _missed_quotes(blocks, found)
    headlines = _headlines(blocks, found, title)
    article = {number for number in found - headlines if not _leads_elsewhere(blocks[number])}
    article -= _bare_headings(blocks, article)
    if not article:
        return Parts(frozenset(found), frozenset(), told)
    return Parts(frozenset(article), frozenset(headlines), told)


def is_large(page: HtmlElement) -> bool:
    """Whether a page has over MOST_ELEMENTS elements."""
    return sum(1 for _ in islice(page.iter(), MOST_ELEMENTS + 1)) > MOST_ELEMENTS


def _extracted(page: HtmlElement) -> list[str]:
    """The lines of what trafilatura takes for the article; nothing for a page that it can't read."""
    if is_large(page):
        return []
    try:
        text = trafilatura.extract(deepcopy(page), fast=True, include_comments=False, include_tables=True)
    except Exception:  # whatever a strange page leads it into, the page has text
        return []
    return (text or "").splitlines()


def _missed_paragraphs(blocks: Sequence[Block], found: set[int]) -> set[int]:
    """Paragraphs that stand in the same elements, by name and class, as several of the article's: some pages hold
    their article in pieces. Not beyond another title, nor in another <article>: there the next story starts."""
    ways = Counter(_way(blocks[number]) for number in found if _is_paragraph(blocks[number]))
    known = {way for way, count in ways.items() if count >= _ALIKE}
    if not known:
        return set()
    stories = {_story(blocks[number]) for number in found}
    missed = set()
    for number in range(min(found), len(blocks)):
        block = blocks[number]
        if block.element.tag == "h1" and number > max(found):
            break
        if number not in found and _is_paragraph(block) and _story(block) in stories and _way(block) in known:
            missed.add(number)
    return missed


def _missed_quotes(blocks: Sequence[Block], found: set[int]) -> set[int]:
    """Block quotes, as of a post, between the article's paragraphs."""
    holders = Counter(blocks[number].element.getparent() for number in found if blocks[number].element.tag == "p")
    missed = set()
    for number, block in enumerate(blocks):
        quote = next(block.element.iterancestors("blockquote"), None) if number not in found else None
        if block.element.tag == "blockquote" and number not in found:
            quote = block.element
        if quote is not None:
            holder = quote.getparent()
            above = holder.getparent() if holder is not None else None
            if holders[holder] >= 2 or (above is not None and holders[above] >= 2):
                missed.add(number)
    return missed


def _headlines(blocks: Sequence[Block], found: set[int], title: str | None) -> set[int]:
    """The blocks before the article's first paragraph that tell its title."""
    headlines = set[int]()
    whole = _letters(title or "")
    if not whole:
        return headlines
    for number in sorted(found):
        block = blocks[number]
        told = _letters(block.text)
        alike = block.kind == "heading" and len(told) > _SHORT_TITLE and (told in whole or whole in told)
        if told and (told == whole or alike):
            headlines.add(number)
        elif block.kind == "paragraph" and len(block.text.split()) >= _PARAGRAPH_WORDS:
            break
    return headlines


def _leads_elsewhere(block: Block) -> bool:
    """Whether a block is a link and little else, and no sentence that happens to be one."""
    if block.kind == "row" or block.linked < _LINK:
        return False
    return len(block.text.split()) < _SENTENCE_WORDS or not block.text.endswith(_SENTENCE_ENDS)


def _bare_headings(blocks: Sequence[Block], article: set[int]) -> set[int]:
    """Headings with nothing of the article below them, up to the next heading of their rank or a higher one."""
    bare = set[int]()
    for number in sorted(article, reverse=True):
        if blocks[number].kind != "heading":
            continue
        below = number + 1
        while below < len(blocks) and not _ends_section(blocks[below], blocks[number]):
            if below in article and below not in bare:
                break
            below += 1
        else:
            bare.add(number)
    return bare


def _ends_section(block: Block, heading: Block) -> bool:
    return block.kind == "heading" and block.element.tag <= heading.element.tag


def _is_paragraph(block: Block) -> bool:
    return block.element.tag == "p" and block.linked < 0.5 and len(block.text.split()) >= _PARAGRAPH_WORDS


def _way(block: Block) -> tuple[tuple[str, str | None], ...]:
    elements = islice(block.element.iterancestors(), _MOST_ELEMENTS_OF_A_WAY)
    return tuple((element.tag, element.get("class")) for element in (block.element, *elements))


def _story(block: Block) -> HtmlElement | None:
    return next(block.element.iterancestors("article"), None)


def _within(block: Block, tags: frozenset[str]) -> bool:
    return block.element.tag in tags or any(element.tag in tags for element in block.element.iterancestors())


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
