"""A comparison of runs as terminal text, CSV and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from briefqa.rendering.columns import FEW_NOTE, WIDTH, clip, padded, wrapped
from briefqa.rendering.escape import one_line
from briefqa.rendering.style import count
from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.evaluation.comparability import Difference
    from briefqa.evaluation.comparison import Compared, Comparison, Moved
    from briefqa.evaluation.significance import Resampling

SCHEMA = "briefqa.compare/1"

_HEAD = f"{'measure':<21}{'baseline':>8}{'other':>8}{'change':>9}{'95% interval':>18}{'p':>7}"
_HOLM = f"{'p Holm':>8}"
_NAME = 28
_VALUE = 22
_ID = 14


def render_comparison(found: Comparison, *, color: bool = False) -> str:
    """A block for each run that is held against the baseline, as lines of at most 80 columns.

    Whatever comes from question sets is escaped; `color` adds ANSI bold and nothing else.
    """
    several = len(found.others) > 1
    lines = [
        _bold(line, color) for line in wrapped(f"Baseline: {found.baseline}, {count(found.questions, 'question')}")
    ]
    if found.left_out:
        lines += wrapped(f"{count(found.left_out, 'question')} that not every run has, left out.")
    if found.other_corpus:
        lines += wrapped("The runs may be of other articles (--other-corpus).")
    if found.few:
        lines += wrapped(FEW_NOTE)
    for other in found.others:
        lines += ["", *(_bold(line, color) for line in wrapped(f"{other.label} against {found.baseline}"))]
        lines += settings_lines(other.settings)
        lines += ["", _bold(_HEAD + (_HOLM if several else ""), color)]
        for entry in other.measures:
            lines += _rows(entry, runs=len(found.others), few=found.few)
        if other.moved:
            lines += ["", _bold(f"Moved most, by {one_line(found.by)}", color), *map(_moved, other.moved)]
    return "\n".join([*lines, "", *_footer(found)])


def comparison_csv(found: Comparison) -> str:
    """A row for each run and measure."""
    header = [
        "run", "measure", "n", "baseline", "other", "difference", "low", "high", "p", "p_holm",
        "wins", "losses", "ties", "detectable", "verdict",
    ]  # fmt: skip
    rows = []
    for other in found.others:
        for entry in other.measures:
            pair = entry.paired
            low, high = pair.interval or (None, None)
            tested = [pair.n, pair.baseline, pair.other, pair.difference, low, high, pair.p, entry.p]
            counts = [entry.wins, entry.losses, pair.ties, pair.detectable, entry.verdict]
            rows.append([other.label, entry.key, *tested, *counts])
    return to_csv(header, rows)


def comparison_json(found: Comparison) -> dict[str, object]:
    """Schema "briefqa.compare/1"."""
    return {
        "schema": SCHEMA,
        "baseline": found.baseline,
        "questions": found.questions,
        "left_out": found.left_out,
        "few": found.few,
        "other_corpus": found.other_corpus,
        "inapplicable": list(found.inapplicable),
        "moved_by": found.by,
        "runs": [
            {
                "run": other.label,
                "settings": settings_json(other.settings),
                "measures": [_compared_json(entry) for entry in other.measures],
                "moved": [
                    {"id": entry.id, "question": entry.text, "baseline": entry.baseline, "other": entry.other}
                    for entry in other.moved
                ],
            }
            for other in found.others
        ],
        "method": asdict(found.method),
    }


def settings_lines(settings: Sequence[Difference]) -> list[str]:
    """What two runs differ in, a line each under a heading; nothing if there is nothing."""
    rows = [
        f"  {padded(clip(entry.name, _NAME - 2), _NAME)}"
        f"{clip(_setting(entry.baseline), _VALUE)} -> {clip(_setting(entry.other), _VALUE)}"
        for entry in settings
    ]
    return ["Settings that differ:", *rows] if rows else []


def settings_json(settings: Sequence[Difference]) -> list[dict[str, object]]:
    """The same as JSON values."""
    return [{"name": entry.name, "baseline": entry.baseline, "other": entry.other} for entry in settings]


def method_text(method: Resampling) -> str:
    """How the intervals and p values of a comparison were made, in two sentences."""
    return (
        f"Intervals: {method.level:.0%}, percentile bootstrap over questions ({method.resamples} resamples). p: paired "
        f"randomisation test ({method.permutations} exchanges, or all where few differ). Seed {method.seed}."
    )


def p_value(p: float) -> str:
    """A p value in at most five characters."""
    return "<.001" if p < 0.0005 else f"{p:.3f}"


def _rows(entry: Compared, *, runs: int, few: bool) -> Iterator[str]:
    """`few`: that there are few questions has been said."""
    pair = entry.paired
    interval = " to ".join(map(_signed, pair.interval)) if pair.interval else "-"
    yield (
        f"{one_line(entry.key):<21}{pair.baseline:>8.3f}{pair.other:>8.3f}{_signed(pair.difference):>9}{interval:>18}"
        f"{p_value(pair.p):>7}" + (f"{p_value(entry.p):>8}" if runs > 1 else "")
    )
    losses = f"{entry.losses} {'loss' if entry.losses == 1 else 'losses'}"
    counts = f"{count(entry.wins, 'win')}, {losses}, {count(pair.ties, 'tie')}"
    only = f"; only {count(pair.n, 'question')} {'has' if pair.n == 1 else 'have'} it" if pair.few and not few else ""
    yield from wrapped(f"{_verdict(entry, runs=runs)}; {counts}{only}", indent=2)


def _verdict(entry: Compared, *, runs: int) -> str:
    pair = entry.paired
    if entry.verdict == "same":
        return "the same on every question"
    if entry.verdict != "not_shown":
        return entry.verdict
    if pair.detectable is not None and abs(pair.difference) < pair.detectable:
        return f"no difference that this set could show (it would take about ±{pair.detectable:.3f})"
    if runs > 1 and pair.p < entry.p:
        return f"no difference that this set could show for {runs} runs at once"
    return "no difference that so few questions could show"


def _moved(entry: Moved) -> str:
    label = padded(clip(entry.id, _ID - 2), _ID)
    return f"  {label}{entry.baseline:>6.3f} -> {entry.other:<6.3f}  {clip(entry.text, WIDTH - 34)}"


def _footer(found: Comparison) -> list[str]:
    measures = found.others[0].measures
    lower = [entry.key for entry in measures if entry.lower_is_better]
    several = len(found.others) > 1
    text = [
        f"Change: other less baseline. {method_text(found.method)}",
        f"p Holm: adjusted for the {len(found.others)} runs, for each measure by itself." if several else "",
        f"Verdicts go by {'p Holm' if several else 'p'}, one measure at a time: settle on one before you look.",
        f"Lower is better: {', '.join(lower)}." if lower else "",
        f"Not compared, as no question has it in every run: {', '.join(found.inapplicable)}."
        if found.inapplicable
        else "",
    ]
    return wrapped(" ".join(part for part in text if part))


def _compared_json(entry: Compared) -> dict[str, object]:
    pair = entry.paired
    low, high = pair.interval or (None, None)
    return {
        "measure": entry.key,
        "lower_is_better": entry.lower_is_better,
        "n": pair.n,
        "few": pair.few,
        "baseline": pair.baseline,
        "other": pair.other,
        "difference": pair.difference,
        "low": low,
        "high": high,
        "p": pair.p,
        "p_holm": entry.p,
        "wins": entry.wins,
        "losses": entry.losses,
        "ties": pair.ties,
        "detectable": pair.detectable,
        "verdict": entry.verdict,
    }


def _signed(change: float) -> str:
    # Adding 0 takes the minus off a zero.
    return f"{round(change, 3) + 0.0:+.3f}"


def _setting(value: object) -> str:
    return "-" if value is None else str(value)


def _bold(line: str, color: bool) -> str:
    return f"\x1b[1m{line}\x1b[0m" if color else line
