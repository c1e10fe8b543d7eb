"""Times whole processes, side by side in one run: briefqa against the plain script, over the index of corpus/.

    python benchmarks/cold.py [--runs 10] [--json FILE]

The commands take turns, so that a busy machine slows them alike; each figure is a median, with its range for times.
--json writes every single measurement.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from processes import BRIEFQA, Cost, measured, median_cost

QUESTION = "Which CIS members are not members of the CSTO?"
HERE = Path(__file__).parent


def main() -> None:
    """Run every command `--runs` times and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plain = [sys.executable, str(HERE / "plain_script.py")]
        subprocess.run([*plain, "build", "corpus", folder], check=True, capture_output=True)
        commands = {
            "briefqa --help": [*BRIEFQA, "--help"],
            "briefqa index, nothing changed": [*BRIEFQA, "index"],
            "briefqa search": [*BRIEFQA, "search", QUESTION],
            "briefqa ask": [*BRIEFQA, "ask", QUESTION],
            "plain script": [*plain, "ask", folder, QUESTION],
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(options.runs):
            for name, command in commands.items():
                costs[name].append(measured(command)[0])
    ratios = [
        slow.seconds / quick.seconds for slow, quick in zip(costs["plain script"], costs["briefqa ask"], strict=True)
    ]
    if options.json:
        found = {"runs": options.runs, "plain_over_ask": ratios}
        found["costs"] = {name: [asdict(cost) for cost in entries] for name, entries in costs.items()}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    for name, entries in costs.items():
        seconds, middle = [cost.seconds for cost in entries], median_cost(entries)
        spread = f"({min(seconds):.3f} to {max(seconds):.3f}, n {len(seconds)})"
        print(f"{name:32} {middle.seconds:6.3f} s   {spread:27} {middle.mib:5.0f} MiB")
    ratio = f"{statistics.median(ratios):6.1f}     ({min(ratios):.1f} to {max(ratios):.1f})"
    print(f"{'plain script / briefqa ask':32} {ratio}")


if __name__ == "__main__":
    main()
