"""Scored TREC runs as terminal text, CSV and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from briefqa.rendering.columns import wrapped
from briefqa.rendering.style import count
from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.evaluation.results import Measure
    from briefqa.evaluation.scoring import AgainstFirst, ScoredRun

SCHEMA = "briefqa.score/1"

_NAME = 14


def render_scores(runs: Sequence[ScoredRun], *, color: bool = False) -> str:
    """A block a run, of at most 80 columns."""
    lines: list[str] = []
    for run in runs:
        lines += [*_block(run, color=color), ""]
    return "\n".join([*lines, *wrapped(_notes(runs))])


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
        "questions": runs[0].questions,
        "few": runs[0].few,
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
        "method": asdict(runs[0].method),
    }


def _block(run: ScoredRun, *, color: bool) -> Iterator[str]:
    for line in wrapped(run.path):
        yield f"\x1b[1m{line}\x1b[0m" if color else line
    interval = f"{run.method.level:.0%} interval"
    head = f"  {'measure':<{_NAME}}{'value':>7}{interval:>16}{'n':>7}"
    yield head + (f"{'to first':>9}{'p':>7}{'+/-/=':>18}" if run.against_first else "")
    for name, measure in run.measures.items():
        if len(name) > _NAME:
            yield from wrapped(name, indent=2)
        yield f"  {name if len(name) <= _NAME else '':<{_NAME}}{_cells(measure, run.against_first.get(name))}"
    if run.missing:
        yield f"  {count(run.missing, 'judged question')} not in the run: scored 0."
    if run.unjudged:
        yield f"  {count(run.unjudged, 'question')} of the run not judged: left out."


def _cells(measure: Measure, found: AgainstFirst | None) -> str:
    value = "-" if measure.value is None else f"{measure.value:.3f}"
    interval = "-" if measure.low is None or measure.high is None else f"{measure.low:.3f} to {measure.high:.3f}"
    cells = f"{value:>7}{interval:>16}{measure.n:>7}"
    if not found:
        return cells
    p = "<.001" if found.p < 0.0005 else f"{found.p:.3f}"
    counts = f"{found.paired.higher}/{found.paired.lower}/{found.paired.ties}"
    # Adding 0 takes the minus off a zero.
    return f"{cells}{round(found.paired.difference, 3) + 0.0:>+9.3f}{p:>7}{counts:>18}"


def _notes(runs: Sequence[ScoredRun]) -> str:
    method = runs[0].method
    said = [
        f"Intervals: {method.level:.0%}, percentile bootstrap over questions ({method.resamples} resamples); Wilson"
        " where all are 0 or 1 or alike."
    ]
    if len(runs) > 1:
        said.append(
            f"p: paired randomisation test against the first run ({method.permutations} exchanges, or all where few"
            " differ), adjusted by Holm for all that is compared. +/-/=: questions that score higher, lower, alike."
        )
    said.append(f"Seed {method.seed}.")
    if runs[0].few:
        said.append(f"Only {count(runs[0].questions, 'question')}: small differences mean nothing.")
    return " ".join(said)
