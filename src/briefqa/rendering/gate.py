"""The result of a gate as terminal text, CSV and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from briefqa.rendering.columns import FEW, FEW_NOTE, wrapped
from briefqa.rendering.comparison import method_text, p_value, settings_json, settings_lines
from briefqa.rendering.escape import one_line
from briefqa.rendering.style import count
from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.evaluation.gate import GateResult, Judged
    from briefqa.evaluation.significance import Paired

SCHEMA = "briefqa.gate/1"

_HEAD = f"{'condition':<30}{'limit':>9}{'measured':>10}{'95% interval':>22}{'verdict':>9}"
_NAMES = {"min": "min", "max": "max", "max_drop": "max-drop"}
_OF_TIME = "ms_"


def render_gate(result: GateResult, *, color: bool = False) -> str:
    """A line for each condition, and what it is worth, as lines of at most 80 columns; the last says how it ended.

    Whatever comes from question sets is escaped; `color` adds ANSI bold and nothing else.
    """
    against = f", against {result.baseline}" if result.baseline is not None else ""
    heading = f"Gate: {result.run}{against}, {count(result.questions, 'question')} of {result.path}"
    lines = [_bold(line, color) for line in wrapped(heading)]
    lines += settings_lines(result.settings)
    if result.other_corpus:
        lines += wrapped("The runs may be of other articles and questions (--other-corpus).")
    if result.few:
        lines += wrapped(FEW_NOTE)
    lines += ["", _bold(_HEAD, color)]
    for entry in result.judged:
        lines += _rows(entry, few=result.few)
    lines += ["", *_footer(result), "", _bold(_conclusion(result), color)]
    return "\n".join(lines)


def gate_csv(result: GateResult) -> str:
    """A row for each condition."""
    header = [
        "condition", "measure", "limit", "measured", "low", "high", "n", "baseline", "p", "detectable",
        "within_noise", "significant", "verdict",
    ]  # fmt: skip
    return to_csv(header, [_cells(entry) for entry in result.judged])


def gate_json(result: GateResult) -> dict[str, object]:
    """Schema "briefqa.gate/1"."""
    return {
        "schema": SCHEMA,
        "passed": result.passed,
        "run": result.run,
        "baseline": result.baseline,
        "path": result.path,
        "questions": result.questions,
        "few": result.few,
        "only_significant": result.only_significant,
        "other_corpus": result.other_corpus,
        "conditions": [_judged_json(entry) for entry in result.judged],
        "settings": settings_json(result.settings),
        "method": asdict(result.method),
    }


def _rows(entry: Judged, *, few: bool) -> Iterator[str]:
    """`few`: that there are few questions has been said."""
    condition = entry.condition
    interval = "-"
    if entry.interval:
        interval = " to ".join(_number(end, condition.key) for end in entry.interval)
    yield (
        f"{_NAMES[condition.kind] + ' ' + one_line(condition.key):<30}{_number(condition.limit, condition.key):>9}"
        f"{_number(entry.measured, condition.key):>10}{interval:>22}{'pass' if entry.passed else 'FAIL':>9}"
    )
    yield from wrapped("; ".join(_remarks(entry, few=few)), indent=2)


def _remarks(entry: Judged, *, few: bool) -> Iterator[str]:
    if entry.condition.kind != "max_drop":
        if entry.within_noise is None:
            yield "too few questions for an interval"
        elif entry.within_noise:
            yield "within noise: other questions of this kind might well decide otherwise"
        else:
            yield "clear: the whole interval is on this side of the limit"
    elif entry.paired is None:
        before = _number(entry.baseline or 0.0, entry.condition.key)
        yield f"from {before} in the baseline; a measure of whole sets has no paired test to tell noise from loss"
    else:
        yield from _remarks_on_drop(entry, entry.paired)
    if entry.n < FEW and not few:
        yield f"only {count(entry.n, 'question')} {'has' if entry.n == 1 else 'have'} it"


def _remarks_on_drop(entry: Judged, pair: Paired) -> Iterator[str]:
    if entry.measured <= 0:
        yield "no loss"
    elif entry.within_noise:
        yield f"within noise: the loss may be chance (p {p_value(pair.p)})"
    else:
        yield f"a loss, not noise (p {p_value(pair.p)})"
        if entry.measured > entry.condition.limit and not entry.significant:
            yield "that it is beyond the limit is not shown"
    if pair.detectable is not None and pair.detectable > entry.condition.limit:
        yield f"this set shows losses from about {pair.detectable:.3f} on"


def _footer(result: GateResult) -> Iterator[str]:
    text = []
    if any(entry.paired for entry in result.judged):
        text.append("For max-drop, measured is how much worse than the baseline.")
    text.append(method_text(result.method) + " Of min and max: as in briefqa eval run.")
    if result.only_significant:
        text.append("A drop fails only where it is shown to be beyond its limit (--only-significant).")
    yield from wrapped(" ".join(text))


def _conclusion(result: GateResult) -> str:
    failed = sum(not entry.passed for entry in result.judged)
    conditions = count(len(result.judged), "condition")
    return f"FAILED: {failed} of {conditions}." if failed else f"Passed: {conditions}."


def _cells(entry: Judged) -> list[object]:
    low, high = entry.interval or (None, None)
    pair = entry.paired
    return [
        entry.condition.kind, entry.condition.key, entry.condition.limit, entry.measured, low, high, entry.n,
        entry.baseline, pair.p if pair else None, pair.detectable if pair else None,
        entry.within_noise, entry.significant, "pass" if entry.passed else "fail",
    ]  # fmt: skip


def _judged_json(entry: Judged) -> dict[str, object]:
    low, high = entry.interval or (None, None)
    pair = entry.paired
    return {
        "condition": entry.condition.kind,
        "measure": entry.condition.key,
        "limit": entry.condition.limit,
        "measured": entry.measured,
        "low": low,
        "high": high,
        "n": entry.n,
        "baseline": entry.baseline,
        "p": pair.p if pair else None,
        "detectable": pair.detectable if pair else None,
        "within_noise": entry.within_noise,
        "significant": entry.significant,
        "passed": entry.passed,
    }


def _number(value: float, key: str) -> str:
    digits = 1 if key.startswith(_OF_TIME) else 3
    # Adding 0 takes the sign off a zero.
    return f"{round(value, digits) + 0.0:.{digits}f}"


def _bold(line: str, color: bool) -> str:
    return f"\x1b[1m{line}\x1b[0m" if color else line
