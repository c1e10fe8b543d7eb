"""An evaluation report as comma-separated values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from briefqa.evaluation.results import Report


def report_csv(report: Report) -> str:
    """A line a measure: over all questions (no tag), then over those of each tag."""
    summaries = [("", report.overall), *report.tags.items()]
    rows = [
        [tag, name, measure.value, measure.low, measure.high, measure.n, measure.interval]
        for tag, summary in summaries
        for name, measure in summary.measures.items()
    ]
    return to_csv(["tag", "measure", "value", "low", "high", "n", "interval"], rows)
