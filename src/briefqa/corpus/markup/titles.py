"""The title of a page, without the name of its site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from briefqa.corpus.markup.visible import Block

_TAIL = re.compile(r"\s+[|\-–—·»:•]+\s+(?=\S)")
_SHORT = 10
_LONGEST = 300


def titles(
    page: HtmlElement, blocks: Sequence[Block], given: Sequence[tuple[str, str]], sites: set[str]
) -> list[tuple[str, str | None]]:
    """Candidates, best first, with where each stands; `given` are those that the page names for machines, `sites` the
    names of its site. The heading that the page's <title> starts with is its title without the site's name."""
    element = next((found for found in page.iter("title") if found.getparent().tag == "head"), None)
    whole = " ".join(element.text_content().split()) if element is not None else ""
    beginnings = [_plain(text) for text in (whole, *(value for _, value in given))]
    headings = [
        " ".join(block.text.split()) for block in blocks if block.element.tag == "h1" and len(block.text) < _LONGEST
    ]
    heading = next((text for text in headings if any(_starts(_plain(text), title) for title in beginnings)), None)
    return [
        ("its heading", heading),
        *((where, _without_site(value, sites)) for where, value in given),
        ("HTML title", _without_site(whole, sites)),
        ("its heading", headings[0] if len(headings) == 1 else None),
    ]


def _starts(heading: str, title: str) -> bool:
    return len(heading) > _SHORT and title.startswith(heading)


def _without_site(title: str, sites: set[str]) -> str:
    """A title without a tail that names its site."""
    known = {_plain(site) for site in sites} | {_plain(site.split(".")[0]) for site in sites}
    known.discard("")
    while tails := list(_TAIL.finditer(title)):
        tail = _plain(title[tails[-1].end() :])
        if not tail or not any(tail in site or site in tail for site in known):
            break
        title = title[: tails[-1].start()]
    return title


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
