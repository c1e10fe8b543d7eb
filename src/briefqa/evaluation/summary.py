"""From single questions to a report: every measure over a set, and over each of its tags, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from briefqa.evaluation.calibration import calibrate
from briefqa.evaluation.metrics import auroc
from briefqa.evaluation.results import MEASURES, Drift, Measure, Outcome, Report, Setting, Summary
from briefqa.evaluation.statistics import LEVEL, RESAMPLES, SEED, auroc_interval, bootstrap_interval, mean_interval
from briefqa.types import IndexInfo


def make_report(
    path: str,
    outcomes: Sequence[Outcome],
    index: IndexInfo | None,
    settings: Mapping[str, Setting],
    *,
    drift: Sequence[Drift] = (),
) -> Report:
    """The report of a set, from the outcomes of its questions in their order."""
    judged = [outcome for outcome in outcomes if outcome.judged]
    return Report(
        path=path,
        overall=summarise(outcomes, keep_empty=True),
        tags={
            tag: summarise([outcome for outcome in outcomes if tag in outcome.tags], keep_empty=False)
            for tag in sorted({tag for outcome in outcomes for tag in outcome.tags})
        },
        outcomes=tuple(outcomes),
        calibration=calibrate([entry.confidence for entry in judged], [entry.right for entry in judged]),
        index=index,
        settings=dict(settings),
        level=LEVEL,
        resamples=RESAMPLES,
        seed=SEED,
        drift=tuple(drift),
    )


def summarise(outcomes: Sequence[Outcome], *, keep_empty: bool) -> Summary:
    """Every measure over the outcomes; those that apply to none of them only if `keep_empty`."""
    measures = {name: _measure(name, outcomes) for name in MEASURES}
    answerable = sum(outcome.answerable for outcome in outcomes)
    return Summary(
        answerable=answerable,
        unanswerable=len(outcomes) - answerable,
        measures={name: measure for name, measure in measures.items() if keep_empty or measure.n},
    )


def _measure(name: str, outcomes: Sequence[Outcome]) -> Measure:
    if name == "auroc":
        return _separation(outcomes)
    if name in {"ms_p50", "ms_p95"}:
        return _latency(outcomes, quantile=0.5 if name == "ms_p50" else 0.95)
    return mean_measure([outcome.measures[name] for outcome in outcomes if name in outcome.measures])


def mean_measure(values: Sequence[float]) -> Measure:
    """The mean of scores from 0 to 1, one a question."""
    interval = mean_interval(values)
    if interval is None:
        return Measure(None, None, None, 0, None)
    (low, high), method = interval
    return Measure(sum(values) / len(values), low, high, len(values), method)


def _separation(outcomes: Sequence[Outcome]) -> Measure:
    """How well confidence tells answerable questions from the others; n counts both."""
    asked = [outcome for outcome in outcomes if outcome.status != "not_asked"]
    positives = [outcome.confidence for outcome in asked if outcome.answerable]
    negatives = [outcome.confidence for outcome in asked if not outcome.answerable]
    value = auroc(positives, negatives)
    if value is None:
        return Measure(None, None, None, 0, None)
    interval = auroc_interval(value, len(positives), negatives=len(negatives))
    low, high = interval or (None, None)
    return Measure(value, low, high, len(asked), "newcombe" if interval else None)


def _latency(outcomes: Sequence[Outcome], *, quantile: float) -> Measure:
    values = [outcome.milliseconds for outcome in outcomes]
    interval = bootstrap_interval(values, quantile=quantile)
    low, high = interval or (None, None)
    value = float(np.quantile(values, quantile))
    return Measure(value, low, high, len(values), "bootstrap" if interval else None)
