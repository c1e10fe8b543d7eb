"""Times reading a folder of articles, by processes, and looking whether it has changed since it was indexed.

    python benchmarks/loading.py [--files 20000] [--workers 0 1 2] [--checks 1000 10000 100000] [--json FILE]

The files are made from the texts in ../shared/datasets: each a pair of texts, one file in three Markdown, one HTML
where briefqa reads HTML, the rest plain text. Every figure is from a fresh process, with the files in the disk cache;
memory is the peak of the process that asks, and of the largest that reads. A check is of folders of 500 files, the
median of 5.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from html import escape
from itertools import cycle, islice
from pathlib import Path

from briefqa.corpus.formats import FORMATS
from briefqa.corpus.loading import Job
from briefqa.corpus.pool import load_all
from briefqa.corpus.scan import scan
from briefqa.index.freshness import count_changes
from briefqa.index.states import FileState, write_states
from briefqa.types import Source
from tables import table

DATASETS = Path("../shared/datasets")
A_FOLDER = 500


def main() -> None:
    """Make the files, start a process for each figure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--checks", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=2, metavar=("WORKERS", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        sys.stdout.write(json.dumps(measure(int(options.one[0]), Path(options.one[1]))))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "articles"
        make(folder, options.files, texts())
        loads = [_in_a_process(workers, folder) for workers in options.workers]
        checks = [check(Path(name) / str(count), count) for count in options.checks]
    print(table(list(loads[0]), [list(entry.values()) for entry in loads]))
    print()
    print(table(list(checks[0]), [list(entry.values()) for entry in checks]))
    if options.json:
        options.json.write_text(json.dumps({"loading": loads, "checking": checks}, indent=2) + "\n", encoding="utf-8")


def texts() -> list[tuple[str, str]]:
    """Title and text of every document of two datasets."""
    found = []
    for dataset in ("squad_mini", "scifact"):
        for line in (DATASETS / dataset / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append((str(row.get("title") or row["_id"]), str(row["text"])))
    return found


def make(folder: Path, count: int, documents: list[tuple[str, str]]) -> None:
    """Write `count` articles, no two alike."""
    suffixes = [".md", ".html" if ".html" in FORMATS else ".txt", ".txt"]
    for number, (title, text) in enumerate(islice(cycle(documents), count)):
        other = documents[(number * 7 + number // len(documents)) % len(documents)][1]
        suffix = suffixes[number % 3]
        place = folder / f"{number // A_FOLDER:04d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:06d}{suffix}").write_text(_article(suffix, title, [text, other]), encoding="utf-8")


def measure(workers: int, folder: Path) -> dict[str, object]:
    """Read the whole folder, here."""
    jobs = [Job(file, "articles") for file in scan([Source("articles", str(folder))]).files]
    began = time.perf_counter()
    outcomes = load_all(jobs, workers=workers)
    documents = failed = 0
    for outcome in outcomes:
        documents += len(outcome.documents)
        failed += outcome.reason is not None
    seconds = time.perf_counter() - began
    own, theirs = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "processes": workers,
        "files": len(jobs),
        "documents": documents,
        "failed": failed,
        "seconds": round(seconds, 2),
        "files/s": round(len(jobs) / seconds),
        "MB, asking": own,
        "MB, largest reading": theirs,
    }


def check(folder: Path, count: int) -> dict[str, object]:
    """Look whether `count` files are as they were."""
    articles = folder / "articles"
    for number in range(count):
        place = articles / f"{number // A_FOLDER:04d}"
        if not number % A_FOLDER:
            place.mkdir(parents=True)
        (place / f"{number:06d}.txt").write_text(f"Article {number}.\n", encoding="utf-8")
    sources = [Source("articles", str(articles))]
    files = scan(sources).files
    write_states(
        folder,
        (
            FileState(0, file.key, file.size, file.mtime_ns, "00" * 32, range(place, place + 1), ())
            for place, file in enumerate(files)
        ),
    )
    times = []
    for _ in range(5):
        began = time.perf_counter()
        found = count_changes(folder, sources, seconds=3600.0)
        times.append(time.perf_counter() - began)
        assert found is not None
        assert not found
    began = time.perf_counter()
    told = count_changes(folder, sources)
    return {
        "files": count,
        "whole check, ms": round(1000 * statistics.median(times), 1),
        "within the budget": "told" if told is not None else "not checked",
        "then takes, ms": round(1000 * (time.perf_counter() - began), 1),
    }


def _article(suffix: str, title: str, paragraphs: list[str]) -> str:
    if suffix == ".html":
        body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
        head = f"<head><title>{escape(title)}</title></head>"
        return f"<html>{head}<body><article><h1>{escape(title)}</h1>{body}</article></body></html>"
    body = "\n\n".join(paragraphs) + "\n"
    return f"---\ntitle: {json.dumps(title)}\n---\n\n{body}" if suffix == ".md" else f"{title}\n\n{body}"


def _in_a_process(workers: int, folder: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(workers), str(folder)], check=True, capture_output=True, text=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
