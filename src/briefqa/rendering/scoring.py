"""Scored TREC runs as terminal text, CSV and JSON."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING

from briefqa.rendering.escape import one_line
from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.evaluation.scoring import ScoredRun

SCHEMA = "briefqa.score/1"

_WIDTH = 80
_FEW = 30


def render_scores(runs: Sequence[ScoredRun], *, color: bool = False) -> str:
    """A block a run, of at most 80 columns."""
    lines: list[str] = []
    for run in runs:
        lines += [*_block(run, color=color), ""]
    n = next(iter(runs[0].measures.values())).n
    notes = "Intervals: 95%, bootstrap over questions; Wilson for shares."
    if len(runs) > 1:
        notes += " p: paired randomisation test against the first run, adjusted by Holm for all that is compared."
    if n < _FEW:
        notes += f" These are only {n} questions: small differences mean nothing."
    return "\n".join([*lines, *textwrap.wrap(notes, _WIDTH)])


def scores_csv(runs: Sequence[ScoredRun]) -> str:
    """A line a run and measure."""
    header = [
        "run",
        "measure",
        "value",
        "low",
        "high",
        "n",
        "difference",
        "difference_low",
        "difference_high",
        "p_holm",
    ]
    rows = []
    for run in runs:
        for name, measure in run.measures.items():
            found = run.against_first.get(name)
            low, high = found.paired.interval if found and found.paired.interval else (None, None)
            difference, p = (found.paired.difference, found.p) if found else (None, None)
            values = [measure.value, measure.low, measure.high, measure.n, difference, low, high, p]
            rows.append([run.path, name, *values])
    return to_csv(header, rows)


def questions_csv(runs: Sequence[ScoredRun]) -> str:
    """A line a run and question."""
    names = list(runs[0].scores)
    rows = [
        [run.path, question, *(run.scores[name][question] for name in names)]
        for run in runs
        for question in run.scores[names[0]]
    ]
    return to_csv(["run", "question", *names], rows)


def scores_json(runs: Sequence[ScoredRun], qrels: str) -> dict[str, object]:
    """Schema "briefqa.score/1"."""
    return {
        "schema": SCHEMA,
        "qrels": qrels,
        "runs": [
            {
                "run": run.path,
                "missing": run.missing,
                "unjudged": run.unjudged,
                "measures": {name: asdict(measure) for name, measure in run.measures.items()},
                "against_first": {
                    name: {**asdict(found.paired), "p_holm": found.p} for name, found in run.against_first.items()
                },
                "scores": {name: dict(scores) for name, scores in run.scores.items()},
            }
            for run in runs
        ],
    }


def _block(run: ScoredRun, *, color: bool) -> Iterator[str]:
    title = one_line(run.path)
    yield f"\x1b[1m{title}\x1b[0m" if color else title
    yield f"  {'measure':<14}{'value':>7}{'95% interval':>18}{'n':>7}" + (
        f"{'to first':>11}{'p':>8}{'+/-/=':>13}" if run.against_first else ""
    )
    for name, measure in run.measures.items():
        value = "-" if measure.value is None else f"{measure.value:.3f}"
        interval = "-" if measure.low is None or measure.high is None else f"{measure.low:.3f} to {measure.high:.3f}"
        line = f"  {name:<14}{value:>7}{interval:>18}{measure.n:>7}"
        found = run.against_first.get(name)
        if found:
            p = "<.001" if found.p < 0.0005 else f"{found.p:.3f}"
            counts = f"{found.paired.higher}/{found.paired.lower}/{found.paired.ties}"
            line += f"{found.paired.difference:>+11.3f}{p:>8}{counts:>13}"
        yield line
    if run.missing:
        yield f"  {run.missing} judged questions are not in the run and score 0."
    if run.unjudged:
        yield f"  {run.unjudged} questions of the run are not judged and left out."
