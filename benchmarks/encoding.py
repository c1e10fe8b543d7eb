"""How fast passages are encoded, beside the library's own way, and what bf16 costs in quality.

    python benchmarks/encoding.py speed SCIFACT [--passages 256] [--rounds 7] [--json FILE]
    python benchmarks/encoding.py quality SQUAD_SAMPLE SCIFACT --cache FOLDER [--json FILE]

Each set is a folder in the BEIR layout with evidence.jsonl.

- speed: passages of real articles, cut as briefqa cuts them, through all-MiniLM-L6-v2. The ways take turns, other
  passages each round, so that a busy machine slows them alike. Ratios are to `SentenceTransformer.encode` with its
  defaults, round by round, and of them the median: of the time that passed, and of the processor's, which does not
  count what other programs took, or waiting. briefqa's ways pool a vector for each sentence as well.
- quality: nDCG@10 over documents of the questions of each set, on an index in fp32 and one in bf16, and the paired
  difference with its 95% interval.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ranking
from beir import Bench, open_dataset
from briefqa.chunking import DEFAULT_PASSAGE_TOKENS, chunk
from briefqa.encoders.models import DEFAULT_ENCODER, find_model
from briefqa.types import Document, Span
from tables import shown, table

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder

Cut = tuple[str, list[Span]]
Way = Callable[[Sequence[str], Sequence[Sequence[Span]]], object]
BASELINE = "the library, fp32"
PRECISIONS = ("fp32", "bf16")
CONFIGURATIONS = ("dense", "default")


def speed(options: argparse.Namespace) -> dict[str, Any]:
    """Encode passages in every way, in turns, and print a table."""
    from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder

    model = find_model(DEFAULT_ENCODER)
    encoders = {
        precision: SentenceTransformersEncoder(model, device="cpu", precision=precision) for precision in PRECISIONS
    }
    passages = cut(options.dataset, encoders["fp32"], options.passages * options.rounds)
    tokens = encoders["fp32"].count_tokens([text for text, _ in passages])
    chosen = {
        name: way for name, way in ways(encoders).items() if not options.only or name in (BASELINE, *options.only)
    }
    for way in chosen.values():
        run(way, passages[:16])
    rounds = []
    for number in range(options.rounds):
        part = passages[number * options.passages : (number + 1) * options.passages]
        rounds.append({name: run(way, part) for name, way in chosen.items()})
    found = {
        "benchmark": "encoding speed",
        "encoder": DEFAULT_ENCODER,
        "set": options.dataset.name,
        "passages": options.passages,
        "tokens": statistics.mean(tokens),
        "cores": os.cpu_count(),
        "rounds": rounds,
    }
    print(speed_table(found))
    return found


def cut(dataset: Path, encoder: SentenceTransformersEncoder, count: int) -> list[Cut]:
    """So many passages, of articles that stand evenly over the set: the text to encode, and its sentences."""
    with (dataset / "corpus.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    found: list[Cut] = []
    for row in rows[:: max(1, len(rows) // count)]:
        document = Document(row["_id"], row["_id"], row["_id"], row["text"], "", title=row.get("title") or None)
        for entry in chunk(document, encoder, passage_tokens=DEFAULT_PASSAGE_TOKENS):
            shift = len(entry.indexed_text) - entry.passage.end
            found.append((entry.indexed_text, [(start + shift, end + shift) for start, end in entry.passage.sentences]))
    if len(found) < count:
        raise SystemExit(f"error: {dataset} makes {len(found):,} passages, and {count:,} are to be encoded.")
    return found[:count]


def ways(encoders: dict[str, SentenceTransformersEncoder]) -> dict[str, Way]:
    """By name: the library's, briefqa's, and briefqa's with one thing as the library has it."""
    from briefqa.encoders import running
    from briefqa.encoders.late_pooling import LatePooling

    library, ready = encoders["fp32"].model, encoders["bf16"].running
    reduced = _without(running, "_pack", lambda: running.ready(library, "bf16"))
    one = LatePooling(ready, prompt="")
    one._workers = ThreadPoolExecutor(1)
    return {
        BASELINE: _as_library(library),
        "the library, bf16": _as_library(reduced),
        "briefqa, fp32": encoders["fp32"].encode_passages,
        "briefqa, bf16": encoders["bf16"].encode_passages,
        "briefqa, bf16, weights as they are": LatePooling(reduced, prompt="").encode,
        "briefqa, bf16, all cores on one batch": one.encode,
    }


def _as_library(model: SentenceTransformer) -> Way:
    return lambda texts, _: model.encode(list(texts))


def _without(module: Any, name: str, make: Callable[[], SentenceTransformer]) -> SentenceTransformer:
    """What `make` makes while the module's function `name` does nothing."""
    function = getattr(module, name)
    setattr(module, name, lambda *_: None)
    try:
        return make()
    finally:
        setattr(module, name, function)


def run(way: Way, passages: Sequence[Cut]) -> dict[str, float]:
    """Seconds that passed, and seconds of the processor, while `way` encoded the passages."""
    texts, sentences = [text for text, _ in passages], [spans for _, spans in passages]
    began, worked = time.perf_counter(), time.process_time()
    way(texts, sentences)
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - worked}


def speed_table(found: dict[str, Any]) -> str:
    """As Markdown: of each way the median of passages a second, and of its ratios to the baseline."""
    rounds = found["rounds"]
    rows = []
    for name in rounds[0]:
        times = [entry[name]["seconds"] for entry in rounds]
        ratios = [entry[BASELINE]["seconds"] / entry[name]["seconds"] for entry in rounds]
        cpu = [entry[BASELINE]["cpu"] / entry[name]["cpu"] for entry in rounds]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        rows.append(
            [name, f"{found['passages'] / statistics.median(times):.0f}", spread, f"{statistics.median(cpu):.2f}"]
        )
    heads = ["way", "passages/s", "times the library", "by processor time"]
    about = (
        f"{found['passages']} passages a round of {found['tokens']:.0f} tokens on average ({found['set']}),"
        f" {len(rounds)} rounds, {found['cores']} cores"
    )
    return f"{about}\n\n{table(heads, rows)}"


def quality(options: argparse.Namespace) -> dict[str, Any]:
    """Rank every set's questions on an index of each precision, and print a table."""
    sets, rows = [], []
    for dataset in options.datasets:
        measured = {precision: _ranked(dataset, options, precision) for precision in PRECISIONS}
        for name in CONFIGURATIONS:
            scores = [measured[precision][name] for precision in PRECISIONS]
            full, reduced = (statistics.mean(entry.values()) for entry in scores)
            difference = ranking.difference(scores[1], scores[0])
            entry = {"set": dataset.name, "questions": len(scores[0]), "configuration": name}
            sets.append({**entry, "fp32": full, "bf16": reduced, "difference": difference})
            shown_difference = shown(difference, signed=True)
            rows.append([*entry.values(), f"{full:.4f}", f"{reduced:.4f}", shown_difference])
    heads = ["set", "questions", "retrieval", "nDCG@10 in fp32", "in bf16", "difference"]
    print(table(heads, rows))
    return {"benchmark": "encoding quality", "encoder": DEFAULT_ENCODER, "sets": sets}


def _ranked(dataset: Path, options: argparse.Namespace, precision: str) -> dict[str, dict[str, float]]:
    """Configuration -> question -> nDCG@10."""
    bench: Bench = open_dataset(dataset, options.cache, precision=precision)
    asked = [question for question in bench.questions if question.documents]
    retrievers = ranking.configurations(bench)
    found = ranking.measure(bench, asked, {name: retrievers[name] for name in CONFIGURATIONS})
    bench.reader.close()
    return {name: entry.scores[f"nDCG@{ranking.CUTOFF}"] for name, entry in found.items()}


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", type=Path, help="write every single measurement")
    fast = commands.add_parser("speed", parents=[shared], help="passages a second")
    fast.add_argument("dataset", type=Path)
    fast.add_argument("--passages", type=int, default=256, help="in a round")
    fast.add_argument("--rounds", type=int, default=7)
    fast.add_argument("--only", action="append", metavar="WAY", help="beside the library in fp32; may be repeated")
    good = commands.add_parser("quality", parents=[shared], help="nDCG@10 of bf16 beside fp32")
    good.add_argument("datasets", nargs="+", type=Path)
    good.add_argument("--cache", type=Path, required=True, help="a folder for the indexes")
    options = parser.parse_args()
    found = speed(options) if options.command == "speed" else quality(options)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
