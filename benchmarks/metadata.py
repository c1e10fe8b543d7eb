"""How often the dates found in articles' texts are right: those of saved pages against the pages' own metadata.

    python benchmarks/metadata.py ARTICLE_EXTRACTION

The folder is that of the article extraction benchmark of Scrapinghub: pages.jsonl and the pages. Each page is made
plain text, a line for each block, as if all of it were pasted, and once more from its headline on. The reference is the
page's JSON-LD or Open Graph date of publication, else the date in its address, else what htmldate finds. Pages show
the day of their place and name that of UTC, so a day apart is counted on its own.
"""

from __future__ import annotations

import argparse
import calendar
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from briefqa.corpus.article import Article
from briefqa.corpus.metadata.describing import describe
from briefqa.dates import date_range, partial_date
from tables import table

BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "button", "center", "dd", "details", "div", "dl"),
        *("dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hr", "html", "li", "main", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
DROPPED = frozenset({"head", "iframe", "noscript", "script", "style", "svg", "template"})
STATED = re.compile(r'(?:"datePublished"\s*:\s*|article:published_time"[^>]*content=)"([^"]+)"')
IN_ADDRESS = re.compile(r"/(20\d\d)[/-]?(\d\d|[a-z]{3})[/-]?(\d\d)(?!\d)")
MONTHS = {name.lower(): f"{number:02}" for number, name in enumerate(calendar.month_abbr)}


def flattened(element: Any) -> Iterator[str]:
    """The text of an element of lxml, with newlines around blocks."""
    if not isinstance(element.tag, str) or element.tag in DROPPED:
        return
    edge = "\n" if element.tag in BLOCKS else ""
    yield edge + re.sub(r"\s+", " ", element.text or "")
    for child in element:
        yield from flattened(child)
        yield re.sub(r"\s+", " ", child.tail or "")
    yield edge


def reference(page: str, address: str) -> tuple[str | None, str]:
    """The page's date of publication, and where it stands."""
    from htmldate import find_date

    for text in STATED.findall(page):
        stated = partial_date(text)
        if stated and stated > "0002":
            return stated, "stated"
    if match := IN_ADDRESS.search(address):
        return partial_date(f"{match[1]}-{MONTHS.get(match[2], match[2])}-{match[3]}"), "address"
    return find_date(page, original_date=True), "htmldate"


def outcome(found: str | None, expected: str | None) -> str:
    """What became of a page."""
    if found is None:
        return "none found"
    if expected is None:
        return "no reference"
    first, last = date_range(found)
    days = date.fromisoformat(expected)
    if first <= days <= last:
        return "same day" if first == last else "right in part"
    return "a day apart" if first == last and abs((first - days).days) == 1 else "wrong"


def main() -> None:
    """Prints the table and every page that is wrong."""
    from lxml import html

    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    counts: dict[str, Counter[str]] = {"whole page": Counter(), "from the headline on": Counter()}
    for line in (folder / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        page = gzip.decompress((folder / record["html"]).read_bytes()).decode("utf-8", "replace")
        root = html.fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
        lines = [" ".join(text.split()) for text in "".join(flattened(root)).split("\n") if text.strip()]
        headings = [" ".join(heading.text_content().split()) for heading in root.iter("h1")]
        title = max((heading for heading in headings if heading in lines), key=len, default=None)
        expected, place = reference(page, record["url"])
        for name, kept in (
            ("whole page", lines),
            ("from the headline on", lines[lines.index(title) :] if title else []),
        ):
            found = describe(Article(text="\n".join(kept), title=title)).published
            became = outcome(found, expected)
            counts[name][became] += 1
            if became == "wrong":
                print(f"{name}: found {found}, {place} {expected}: {record['url']}")
    names = ["same day", "a day apart", "right in part", "wrong", "no reference", "none found"]
    print(
        table(
            ["text", *names], [[name, *(str(counted[became]) for became in names)] for name, counted in counts.items()]
        )
    )


if __name__ == "__main__":
    main()
