"""Measures what cleaning leaves of web pages that are flattened to plain text, as if pasted from a browser.

    python benchmarks/cleaning.py ARTICLE_EXTRACTION [--half even|odd|all] [--curve] [--json FILE]

ARTICLE_EXTRACTION is the folder with pages.jsonl (the gold text of each page, and the name of its HTML). Rules were
chosen on even pages; two general guards were added after the worst odd pages had been seen. A page is compared with its
gold text as in scrapinghub's article-extraction-benchmark: by multisets of runs of four words; F1 is of the mean
precision and the mean recall. Clutter is the words of the flattened page that are not the gold text's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from briefqa.corpus.article import Article
from briefqa.corpus.cleaning import region
from briefqa.corpus.cleaning.cleaning import clean
from flattening import flatten
from tables import shown, summary, table

RUN = 4
MOST_WORDS = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 120.0)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Page:
    """A page's number in the set, its text as pasted, and its article."""

    number: int
    pasted: str
    gold: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Of a page, each from 0 to 1: precision and recall before and after cleaning, the share of the article's runs that
    were there before and still are, and the share of the clutter that is gone."""

    precision_before: float
    recall_before: float
    precision: float
    recall: float
    kept: float
    clutter_gone: float


def pages(folder: Path, half: str) -> Iterator[Page]:
    """The pages of a half of the set, or of all of it."""
    with (folder / "pages.jsonl").open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            if half == "all" or half == ("odd" if number % 2 else "even"):
                row = json.loads(line)
                yield Page(number, flatten(gzip.decompress((folder / row["html"]).read_bytes())), row["text"])


def measure(page: Page) -> Measured:
    """The page before and after cleaning."""
    cleaned = clean(Article(page.pasted)).text
    gold, before, after = runs(page.gold), runs(page.pasted), runs(cleaned)
    held, still = (gold & before).total(), (gold & after).total()
    article = Counter(_WORD.findall(page.gold))
    clutter = (Counter(_WORD.findall(page.pasted)) - article).total()
    left = (Counter(_WORD.findall(cleaned)) - article).total()
    return Measured(
        precision_before=_share(held, before.total()),
        recall_before=_share(held, gold.total()),
        precision=_share(still, after.total()),
        recall=_share(still, gold.total()),
        kept=_share(min(still, held), held),
        clutter_gone=_share(clutter - left, clutter),
    )


def runs(text: str) -> Counter[tuple[str, ...]]:
    """How often each run of four words stands in `text`; of a text of fewer, that of all its words."""
    words = _WORD.findall(text)
    if len(words) < RUN:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(RUN)), strict=False))


def f1(precision: float, recall: float) -> float:
    """Their harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def report(measured: Sequence[Measured]) -> dict[str, Any]:
    """The means over the pages, with bootstrap intervals, and the F1 of those."""
    means = {name.name: summary([getattr(page, name.name) for page in measured]) for name in fields(Measured)}
    means["F1 before"] = {"value": f1(means["precision_before"]["value"], means["recall_before"]["value"])}
    means["F1"] = {"value": f1(means["precision"]["value"], means["recall"]["value"])}
    return means


def curve(found: Sequence[Page]) -> list[tuple[float, dict[str, Any]]]:
    """The report at each of MOST_WORDS, the weight of an article's paragraph against what is around it."""
    chosen = region.MOST_WORDS
    reports = []
    try:
        for region.MOST_WORDS in MOST_WORDS:
            reports.append((region.MOST_WORDS, report([measure(page) for page in found])))
    finally:
        region.MOST_WORDS = chosen
    return reports


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def main() -> None:
    """Prints tables; writes the measurements page by page where they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = list(pages(given.folder, given.half))
    measured = [measure(page) for page in found]
    print(table(["measure", f"{given.half}, {len(found)} pages"], _rows(report(measured))))
    if given.curve:
        heads = ["words of a paragraph that count", "F1", "recall", "clutter gone"]
        rows = [
            [f"{most:g}", *(shown(means[name]) for name in ("F1", "recall", "clutter_gone"))]
            for most, means in curve(found)
        ]
        print(f"\n{table(heads, rows)}")
    if given.json:
        entries = [{"page": page.number, **asdict(entry)} for page, entry in zip(found, measured, strict=True)]
        given.json.write_text(json.dumps({"half": given.half, "pages": entries}, indent=1) + "\n", encoding="utf-8")


def _rows(means: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), shown(entry)) for name, entry in means.items()]


if __name__ == "__main__":
    main()
