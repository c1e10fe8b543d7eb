"""What a filter costs: times of one index with filters that let more and more of it through.

    python benchmarks/filtering.py INDEX [--questions 50]

Each question is the words of a passage of the index, and its vector that passage's: no encoder is needed, and its time
is not counted. Filters are by date of publication, and the index must hold dates. Prints a Markdown table of
milliseconds: to select, once a filter; medians of the 201 nearest and the 201 best in words; and the same without a
filter. For the first three questions, what is found is held against all that is found without a filter: in words it
must be the same, and of the nearest it is told if any are missed, as short codes may miss some in a large index.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from briefqa.analysis import terms
from briefqa.dates import date_range
from briefqa.filters import Filter
from briefqa.index.reader import GenerationReader, open_generation

if TYPE_CHECKING:
    from briefqa.protocols import PassageStore, Vectors

SHARES = (0.001, 0.01, 0.1, 0.5, 0.9)
DEPTH = 201
ASKED_WORDS = 8
CHECKED = 3


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", type=int, default=50)
    options = parser.parse_args()
    reader = open_generation(options.index)
    numbers = reader.numbers()[:: max(1, len(reader) // options.questions)][: options.questions]
    vectors = reader.segments.vectors(numbers)
    asked = [terms(passage.text)[:ASKED_WORDS] for passage, _ in reader.passages(numbers)]
    dates = sorted(date_range(found.published)[0] for found in reader.documents() if found.published)
    if not dates:
        parser.error(f"no article of {options.index} has a date")
    print(
        f"{len(reader):,} passages\n\n| articles | share | select | nearest | words |\n| --- | --- | --- | --- | --- |"
    )
    print(_row("all", "1", None, reader, vectors, asked))
    for share in SHARES:
        wanted = Filter(since=dates[-max(1, int(share * len(dates)))].isoformat())
        began = time.perf_counter()
        store = reader.restricted(wanted)
        took = 1000.0 * (time.perf_counter() - began)
        _check(reader, store, vectors[:CHECKED], asked[:CHECKED], date.fromisoformat(wanted.since or ""))
        count = store.filtered.documents
        print(_row(f"{count:,}", f"{count / reader.manifest.documents:.3f}", took, store, vectors, asked))


def _row(
    name: str,
    share: str,
    selecting: float | None,
    store: PassageStore,
    vectors: Vectors,
    asked: Sequence[Sequence[str]],
) -> str:
    for vector in vectors[:2]:  # the first search maps files
        store.dense_top(vector, DEPTH)
    nearest = median(_milliseconds(partial(store.dense_top, vector, DEPTH)) for vector in vectors)
    words = median(_milliseconds(partial(store.lexical_top, words, DEPTH)) for words in asked)
    selected = "" if selecting is None else f"{selecting:.1f}"
    return f"| {name} | {share} | {selected} | {nearest:.2f} | {words:.2f} |"


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000.0 * (time.perf_counter() - began)


def _check(
    reader: GenerationReader, store: PassageStore, vectors: Vectors, asked: Sequence[Sequence[str]], since: date
) -> None:
    """Raise AssertionError unless the store finds in words what is left of all that the reader finds."""
    for words in asked:
        everything = reader.lexical_top(words, len(reader))
        days = reader.published([number for number, _ in everything])
        fits = [bool(day) and date_range(day or "")[0] >= since for day in days]
        left = [score for (_, score), fitting in zip(everything, fits, strict=True) if fitting][:DEPTH]
        found = [score for _, score in store.lexical_top(words, DEPTH)]
        if any(abs(one - other) > 1e-4 for one, other in zip(found, left, strict=True)):
            raise AssertionError(f"{words}: another ranking than by brute force")
    for vector in vectors:
        everything = reader.dense_top(vector, len(reader))
        days = reader.published([number for number, _ in everything])
        fits = [bool(day) and date_range(day or "")[0] >= since for day in days]
        left = [score for (_, score), fitting in zip(everything, fits, strict=True) if fitting][:DEPTH]
        found = [score for _, score in store.dense_top(vector, DEPTH)]
        # By scores, as which of equals are found is chance.
        share = sum(score >= left[-1] for score in found) / len(left)
        if share < 1.0:
            print(f"(nearest within the filter: {share:.3f} of those by brute force)")


if __name__ == "__main__":
    main()
