"""An evaluation report as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.evaluation.results import Report, Summary

SCHEMA = "briefqa.eval/2"


def report_json(report: Report) -> dict[str, object]:
    """The report as JSON values, schema "briefqa.eval/2"; measures have the same keys whatever was asked."""
    return {
        "schema": SCHEMA,
        "path": report.path,
        **summary_json(report.overall),
        "tags": {tag: summary_json(summary) for tag, summary in report.tags.items()},
        "outcomes": [
            {
                "id": outcome.id,
                "question": outcome.text,
                "tags": list(outcome.tags),
                "line": outcome.line,
                "answerable": outcome.answerable,
                "status": outcome.status,
                "confidence": outcome.confidence,
                "right": outcome.right,
                "measures": dict(outcome.measures),
                "hits": [hit.id for hit in outcome.hits],
                "milliseconds": outcome.milliseconds,
            }
            for outcome in report.outcomes
        ],
        "calibration": asdict(report.calibration) if report.calibration else None,
        "drift": [asdict(drift) for drift in report.drift],
        "index": asdict(report.index) if report.index else None,
        "settings": dict(report.settings),
        "intervals": {"level": report.level, "resamples": report.resamples, "seed": report.seed},
    }


def summary_json(summary: Summary) -> dict[str, object]:
    """The measures of a set of questions."""
    return {
        "questions": summary.questions,
        "answerable": summary.answerable,
        "unanswerable": summary.unanswerable,
        "measures": {name: asdict(measure) for name, measure in summary.measures.items()},
    }
