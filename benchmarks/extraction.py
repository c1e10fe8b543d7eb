"""How well the article of a web page is told from the rest: ours beside trafilatura's settings.

    python benchmarks/extraction.py FOLDER [--json FILE] [--worst 10]

FOLDER is a copy of scrapinghub/article-extraction-benchmark, with `pages.jsonl` (`_id`, `url`, `html` the path of a
gzipped page, `text` the article as people marked it). The measure is that benchmark's: of the runs of four words of
the extracted text, counted with their repetitions, the share that stand in the article (precision), and of the
article's the share that was extracted (recall); F1 is made of the means over all pages. Rules were chosen on the pages
with an even number; those with an odd one confirm them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from briefqa.corpus.article import LoadOptions
from briefqa.corpus.loaders.web import load_html
from tables import table

RUN = 4
RESAMPLES = 5_000
SEED = 0

Extract = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page, its address, and its article."""

    url: str
    html: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Scored:
    """Of one page, from 0 to 1; None where there is nothing to count."""

    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float:
        """Of this page alone."""
        return f1(self.precision or 0.0, self.recall or 0.0)


def runs(text: str) -> Counter[tuple[str, ...]]:
    """The runs of RUN words of a text with how often each stands in it; of a shorter text the whole."""
    words = re.findall(r"\w+", text)
    if not words:
        return Counter()
    return Counter(tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)))


def score(gold: str, extracted: str) -> Scored:
    """Precision and recall of what was extracted from a page whose article is `gold`."""
    wanted, got = runs(gold), runs(extracted)
    right = (wanted & got).total()
    return Scored(right / got.total() if got else None, right / wanted.total() if wanted else None)


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def overall(scores: Sequence[Scored]) -> tuple[float, float, float]:
    """Mean precision and recall over the pages that have one, and the F1 of these means."""
    precision, recall = (_mean([getattr(entry, name) for entry in scores]) for name in ("precision", "recall"))
    return precision, recall, f1(precision, recall)


def interval(scores: Sequence[Scored], *, resamples: int = RESAMPLES) -> tuple[float, float]:
    """The 95% percentile bootstrap interval of F1 over pages."""
    generator = np.random.default_rng(SEED)
    values = [
        overall([scores[number] for number in generator.integers(0, len(scores), len(scores))])[2]
        for _ in range(resamples)
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def read_pages(folder: Path) -> list[Page]:
    """The pages of a copy of the benchmark."""
    with (folder / "pages.jsonl").open(encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    return [
        Page(entry["url"], gzip.decompress((folder / entry["html"]).read_bytes()), entry["text"]) for entry in entries
    ]


def ours(html: bytes, *, clean: bool = True) -> str:
    """The text that briefqa quotes; nothing of a page that it refuses."""
    try:
        return "\n".join(article.text for article in load_html(html, LoadOptions("page.html", clean=clean)))
    except ValueError:
        return ""


def alternatives() -> dict[str, Extract]:
    """What is compared, by name."""
    import trafilatura

    def by_trafilatura(**settings: Any) -> Extract:
        return lambda html: trafilatura.extract(html, **settings) or ""

    return {
        "briefqa": ours,
        "briefqa, not cleaned": lambda html: ours(html, clean=False),
        "trafilatura": by_trafilatura(),
        "trafilatura, no comments": by_trafilatura(include_comments=False),
        "trafilatura, no comments, fast": by_trafilatura(include_comments=False, fast=True),
        "trafilatura, no comments, precision": by_trafilatura(include_comments=False, favor_precision=True),
        "trafilatura, no comments, recall": by_trafilatura(include_comments=False, favor_recall=True),
    }


def measured(pages: Sequence[Page], extract: Extract) -> list[Scored]:
    """Each page's scores."""
    return [score(page.text, extract(page.html)) for page in pages]


def main() -> None:
    """Prints the table and the pages that are worst."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--worst", type=int, default=10)
    given = parser.parse_args()
    pages = read_pages(given.folder)
    rows, kept = [], {}
    for name, extract in alternatives().items():
        print(name, file=sys.stderr)
        scores = measured(pages, extract)
        precision, recall, value = overall(scores)
        low, high = interval(scores)
        even, odd = (overall(scores[start::2])[2] for start in (0, 1))
        rows.append(
            [
                name,
                f"{precision:.3f}",
                f"{recall:.3f}",
                f"{value:.3f} [{low:.3f}, {high:.3f}]",
                f"{even:.3f}",
                f"{odd:.3f}",
            ]
        )
        kept[name] = {
            "precision": precision, "recall": recall, "f1": value, "interval": [low, high], "even": even, "odd": odd,
        }  # fmt: skip
        if name == "briefqa":
            worst = sorted(zip(scores, pages, strict=True), key=lambda entry: entry[0].f1)[: given.worst]
    print(table(["what extracts", "precision", "recall", "F1", "F1 even", "F1 odd"], rows))
    print()
    print(
        table(
            ["worst pages", "precision", "recall"],
            [[page.url[:100], _shown(entry.precision), _shown(entry.recall)] for entry, page in worst],
        )
    )
    if given.json:
        given.json.write_text(json.dumps({"pages": len(pages), "systems": kept}, indent=1) + "\n", encoding="utf-8")


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
