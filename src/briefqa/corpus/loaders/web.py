"""Saved web pages: the article on the page, and what the page says about it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.markup.guesses import add_guesses
from briefqa.corpus.markup.main_text import parts_of
from briefqa.corpus.markup.parsing import decode_page, parse
from briefqa.corpus.markup.properties import properties_of, saved_from
from briefqa.corpus.markup.visible import blocks_of, text_of
from briefqa.types import Cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.corpus.markup.main_text import Parts
    from briefqa.corpus.markup.visible import Block

NOT_THE_ARTICLE = "not part of the article"
THE_TITLE = "the title, which is kept as such"
MOST_CUTS = 200
MOST_CUT_CHARACTERS = 20_000


def load_html(data: bytes, options: LoadOptions) -> list[Article]:
    """A page of HTML or XHTML. Raises ValueError for what is no text or shows none."""
    return [page_article(data, options)]


def page_article(
    data: bytes, options: LoadOptions, *, charset: str | None = None, address: str | None = None
) -> Article:
    """The article of a page, which came from `address` and is said to be in `charset`, if that is known; the whole of
    the page's visible text where it is not to be cleaned. Raises ValueError as `load_html`."""
    page, doubts = decode_page(data, charset)
    tree, warnings = parse(page)
    blocks = blocks_of(tree)
    if not blocks:
        raise ValueError(
            "it is HTML without any text" if not warnings else "its elements are nested too deep to be read"
        )
    found = properties_of(tree, blocks, address or saved_from(page))
    parts = parts_of(tree, blocks, found.title)
    add_guesses(found, tree, blocks, min(parts.article | parts.title))
    if options.clean and not parts.told:
        warnings += ("its article can't be told from the rest of the page, so all of its text is kept",)
    kept = [block for number, block in enumerate(blocks) if not options.clean or number in parts.article]
    return Article(
        text=text_of(kept),
        lines_of="text",
        title=found.title,
        source=found.source,
        authors=found.authors,
        published=found.published,
        updated=found.updated,
        url=found.url,
        language=found.language,
        tags=found.tags,
        found_in=found.found_in,
        cuts=_cuts(blocks, parts) if options.clean else (),
        warnings=(*doubts, *warnings),
    )


def _cuts(blocks: Sequence[Block], parts: Parts) -> tuple[Cut, ...]:
    """Runs of blocks that are left out, up to a bound: a page may hold a thousand links."""
    cuts: list[Cut] = []
    room = MOST_CUT_CHARACTERS

    def reason(number: int) -> str | None:
        if number in parts.article:
            return None
        return THE_TITLE if number in parts.title else NOT_THE_ARTICLE

    for why, numbers in groupby(range(len(blocks)), reason):
        if why is None:
            continue
        text = text_of(blocks[number] for number in numbers)
        room -= len(text)
        if room < 0 or len(cuts) == MOST_CUTS:
            break
        cuts.append(Cut(text, why, None))
    return tuple(cuts)
