"""Whole processes: how long each took, and the most memory that it held."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

BRIEFQA = (str(Path(sys.executable).with_name("briefqa")),)
_BYTES = 1 if sys.platform == "darwin" else 1024  # that ru_maxrss counts in


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the wall clock, and the largest resident set, in MiB: with the pages of mapped files that were
    touched, which other processes may share."""

    seconds: float
    mib: float


def measured(command: Sequence[str], *, codes: Collection[int] = (0,)) -> tuple[Cost, str]:
    """Run a command to its end; what it cost, and its standard output.

    A small process between starts it: Linux counts what the one that starts a process holds as that process's own.
    Raises RuntimeError for an exit code that is not among `codes`.
    """
    with tempfile.NamedTemporaryFile() as told:
        between = [sys.executable, "-I", "-S", __file__, told.name, *command]
        done = subprocess.run(between, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL)
        if done.returncode not in codes:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
        return Cost(**json.load(told)), done.stdout


def _between(told: str, command: Sequence[str]) -> int:
    """Run a command, leave what it cost in the file `told`, and return its exit code."""
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cost = Cost(time.perf_counter() - began, usage.ru_maxrss * _BYTES / 2**20)
    Path(told).write_text(json.dumps(asdict(cost)), encoding="utf-8")
    return process.returncode


def median_cost(costs: Sequence[Cost]) -> Cost:
    """The medians of both, each by itself."""
    return Cost(statistics.median(cost.seconds for cost in costs), statistics.median(cost.mib for cost in costs))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of `values` does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def file_bytes(folder: Path) -> Mapping[tuple[int, int], int]:
    """The size of every file below a folder, by device and inode: a file with several links is one."""
    status = [file.stat() for file in folder.rglob("*") if file.is_file()]
    return {(entry.st_dev, entry.st_ino): entry.st_size for entry in status}


if __name__ == "__main__":
    sys.exit(_between(sys.argv[1], sys.argv[2:]))
