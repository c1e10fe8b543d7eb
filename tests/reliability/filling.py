"""Index runs on a disk that takes no more, and what is left of them. A program of its own, as it forks:

    python -m tests.reliability.filling FOLDER RUNS SEED limit|full

With "limit", a run may make no file larger than so many bytes: what SQLite, Tantivy, FAISS and NumPy write is cut short
in the middle. With "full", FOLDER is a small file system of its own, of which all but so many bytes are taken. Bytes
are spread over all that a run needs. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.index.folders import INDEX
from tests.reliability.crashing import SCENARIOS, Bench
from tests.reliability.forking import load_heavy

# The least that a run may write: the holder's name and the lock are of no account.
_LEAST = 256
_BLOCK = 4096


def fill(folder: Path, runs: int, seed: int, way: str) -> dict[str, Any]:
    """Make `runs` runs, evenly over the scenarios, and check each time. The counts of what was found."""
    load_heavy()
    chance = random.Random(seed)
    found: dict[str, Any] = {"way": way, **dict.fromkeys(("old", "new", "told", "finished"), 0), "wrong": []}
    for number, scenario in enumerate(SCENARIOS):
        bench = Bench(folder / f"{number}", scenario, seed + number)
        bench.check()
        sizes = [path.stat().st_size for path in INDEX.rglob("*") if path.is_file()]
        most = max(sizes) if way == "limit" else sum(sizes)
        share = runs // len(SCENARIOS) + (number < runs % len(SCENARIOS))
        for turn in range(share):
            bench.reset()
            part = (turn + chance.random()) / share
            room = int(_LEAST * (most / _LEAST) ** part) if way == "limit" else int(most * part)
            code = _limited(bench, room) if way == "limit" else _filled(bench, folder / "filler", room)
            found["told"] += code == 3
            found["finished"] += code == 0
            try:
                assert code in (0, 3), f"it ended with {code}"
                found[bench.check()] += 1
            except AssertionError as error:
                found["wrong"].append(f"{scenario.name}, {room} bytes: {error}")
        shutil.rmtree(folder / f"{number}")
    return found


def _limited(bench: Bench, size: int) -> int:
    return bench.run_after(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))


def _filled(bench: Bench, filler: Path, room: int) -> int:
    disk = os.statvfs(filler.parent)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(_BLOCK, disk.f_bavail * disk.f_frsize - room))
    try:
        return bench.run_after(lambda: None)
    finally:
        filler.unlink()


if __name__ == "__main__":
    outcome = fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    sys.stdout.write(json.dumps(outcome) + "\n")
