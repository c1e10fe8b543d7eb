"""Times whole processes, side by side in one run: briefqa against the plain script, over the index of corpus/.

    python benchmarks/cold.py [--runs 10] [--json]

The commands take turns, so that a busy machine slows them alike; each figure is a median with its range.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUESTION = "Which CIS members are not members of the CSTO?"
HERE = Path(__file__).parent
BRIEFQA = str(Path(sys.executable).with_name("briefqa"))


def main() -> None:
    """Run every command `--runs` times and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plain = [sys.executable, str(HERE / "plain_script.py")]
        subprocess.run([*plain, "build", "corpus", folder], check=True, capture_output=True)
        commands = {
            "briefqa --help": [BRIEFQA, "--help"],
            "briefqa index, nothing changed": [BRIEFQA, "index"],
            "briefqa search": [BRIEFQA, "search", QUESTION],
            "briefqa ask": [BRIEFQA, "ask", QUESTION],
            "plain script": [*plain, "ask", folder, QUESTION],
        }
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(options.runs):
            for name, command in commands.items():
                seconds[name].append(_time(command))
    ratios = [slow / quick for slow, quick in zip(seconds["plain script"], seconds["briefqa ask"], strict=True)]
    if options.json:
        print(json.dumps({"runs": options.runs, "seconds": seconds, "plain_over_ask": ratios}))
        return
    for name, values in seconds.items():
        print(
            f"{name:32} {statistics.median(values):6.3f} s   ({min(values):.3f} to {max(values):.3f}, n {len(values)})"
        )
    ratio = f"{statistics.median(ratios):6.1f}     ({min(ratios):.1f} to {max(ratios):.1f})"
    print(f"{'plain script / briefqa ask':32} {ratio}")


def _time(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
