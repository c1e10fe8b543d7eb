"""Paired differences between evaluations of one question set, with 95% bootstrap intervals over questions.

    briefqa eval --json > hybrid.json; briefqa eval -r dense --json > dense.json
    python benchmarks/paired.py hybrid.json dense.json

A lead is real, as far as these questions go, when its interval does not hold 0.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from briefqa.evaluation.statistics import bootstrap_interval

MEASURES = ("passages.nDCG@10", "documents.nDCG@10", "quote_hit")


def main() -> None:
    """Print the first file's lead over each other one."""
    first, *others = sys.argv[1:]
    for other in others:
        for measure in MEASURES:
            ours, theirs = _values(first, measure), _values(other, measure)
            if ours.keys() != theirs.keys():
                sys.exit(f"{first} and {other} are not of the same questions")
            differences = [ours[identity] - theirs[identity] for identity in ours]
            low, high = bootstrap_interval(differences) or (0.0, 0.0)
            mean = sum(differences) / len(differences)
            print(f"{first} - {other}  {measure:18} {mean:+.3f}  {low:+.3f} to {high:+.3f}  n {len(differences)}")


def _values(path: str, measure: str) -> dict[str, float]:
    outcomes = json.loads(Path(path).read_text(encoding="utf-8"))["outcomes"]
    return {
        outcome["id"]: outcome["measures"][measure]
        for outcome in outcomes
        if outcome["measures"].get(measure) is not None
    }


if __name__ == "__main__":
    main()
