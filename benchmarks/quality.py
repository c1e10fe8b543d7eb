"""How good the rankings and the answers are: the figures that the documentation gives.

    python benchmarks/quality.py ranking SCIFACT CHROMA SQUAD_SAMPLE --cache FOLDER [--runs FOLDER]
    python benchmarks/quality.py answers SQUAD_SAMPLE --cache FOLDER

Each set is a folder in the BEIR layout with evidence.jsonl, or `evals`, the project's own questions on the index in the
current folder. The weights of the ranking are fitted on the even questions (benchmarks/fit_ranking.py), so `ranking`
asks the odd ones; `answers` fits nothing and tells the halves apart. Brackets hold 95% intervals.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import answers
import ranking
from beir import Bench, BenchmarkQuestion, open_dataset, open_own
from briefqa import __version__
from briefqa.config import Settings
from briefqa.encoders.factory import INSTALLED
from briefqa.errors import BriefqaError
from briefqa.evaluation.trec import write_qrels, write_run
from briefqa.index.update import update
from briefqa.protocols import PairScorer
from tables import shown, table

OWN = "evals"
SEED = 20181121


def open_set(name: Path, options: argparse.Namespace) -> Bench:
    """The set, indexed with passages of the size and overlap asked for."""
    chosen = _chunking(options)
    if str(name) != OWN:
        return open_dataset(name, options.cache, **chosen)
    if not chosen:
        return open_own()
    place = "-".join([OWN, *(f"{name}={value}" for name, value in chosen.items())])
    settings = Settings(index=str(options.cache / place / "index"), **chosen)
    update(settings)
    return open_own(settings)


def _chunking(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that were asked for."""
    named = {"passage_tokens": options.passage_tokens, "overlap_tokens": options.overlap_tokens}
    return {name: value for name, value in named.items() if value is not None}


def sample(questions: Sequence[BenchmarkQuestion], limit: int | None) -> list[BenchmarkQuestion]:
    """All, or so many of them by chance, in their order."""
    chosen = range(len(questions))
    places = chosen if limit is None else sorted(random.Random(SEED).sample(chosen, min(limit, len(chosen))))
    return [questions[place] for place in places]


def rank(options: argparse.Namespace) -> dict[str, Any]:
    """Measure the rankings of every set, and print a table each unless it is to be JSON."""
    sets = []
    for name in options.datasets:
        bench = open_set(name, options)
        halves = {"all": (True, False), "odd": (True,), "even": (False,)}[options.half]
        asked = [question for question in bench.questions if question.documents and question.odd in halves]
        asked = sample(asked, options.limit)
        measured = ranking.measure(bench, asked, ranking.configurations(bench, _scorer(bench, options)))
        if options.runs:
            _write_runs(options.runs / _label(bench, options), asked, measured)
        entry = {**_about(bench, asked), "configurations": ranking.report(measured)}
        sets.append(entry)
        if not options.json:
            _print_ranking(entry, options.half)
    return {"benchmark": "ranking", "briefqa": __version__, "half": options.half, "sets": sets}


def _scorer(bench: Bench, options: argparse.Namespace) -> PairScorer | None:
    if not options.reranker:
        return None
    folder = bench.reader.reranker_folder
    if folder is None:
        print(f"{bench.name}: its index has no reranker, so nothing is reranked", file=sys.stderr)
        return None
    return INSTALLED.open_reranker(folder)


def _write_runs(start: Path, asked: Sequence[BenchmarkQuestion], measured: dict[str, ranking.Measured]) -> None:
    write_qrels(
        start.with_name(f"{start.name}.qrels"),
        {question.id: dict.fromkeys(question.documents, 1) for question in asked},
    )
    for name, entry in measured.items():
        tag = name.replace(",", "").replace(" ", "-")
        write_run(start.with_name(f"{start.name}.{tag}.run"), entry.documents, tag=tag)


def _label(bench: Bench, options: argparse.Namespace) -> str:
    """What a run's name says of its questions and passages."""
    parts = [bench.name, options.half]
    parts += [f"{name}{value}" for name, value in _chunking(options).items()]
    parts += [f"sample{options.limit}"] if options.limit else []
    return "-".join(parts)


def _about(bench: Bench, asked: Sequence[BenchmarkQuestion]) -> dict[str, Any]:
    manifest = bench.reader.manifest
    return {
        "set": bench.name,
        "questions": len(asked),
        "documents": manifest.documents,
        "passages": manifest.passages,
        "passage_tokens": manifest.chunking.passage_tokens,
        "overlap_tokens": manifest.chunking.overlap_tokens,
        "encoder": manifest.encoder.name,
    }


def _title(entry: dict[str, Any], which: str) -> str:
    return (
        f"\n## {entry['set']}: {which}, {entry['documents']:,} documents in {entry['passages']:,} passages of at most "
        f"{entry['passage_tokens']} tokens, {entry['overlap_tokens']} of them shared, {entry['encoder']}\n"
    )


def _print_ranking(entry: dict[str, Any], half: str) -> None:
    labels = list(entry["configurations"][0]["measures"])
    rows = []
    for found in entry["configurations"]:
        measures = [found["measures"][label] for label in labels]
        cells = [cell for part in measures for cell in (shown(part), shown(part["difference"], signed=True))]
        rows.append([found["configuration"], *cells])
    heads = [head for label in labels for head in (label, f"to {ranking.BASELINE}")]
    print(_title(entry, f"{entry['questions']:,} questions ({half})"))
    print(table(["configuration", *heads], rows), flush=True)


def answer(options: argparse.Namespace) -> dict[str, Any]:
    """Measure the answers of every set, and print its tables unless it is to be JSON."""
    sets = []
    for name in options.datasets:
        bench = open_set(name, options)
        asked = sample(bench.questions, options.limit)
        judged = answers.judge_all(bench, asked, _progress(bench.name, len(asked)))
        threshold = bench.settings.min_confidence
        entry = {**_about(bench, asked), "threshold": threshold, **answers.report(judged, threshold)}
        sets.append(entry)
        if not options.json:
            _print_answers(entry)
    return {"benchmark": "answers", "briefqa": __version__, "sets": sets}


def _progress(name: str, total: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if done % 100 == 0 or done == total:
            print(f"{name}: {done} of {total} questions", file=sys.stderr)

    return tell


def _print_answers(entry: dict[str, Any]) -> None:
    hidden, without, threshold = entry["hidden"], entry["unanswerable"], entry["threshold"]
    print(_title(entry, f"{entry['questions']:,} questions"))
    rows = [
        (half, part["first"]["n"], shown(part["first"]), shown(part["three"]), shown(part["printed"]))
        for half, part in entry["quotes"].items()
    ]
    print(table(["a right quote among: questions", "n", "the first", "the first three", "those printed"], rows))
    counts = hidden["auroc"]["n"]
    print(f"\nThe answer there for the {counts[0]} even questions, hidden for the {counts[1]} odd ones:\n")
    ten = hidden["answered_at_allowed"]
    at = "" if ten["threshold"] is None else f" (above {ten['threshold']:.3f})"
    rows_of_hidden = [
        ("AUROC", shown(hidden["auroc"])),
        (f"answerable ones answered where {answers.ALLOWED:.0%} of the hidden are{at}", shown(ten)),
        (f"answerable ones answered at {threshold}", shown(hidden["answered_answerable"])),
        (f"hidden ones answered at {threshold}", shown(hidden["answered_hidden"])),
        ("Brier score, of there being an answer", shown({"value": hidden["brier_answerable"]})),
        ("Brier score, of printing a right quote", shown({"value": hidden["brier_right"]})),
    ]
    print(table(["measure", "value"], rows_of_hidden))
    print()
    bins = [
        (
            f"{part['from']:.1f}–{part['to']:.1f}",
            part["n"],
            *(shown({"value": part[name]}) for name in ("confidence", "answerable", "right")),
        )
        for part in hidden["reliability"]
    ]
    print(table(["confidence", "n", "mean", "had an answer", "printed a right quote"], bins))
    print()
    risks = [(f"{part['coverage']:.0%}", part["n"], shown({"value": part["risk"]})) for part in entry["risk"]]
    print(table(["surest", "n", "printed no right quote"], risks))
    if without["answered"]["n"]:
        print(f"\nThe {without['answered']['n']} questions that nothing in the set answers:\n")
        rows_without = [
            (f"answered at {threshold} all the same", shown(without["answered"])),
            ("AUROC against all answerable ones", shown(without["auroc"])),
        ]
        print(table(["measure", "value"], rows_without))
    sys.stdout.flush()


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("datasets", nargs="+", type=Path)
    shared.add_argument("--cache", type=Path, required=True, help="a folder for the indexes")
    shared.add_argument("--passage-tokens", type=int, help="index with passages of at most so many tokens")
    shared.add_argument("--overlap-tokens", type=int, help="let neighbouring passages share about so many tokens")
    shared.add_argument("--limit", type=int, help="ask so many questions of each set, drawn by chance")
    shared.add_argument("--json", action="store_true", help="print JSON, question by question")
    ranked = commands.add_parser("ranking", parents=[shared], help="how well passages are ranked")
    ranked.add_argument("--half", choices=("odd", "even", "all"), default="odd", help="which questions (default: odd)")
    ranked.add_argument("--runs", type=Path, help="a folder for TREC runs and qrels")
    ranked.add_argument("--reranker", action="store_true", help="rerank too, where the index has a reranker")
    commands.add_parser("answers", parents=[shared], help="whether quotes and confidence are right")
    options = parser.parse_args()
    try:
        found = rank(options) if options.command == "ranking" else answer(options)
    except BriefqaError as error:
        sys.exit(f"error: {error}")
    if options.json:
        json.dump(found, sys.stdout, ensure_ascii=False)
        print()


if __name__ == "__main__":
    main()
