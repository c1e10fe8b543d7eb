"""Values with their intervals, as JSON and as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from briefqa.evaluation.statistics import Interval, mean_interval


def summary(values: Sequence[float]) -> dict[str, Any]:
    """The mean of scores from 0 to 1 (None without any), its interval, by which method, and of how many."""
    found = mean_interval(values)
    interval, method = found or (None, None)
    value = sum(values) / len(values) if values else None
    return {"value": value, "interval": interval, "method": method, "n": len(values)}


def shown(entry: Mapping[str, Any] | None, *, signed: bool = False) -> str:
    """A value and its interval, to three places."""
    if entry is None or entry["value"] is None:
        return "–"
    form = "+.3f" if signed else ".3f"
    interval: Interval | None = entry.get("interval")
    value = format(entry["value"], form)
    return f"{value} [{interval[0]:{form}}, {interval[1]:{form}}]" if interval else value


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """As Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
