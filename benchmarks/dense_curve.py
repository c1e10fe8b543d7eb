"""How well and how fast dense indexes of several kinds find the nearest passages, against their bytes and the number of
passages: what the choice in briefqa/index/dense.py rests on.

    python benchmarks/dense_curve.py INDEX... --questions QUERIES.jsonl... [--sizes 10000,100000] [--json FILE]

Passages' vectors are made from those of the indexes (neighbours.py); questions are the "text" entries of the files,
encoded by the first index's encoder. All kinds answer each question in turn before the next one is asked, so that a
busy machine slows them alike and none finds its data in the processor's cache; each time is a median, in milliseconds.
Recall is against exact search of the float32 vectors. `cold` is a fresh process, its imports but numpy's included, up
to the first answer, with the files in the system's cache.

A kind that ends in "+rows" chooses 1,600 passages (or 8 for each of k), which are scored by their int8 rows. The bytes
of these are counted with it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from briefqa.index.reader import open_generation
from dense_kinds import BLOCK, OURS, K, kinds
from neighbours import neighbours, spread
from tables import table

if TYPE_CHECKING:
    from briefqa.protocols import Vectors

RANKS = (10, 200)
COLD = """
import sys, time, numpy as np
question = np.load(sys.argv[2])
began = time.perf_counter()
if sys.argv[3] == "faiss":
    import faiss
    faiss.read_index(sys.argv[1] + "/dense.faiss", faiss.IO_FLAG_MMAP_IFC).search(question[None], 201)
else:
    from pathlib import Path
    from briefqa.index.dense import DenseIndex
    DenseIndex(Path(sys.argv[1])).top(question, 201)
print(time.perf_counter() - began)
"""


def exact(vectors: Vectors, questions: Vectors, k: int = K) -> list[list[int]]:
    """The numbers of the k nearest to each question, best first, by brute force."""
    scores, numbers = np.empty((len(questions), 0), np.float32), np.empty((len(questions), 0), np.int64)
    for start in range(0, len(vectors), BLOCK):
        block = questions @ vectors[start : start + BLOCK].T
        scores = np.concatenate([scores, block], axis=1)
        numbers = np.concatenate([numbers, np.tile(np.arange(start, start + block.shape[1]), (len(questions), 1))], 1)
        kept = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        scores, numbers = np.take_along_axis(scores, kept, 1), np.take_along_axis(numbers, kept, 1)
    return [[int(number) for number in row] for row in numbers]


def recall(found: Sequence[Sequence[int]], expected: Sequence[Sequence[int]], rank: int) -> float:
    """The mean share of the first `rank` expected that are among the first `rank` found."""
    return statistics.mean(
        len(set(mine[:rank]) & set(theirs[:rank])) / min(rank, len(theirs))
        for mine, theirs in zip(found, expected, strict=True)
    )


def measure(vectors: Vectors, questions: Vectors, folder: Path, *, runs: int = 5) -> list[dict[str, Any]]:
    """The figures of every kind, of as many vectors as are given."""
    expected, built = exact(vectors, questions), list(kinds(vectors, folder))
    found: dict[str, list[Sequence[int]]] = {kind.name: [] for kind in built}
    spent: dict[tuple[str, int], list[float]] = {(kind.name, threads): [] for kind in built for threads in (1, 2)}
    for threads in (1, 2):
        faiss.omp_set_num_threads(threads)
        for question in questions:
            for kind in built:
                began = time.perf_counter()
                numbers = kind.find(question)
                spent[kind.name, threads].append(time.perf_counter() - began)
                if threads == 1:
                    found[kind.name].append(numbers)
    cold = _cold(questions[0], folder, runs)
    return [
        {
            "passages": len(vectors),
            "kind": kind.name,
            "bytes": kind.size,
            "build_seconds": kind.seconds,
            "milliseconds": {threads: 1000 * statistics.median(spent[kind.name, threads]) for threads in (1, 2)},
            "recall": {rank: recall(found[kind.name], expected, rank) for rank in RANKS},
            "cold_milliseconds": cold.get(kind.name),
        }
        for kind in built
    ]


def _cold(question: Vectors, folder: Path, runs: int) -> dict[str, float]:
    """By kind: from a fresh process's start, less that of Python and numpy, to its first answer."""
    np.save(folder / "question.npy", question)
    commands = {f"briefqa {name}": (name, "briefqa") for name in OURS} | {"FAISS flat, mapped": ("flat", "faiss")}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, (place, by) in commands.items():
            command = [sys.executable, "-c", COLD, str(folder / place), str(folder / "question.npy"), by]
            seconds[name].append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    return {name: 1000 * statistics.median(values) for name, values in seconds.items()}


def markdown(figures: Sequence[dict[str, Any]]) -> str:
    """The figures as a table."""
    heads = ["passages", "kind", "bytes", "build s", "ms, 1 thread", "ms, 2", "recall@10", "recall@200", "cold ms"]
    rows = [
        [
            f"{entry['passages']:,}",
            entry["kind"],
            f"{entry['bytes']:,.0f}",
            f"{entry['build_seconds']:.1f}",
            *(f"{value:.2f}" for value in entry["milliseconds"].values()),
            *(f"{value:.3f}" for value in entry["recall"].values()),
            "" if entry["cold_milliseconds"] is None else f"{entry['cold_milliseconds']:.0f}",
        ]
        for entry in figures
    ]
    return table(heads, rows)


def main() -> None:
    """Make the vectors, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("indexes", nargs="+", type=Path)
    parser.add_argument("--questions", nargs="+", type=Path, required=True)
    parser.add_argument("--each", type=int, default=200, help="questions of each file")
    parser.add_argument("--sizes", default="10000,50000,100000,1000000")
    parser.add_argument("--runs", type=int, default=5, help="fresh processes of each kind")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    base, questions = _real(options.indexes, options.questions, options.each)
    sizes = sorted(int(size) for size in options.sizes.split(","))
    figures: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        made = np.lib.format.open_memmap(
            Path(folder) / "made.npy", "w+", dtype=np.float32, shape=(sizes[-1], base.shape[1])
        )
        for start, block in zip(range(0, sizes[-1], BLOCK), neighbours(base, sizes[-1], block=BLOCK), strict=True):
            made[start : start + len(block)] = block
        spreads = {"real": spread(base, questions)} | {
            f"{size:,} made": spread(made[:size], questions) for size in sizes
        }
        for size in sizes:
            with tempfile.TemporaryDirectory(dir=folder) as place:
                figures += measure(made[:size], questions, Path(place), runs=options.runs)
    if options.json:
        options.json.write_text(json.dumps({"spread": spreads, "figures": figures}, indent=1) + "\n", encoding="utf-8")
    heads = ["vectors", "nearest", "tenth", *(f"{what} {rank}" for what in ("cosine", "gap") for rank in (1, 10, 200))]
    rows = [
        [name, *(f"{x:.3f}" for x in (entry["nearest"], entry["tenth"], *entry["cosines"].values())),
         *(f"{x:.5f}" for x in entry["gaps"].values())]
        for name, entry in spreads.items()
    ]  # fmt: skip
    print(table(heads, rows), markdown(figures), sep="\n\n")


def _real(indexes: Sequence[Path], files: Sequence[Path], each: int) -> tuple[Vectors, Vectors]:
    from briefqa.encoders.onnx import OnnxEncoder

    readers = [open_generation(index) for index in indexes]
    base = np.concatenate([reader.segments.vectors(reader.numbers()) for reader in readers])
    texts = [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()[:each]]
    return base, OnnxEncoder(readers[0].encoder_folder).encode_questions(texts)


if __name__ == "__main__":
    main()
