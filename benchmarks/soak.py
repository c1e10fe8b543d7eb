"""Readers and a writer over one index for a long time: are all answers right, and do memory and open files stay flat?

    python benchmarks/soak.py [--minutes 30] [--readers 8] [--copies 2] [--json FILE] [--plot FILE]

In a folder of its own: copies of corpus/ and an index of them, made with the real encoder. Reading processes ask the
questions below, one after the other, and open the index anew when a newer generation is live. The writer changes,
adds and deletes an article, over and over, and rebuilds now and then; after each update, a process of its own asks the
new generation all questions: that is the reference. Each reader's answers are compared with that of their generation.
Every few seconds the resident memory and the open files of each process are looked up, which needs Linux.

Each process holds its memory as the commands do that go on (cli/lasting.py).

Prints a Markdown table, and ends with exit code 1 if an answer was wrong or a process failed; --json writes what was
found, --plot draws memory and open files over time as SVG.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soak_report import Sample, draw, markdown

if TYPE_CHECKING:
    from briefqa.api import Index
    from briefqa.config import Settings
    from briefqa.encoders.factory import Encoders

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
QUESTIONS = (
    "Which CIS members are not members of the CSTO?",
    "Who leads the CSTO?",
    "What did Armenia and Azerbaijan agree on?",
    "When was the Eurasian Economic Union founded?",
    "What is the price of bread in Antarctica?",
)
SAMPLE_SECONDS = 5.0
PAUSE_SECONDS = 1.0  # between two updates
REBUILT_EVERY = 20
_PATIENCE = 120.0  # seconds that a process may take to end


@dataclass(slots=True)
class Found:
    """What a soak found. `wrong` are answers that are not their generation's, and failures, a phrase each."""

    seconds: float
    readers: int
    updates: int = 0
    answers: int = 0
    generations: int = 0
    wrong: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)


def soak(
    folder: Path,
    settings: Settings,
    encoders: Encoders,
    *,
    seconds: float,
    readers: int,
    seed: int = 1,
    sample_seconds: float = SAMPLE_SECONDS,
    pause_seconds: float = PAUSE_SECONDS,
) -> Found:
    """Soak the index of `settings`, whose articles stand in one folder; logs go into `folder`."""
    from briefqa.index.update import update

    began = time.monotonic()
    update(settings, encoders=encoders)
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    logs = [folder / f"reader-{number}.jsonl" for number in range(readers)]
    reference = folder / "reference.jsonl"
    names = [f"reader {number + 1}" for number in range(readers)]
    asking = [
        context.Process(target=_read, args=(settings, encoders, stop, log, seed + n), name=name)
        for n, (log, name) in enumerate(zip(logs, names, strict=True))
    ]
    writer = context.Process(
        target=_write, args=(settings, encoders, stop, reference, seed, pause_seconds), name="writer"
    )
    for process in (*asking, writer):
        process.start()
    found = Found(seconds, readers)
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        time.sleep(min(sample_seconds, max(0.0, seconds - (time.monotonic() - started))))
        found.samples += _samples((*asking, writer), time.monotonic() - started)
    stop.set()
    for process in (*asking, writer):
        process.join(_PATIENCE)
        if process.exitcode != 0:
            found.wrong.append(f"{process.name} ended with {process.exitcode}")
            process.kill()
    found.seconds = time.monotonic() - began
    _compare(found, reference, logs)
    return found


def _read(settings: Settings, encoders: Encoders, stop: Any, log: Path, seed: int) -> None:
    """Ask until told to stop; a line in `log` for every answer, or failure."""
    import briefqa
    from briefqa.cli.lasting import hold_memory
    from briefqa.index.generation import live_generation_name

    hold_memory()
    chance = random.Random(seed)
    with log.open("w", encoding="utf-8") as file:
        while not stop.is_set():
            try:
                with briefqa.open(settings=settings, encoders=encoders) as index:
                    opened = live_generation_name(Path(settings.index))
                    while not stop.is_set() and live_generation_name(Path(settings.index)) == opened:
                        file.write(_line(index, chance.choice(QUESTIONS)))
            except Exception:  # whatever it is, it is told
                file.write(json.dumps({"failed": traceback.format_exc()}) + "\n")
            file.flush()


def _line(index: Index, question: str) -> str:
    """An answer as far as it may depend on nothing but the generation."""
    answer = index.ask(question)
    told = {
        "generation": answer.index.generation,
        "question": question,
        "answer": [
            answer.status,
            round(answer.confidence, 6),
            [[entry.document.id, entry.quote, entry.sha256, entry.start, entry.end] for entry in answer.citations],
            [[hit.passage.id, round(hit.score, 6)] for hit in answer.hits],
        ],
    }
    return json.dumps(told) + "\n"


def _write(settings: Settings, encoders: Encoders, stop: Any, reference: Path, seed: int, pause: float) -> None:
    """Update until told to stop; the answers of every generation go into `reference`."""
    import briefqa
    from briefqa.index.update import update

    chance = random.Random(seed)
    folder = Path(settings.corpus[0])
    originals = [(path, path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.md"))]
    number = 0
    with reference.open("w", encoding="utf-8") as file:
        while True:
            # Opened anew each time, as a reader would: the process is looked at, too.
            with briefqa.open(settings=settings, encoders=encoders) as index:
                file.writelines(_line(index, question) for question in QUESTIONS)
            file.flush()
            if stop.wait(pause):
                return
            number += 1
            _change(originals, number, chance)
            update(settings, rebuild=number % REBUILT_EVERY == 0, encoders=encoders)


def _change(originals: Sequence[tuple[Path, str]], number: int, chance: random.Random) -> None:
    """An article is changed, deleted, or comes again; there are never fewer than all but a few."""
    path, text = chance.choice(originals)
    if path.exists() and chance.random() < 0.3 and sum(not other.exists() for other, _ in originals) < 3:
        path.unlink()
        return
    added = f"\n\nIn the year {3000 + number}, report {number} was added to this article. It says that all is well.\n"
    path.write_text(text + added, encoding="utf-8")


def _samples(processes: Sequence[Any], at: float) -> Iterator[Sample]:
    page = os.sysconf("SC_PAGE_SIZE")
    for process in processes:
        try:
            pages = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[1])
            yield Sample(process.name, at, pages * page / 2**20, len(os.listdir(f"/proc/{process.pid}/fd")))
        except (OSError, IndexError):  # it has ended, or there is no /proc
            continue


def _compare(found: Found, reference: Path, logs: Sequence[Path]) -> None:
    expected: dict[tuple[int, str], Any] = {}
    for entry in _entries(reference):
        expected[entry["generation"], entry["question"]] = entry["answer"]
    found.generations = len({generation for generation, _ in expected})
    found.updates = found.generations - 1
    for log in logs:
        for entry in _entries(log):
            if "failed" in entry:
                found.wrong.append(f"{log.stem}: {entry['failed']}")
                continue
            key = entry["generation"], entry["question"]
            found.answers += 1
            if key not in expected:
                found.wrong.append(f"{log.stem}: generation {key[0]} has no reference")
            elif expected[key] != entry["answer"]:
                found.wrong.append(f"{log.stem}: generation {key[0]} answered {key[1]!r} otherwise")


def _entries(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def copy_corpus(target: Path, copies: int) -> None:
    """So many copies of every article, of which answers tell one and name the others."""
    for path in sorted(CORPUS.rglob("*.md")):
        for number in range(copies):
            copy = target / f"{number}" / path.relative_to(CORPUS)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def main() -> int:
    """Soak, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--copies", type=int, default=2, help="of each article of corpus/")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    from briefqa.config import Settings
    from briefqa.encoders.factory import INSTALLED

    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        copy_corpus(folder / "corpus", options.copies)
        settings = Settings(corpus=(str(folder / "corpus"),), index=str(folder / "index"))
        found = soak(folder, settings, INSTALLED, seconds=60 * options.minutes, readers=options.readers)
    print(markdown(found.samples))
    print(f"\n{found.answers:,} answers of {found.readers} readers during {found.updates} updates in"
          f" {found.seconds / 60:.1f} minutes; wrong or failed: {len(found.wrong)}.")  # fmt: skip
    for text in found.wrong[:20]:
        print(text, file=sys.stderr)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        table = {"seconds": found.seconds, "readers": found.readers, "updates": found.updates,
                 "answers": found.answers, "wrong": found.wrong,
                 "samples": [[s.name, round(s.at, 1), round(s.mib, 1), s.files] for s in found.samples]}  # fmt: skip
        options.json.write_text(json.dumps(table) + "\n", encoding="utf-8")
    if options.plot:
        options.plot.parent.mkdir(parents=True, exist_ok=True)
        options.plot.write_text(draw(found.samples), encoding="utf-8")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
