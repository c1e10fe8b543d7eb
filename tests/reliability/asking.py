"""Readers that ask while a writer works, and what each generation has to answer. A program of its own, as the readers
are forked before a thread is started:

    python -m tests.reliability.asking FOLDER UPDATES SEED READERS

Forks READERS processes that ask with an index of their own, opened anew now and then, and one in which as many threads
do. The
writer makes generation after generation: articles are added, changed and deleted, segments merged, everything rebuilt,
and encoders changed. After each it writes down what that generation answers, asked in a process of its own; what the
readers were answered is compared with that at the end. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import traceback
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import briefqa
from briefqa.api import Index
from briefqa.config import Settings
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.errors import BriefqaError
from briefqa.index import merging
from briefqa.index.update import update
from tests.fakes import OTHER_ENCODER, FakeEncoders
from tests.index.meaning import QUESTIONS, write_article
from tests.reliability.crashing import APART, MERGING
from tests.reliability.forking import fork, found_apart, load_heavy, wait

KINDS = ("added", "changed", "deleted", "merged", "rebuilt", "another encoder", "several", "first encoder")
STOP, HANDED = Path("stop"), Path("handed.json")


def told(index: Index, question: str) -> dict[str, Any]:
    """All of an answer but how the articles stand to the index, which moves on by itself, and how long it took."""
    answer = index.ask(question, top_k=20)
    found = asdict(answer)
    for name in ("milliseconds", "notes"):
        del found[name]
    for name in ("stale", "changes"):
        del found["index"][name]
    for citation in found["citations"]:
        del citation["file_state"]
    return found


def answers(generation: int) -> dict[str, Any]:
    """What the live generation, which is the numbered one, answers to each question."""
    with briefqa.open(settings=_settings(), encoders=FakeEncoders()) as index:
        found = {question: told(index, question) for question in QUESTIONS}
    assert {entry["index"]["generation"] for entry in found.values()} == {generation}
    return found


def ask_on(log: Path, seed: int) -> None:
    """Ask until there is a file STOP; a line in `log` for every answer, or failure. An index is kept for some
    questions, and then left for a while without one, so that it grows old before it is first used, too."""
    chance = random.Random(seed)
    with log.open("w", encoding="utf-8") as file:
        while not STOP.exists():
            try:
                with briefqa.open(settings=_settings(), encoders=FakeEncoders()) as index:
                    if chance.random() < 0.3:
                        time.sleep(chance.random() / 2)
                    for _ in range(chance.randint(1, 12)):
                        line = {"answer": told(index, chance.choice(QUESTIONS))}
                        file.write(json.dumps(line, sort_keys=True) + "\n")
            except Exception:  # whatever it is, it is told
                file.write(json.dumps({"failed": traceback.format_exc()}) + "\n")


def change(kind: str, articles: Path, chance: random.Random, number: int) -> None:
    """Make the articles other than they are, as `kind` says."""
    there = sorted(articles.iterdir())
    if kind in ("changed", "several", "merged"):
        write_article(chance.choice(there), chance)
    if kind in ("deleted", "several"):
        chance.choice(there).unlink(missing_ok=True)
    if kind != "deleted":
        write_article(articles / f"new{number}.md", chance)


def work(updates: int, seed: int) -> tuple[dict[int, dict[str, Any]], list[str]]:
    """Make so many generations, and say what each answers, and which updates failed."""
    chance, failed = random.Random(seed), []
    expected = {1: found_apart(lambda: answers(1), HANDED)}
    for number in range(updates):
        kind = KINDS[number % len(KINDS)]
        change(kind, Path("corpus"), chance, number)
        made = found_apart(partial(make, kind), HANDED)
        if isinstance(made, str):
            failed.append(f"{kind}: {made}")
            continue
        expected[made] = found_apart(partial(answers, made), HANDED)
    return expected, failed


def make(kind: str) -> int | str:
    """Bring the index up to date: its generation, or what went wrong."""
    merging.LIMITS = MERGING if kind == "merged" else APART
    encoder = {"another encoder": OTHER_ENCODER, "first encoder": DEFAULT_ENCODER}.get(kind)
    try:
        return update(Settings(encoder=encoder), rebuild=kind == "rebuilt", encoders=FakeEncoders()).generation
    except BriefqaError as error:
        return str(error)


def ask_together(folder: Path, updates: int, seed: int, readers: int) -> dict[str, Any]:
    """Have readers ask during the updates, and compare. The counts, and what was wrong."""
    Path(folder, "corpus").mkdir(parents=True)
    os.chdir(folder)
    load_heavy()
    chance = random.Random(seed)
    for number in range(8):
        write_article(Path("corpus", f"base{number}.md"), chance)
    assert found_apart(lambda: make("first"), HANDED) == 1
    logs = [Path(f"log-{number}") for number in range(2 * readers)]
    single, threaded = logs[:readers], logs[readers:]
    asking = [fork(partial(ask_on, log, seed + n)) for n, log in enumerate(single)]
    asking.append(fork(lambda: _ask_in_threads(threaded, seed + len(single))))
    try:
        expected, failed = work(updates, seed)
    finally:
        STOP.touch()
        ended = [wait(reader) for reader in asking]
    found: dict[str, Any] = {"updates": len(expected) - 1, "failed updates": failed, "readers": len(logs), "answers": 0}
    wrong: list[str] = [f"a reader ended with {code}" for code in ended if code]
    seen: set[int] = set()
    texts = {
        (number, question): json.dumps(entry, sort_keys=True)
        for number, entries in expected.items()
        for question, entry in entries.items()
    }
    for log in logs:
        for line in map(json.loads, log.read_text(encoding="utf-8").splitlines()):
            if "failed" in line:
                wrong.append(line["failed"])
                continue
            answer = line["answer"]
            found["answers"] += 1
            seen.add(answer["index"]["generation"])
            key = answer["index"]["generation"], answer["question"]
            if texts.get(key) != json.dumps(answer, sort_keys=True):
                wrong.append(f"generation {key[0]} answered {answer['question']!r} otherwise: {answer}")
    return {**found, "generations seen": len(seen), "wrong": wrong}


def _ask_in_threads(logs: Iterable[Path], seed: int) -> None:
    threads = [Thread(target=ask_on, args=(log, seed + number)) for number, log in enumerate(logs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _settings() -> Settings:
    return Settings(min_confidence=0.0)


if __name__ == "__main__":
    outcome = ask_together(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
    sys.stdout.write(json.dumps(outcome) + "\n")
