"""Many clients at once against a running `briefqa serve`: how long they wait, and whether each answer is the library's.

briefqa serve --port 8617 --rate 0 &
python benchmarks/load.py http://127.0.0.1:8617 --index index --questions evals/briefs.jsonl
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from briefqa.api import open as open_index
from briefqa.rendering.jsonout import answer_json

Json = dict[str, Any]


def comparable(answer: Json) -> Json:
    """The answer without what differs each time: how long it took."""
    return {name: value for name, value in answer.items() if name != "milliseconds"}


def expected_answers(index: str, questions: list[str]) -> dict[str, Json]:
    """What the library answers, as a client reads it."""
    with open_index(index) as opened:
        return {
            question: comparable(json.loads(json.dumps(answer_json(opened.ask(question))))) for question in questions
        }


async def one_client(
    number: int, client: httpx.AsyncClient, questions: list[str], expected: dict[str, Json], until: float, told: Told
) -> None:
    """Ask one question after the other, from another place in the list than the other clients."""
    place = number * 7
    while time.perf_counter() < until:
        question = questions[place % len(questions)]
        place += 1
        began = time.perf_counter()
        try:
            response = await client.get("/api/v1/answer", params={"q": question})
        except httpx.HTTPError as error:
            told.failures[type(error).__name__] += 1
            continue
        took = time.perf_counter() - began
        if response.status_code != 200:
            told.failures[str(response.status_code)] += 1
            continue
        told.seconds.append(took)
        told.wrong += comparable(response.json()) != expected[question]


class Told:
    """What the clients found."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.wrong = 0
        self.failures: Counter[str] = Counter()


async def load(url: str, clients: int, seconds: float, questions: list[str], expected: dict[str, Json]) -> Told:
    """All clients at once, each with a connection of its own."""
    told = Told()
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        until = time.perf_counter() + seconds
        await asyncio.gather(
            *(one_client(number, client, questions, expected, until, told) for number in range(clients))
        )
    return told


def main() -> None:
    """Print one row of a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="the server's address")
    parser.add_argument("--index", default="index", help="the index that it serves")
    parser.add_argument("--questions", default="evals/briefs.jsonl", type=Path)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    expected = expected_answers(given.index, questions)
    began = time.perf_counter()
    told = asyncio.run(load(given.url, given.clients, given.seconds, questions, expected))
    took = time.perf_counter() - began
    cuts = statistics.quantiles(told.seconds, n=100, method="inclusive")
    p50, p95, p99 = (f"{cuts[number - 1]:.2f} s" for number in (50, 95, 99))
    failures = ", ".join(f"{count} of {name}" for name, count in told.failures.items()) or "0"
    rate = len(told.seconds) / took
    print("| clients | seconds | answers | a second | p50 | p95 | p99 | wrong | failed |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    print(
        f"| {given.clients} | {took:.0f} | {len(told.seconds):,} | {rate:.1f} | {p50} | {p95} | {p99} |"
        f" {told.wrong} | {failures} |"
    )


if __name__ == "__main__":
    main()
