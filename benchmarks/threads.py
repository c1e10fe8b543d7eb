"""Threads that share one index, against an index for each: python benchmarks/threads.py INDEX QUESTIONS.jsonl

Every thread asks the next question as soon as it has an answer, until all are asked; all ways come in every round. One
line each: answers a second, and how long one took, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import briefqa


def ask_all(asking: Sequence[Callable[[str], object]], questions: Sequence[str]) -> tuple[float, list[float]]:
    """Answers a second of one thread for each of `asking`, and how many seconds each answer took."""
    rest, lock = iter(questions), threading.Lock()
    seconds: list[float] = []

    def work(ask: Callable[[str], object]) -> None:
        while True:
            with lock:
                question = next(rest, None)
            if question is None:
                return
            began = time.perf_counter()
            ask(question)
            seconds.append(time.perf_counter() - began)

    threads = [threading.Thread(target=work, args=(ask,)) for ask in asking]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(questions) / (time.perf_counter() - began), seconds


def plainly_locked(index: briefqa.Index) -> Callable[[str], object]:
    """Asking behind a lock without an order."""
    lock = threading.Lock()

    def ask(question: str) -> object:
        with lock:
            return index.ask(question)

    return ask


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--number", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    lines = chosen.questions.read_text(encoding="utf-8").splitlines()[: chosen.number]
    questions = [json.loads(line)["question"] for line in lines]
    shared = briefqa.open(chosen.index)
    own = [briefqa.open(chosen.index) for _ in range(chosen.threads)]
    for index in (shared, *own):
        index.ask(questions[0])
    locked = plainly_locked(shared)
    ways: dict[str, list[Callable[[str], object]]] = {
        "one thread": [shared.ask],
        "one index, turns": [shared.ask] * chosen.threads,
        "one index, lock": [locked] * chosen.threads,
        "two indexes": [*(index.ask for index in own[:2])],
        "an index each": [*(index.ask for index in own)],
    }
    for _ in range(chosen.rounds):
        for name, asking in ways.items():
            rate, seconds = ask_all(asking, questions)
            middle, late = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
            print(f"{name:<18}{rate:6.1f} a second   median {middle * 1000:6.0f}   95 of 100 {late * 1000:6.0f}")


if __name__ == "__main__":
    main()
