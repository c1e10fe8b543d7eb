"""A sweep as terminal text, CSV and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from briefqa.rendering.columns import columns, padded, wrapped
from briefqa.rendering.escape import one_line
from briefqa.rendering.style import count
from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from briefqa.evaluation.sweep import Sweep, Tried

SCHEMA = "briefqa.sweep/1"

_LABEL = 36


def render_sweep(sweep: Sweep, *, color: bool = False) -> str:
    """A line a configuration, best first, and what that is worth; at most 80 columns."""
    interval = f"{sweep.method.level:.0%} interval"
    head = f"{'configuration':<{_LABEL}}{'value':>7}{interval:>17}{'to best':>10}{'p':>8}"
    direction = ", lower is better" if sweep.lower_is_better else ""
    told = f"By {one_line(sweep.key)}{direction}, {count(sweep.questions, 'question')}"
    lines = [told, "", f"\x1b[1m{head}\x1b[0m" if color else head]
    for entry in sweep.tried:
        lines += _rows(entry)
    lines += ["", *wrapped(_verdict(sweep)), *wrapped(_method(sweep))]
    return "\n".join(lines)


def sweep_csv(sweep: Sweep) -> str:
    """The same as comma-separated values."""
    header = ["configuration", "value", "low", "high", "n", "difference", "difference_low", "difference_high", "p_holm"]
    rows = []
    for entry in sweep.tried:
        measure, found = entry.measure, entry.to_best
        low, high = found.interval if found and found.interval else (None, None)
        difference = found.difference if found else None
        rows.append([entry.label, measure.value, measure.low, measure.high, measure.n, difference, low, high, entry.p])
    return to_csv(header, rows)


def sweep_json(sweep: Sweep) -> dict[str, object]:
    """Schema "briefqa.sweep/1"."""
    return {
        "schema": SCHEMA,
        "by": sweep.key,
        "lower_is_better": sweep.lower_is_better,
        "questions": sweep.questions,
        "few": sweep.few,
        "configurations": [
            {
                "configuration": entry.label,
                "measure": asdict(entry.measure),
                "to_best": asdict(entry.to_best) if entry.to_best else None,
                "p_holm": entry.p,
            }
            for entry in sweep.tried
        ],
        "best": sweep.best.label,
        "not_told_apart": [entry.label for entry in sweep.rivals],
        "method": asdict(sweep.method),
    }


def _rows(entry: Tried) -> list[str]:
    label, measure, found = one_line(entry.label), entry.measure, entry.to_best
    interval = "-" if measure.low is None or measure.high is None else f"{measure.low:.3f} to {measure.high:.3f}"
    # Adding 0 takes the minus off a zero.
    difference = f"{round(found.difference, 3) + 0.0:+.3f}" if found else "best"
    p = "" if entry.p is None else "<.001" if entry.p < 0.0005 else f"{entry.p:.3f}"
    above, label = (wrapped(label), "") if columns(label) >= _LABEL else ([], label)
    row = f"{padded(label, _LABEL)}{measure.value or 0.0:>7.3f}{interval:>17}{difference:>10}{p:>8}"
    return [*above, row.rstrip()]


def _verdict(sweep: Sweep) -> str:
    best, others = one_line(sweep.best.label), len(sweep.tried) - 1
    said = []
    if not others:
        said.append(f"{best} was the only one tried.")
    elif not sweep.rivals:
        said.append(f"{best} is better than {'the other' if others == 1 else 'every other'} here.")
    else:
        those = "the other" if others == 1 else f"{len(sweep.rivals)} of the {others} others"
        said.append(f"No clear winner: {best} has the best value, but this set can't tell it from {those}.")
        needed = [entry.to_best.detectable for entry in sweep.rivals if entry.to_best and entry.to_best.detectable]
        if needed:
            said.append(f"It would likely have shown a difference of {max(needed):.3f}.")
    if sweep.few:
        only = "This is only 1 question" if sweep.questions == 1 else f"These are only {sweep.questions} questions"
        said.append(f"{only}: small differences mean nothing.")
    if others:
        said.append(
            "The best of many looks better than it is: measure it again on questions that were not used to choose it."
        )
    return " ".join(said)


def _method(sweep: Sweep) -> str:
    method = sweep.method
    tested = (
        f" p: paired randomisation test ({method.permutations} exchanges, or all where few differ), adjusted by Holm."
    )
    return (
        f"Intervals: {method.level:.0%}, percentile bootstrap over questions ({method.resamples} resamples); Wilson"
        f" where all are 0 or 1 or alike.{tested if len(sweep.tried) > 1 else ''} Seed {method.seed}."
    )
