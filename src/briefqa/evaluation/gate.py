"""Conditions that a run has to meet, and whether a broken one is more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from briefqa.errors import UsageError
from briefqa.evaluation.comparability import (
    Difference,
    check_corpus,
    check_questions,
    check_same_set,
    differing_settings,
    shared_questions,
)
from briefqa.evaluation.comparison import PER_QUESTION, is_significant, scores
from briefqa.evaluation.names import measure_key
from briefqa.evaluation.results import LOWER_IS_BETTER, Measure
from briefqa.evaluation.runs import Run
from briefqa.evaluation.significance import FEW, RESAMPLING, Paired, Resampling, paired
from briefqa.evaluation.statistics import Interval
from briefqa.evaluation.summary import summarise

Kind = Literal["min", "max", "max_drop"]

OPTIONS: dict[Kind, str] = {"min": "--min", "max": "--max", "max_drop": "--max-drop"}

_UNBOUNDED = frozenset({"ms_p50", "ms_p95"})
# A mean of scores may miss the limit that it stands on by what floats lose.
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Condition:
    """The measure `key` may not be below ("min") or above ("max") the limit, or worse than the baseline by more than it
    ("max_drop"; where lower is better, a rise is what counts)."""

    kind: Kind
    key: str
    limit: float


@dataclass(frozen=True, slots=True)
class Judged:
    """How a run stands to a condition. `measured` is the measure's value, or for "max_drop" how much worse it is than
    `baseline`, negative where it is better; `interval` is that of `measured`, of `n` questions.

    `within_noise`: another set of such questions might well decide otherwise (the limit lies in the interval), or for
    "max_drop" the difference may be chance (by the paired randomisation test); None where that can't be told.
    `significant`, of "max_drop" alone: the drop is shown to be beyond the limit, as the interval lies beyond it and the
    difference is not chance.
    """

    condition: Condition
    measured: float
    interval: Interval | None
    n: int
    passed: bool
    within_noise: bool | None
    significant: bool | None = None
    baseline: float | None = None
    paired: Paired | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """How the run `run` on the question set `path` stands to every condition. `settings` are those in which it differs
    from the baseline."""

    run: str
    path: str
    questions: int
    baseline: str | None
    judged: tuple[Judged, ...]
    settings: tuple[Difference, ...]
    only_significant: bool
    other_corpus: bool
    method: Resampling = RESAMPLING

    @property
    def passed(self) -> bool:
        """Whether it meets them all."""
        return all(entry.passed for entry in self.judged)

    @property
    def few(self) -> bool:
        """Whether there are too few questions to tell much."""
        return self.questions < FEW


def read_condition(kind: Kind, text: str) -> Condition:
    """A condition as it is typed: "recall@5=.90".

    UsageError for what is no measure and number, for a limit that can't be reached, and for a lower limit of a measure
    that is better when lower, or the other way round.
    """
    option = OPTIONS[kind]
    name, equals, number = text.rpartition("=")
    if not equals:
        message = f"{option} {text!r} has no limit; write it like {option} recall@5=.90"
        raise UsageError(message)
    key = measure_key(name)
    try:
        limit = float(number)
    except ValueError:
        limit = float("nan")
    if not isfinite(limit) or limit < 0 or (limit > 1 and key not in _UNBOUNDED):
        wanted = "a number of milliseconds" if key in _UNBOUNDED else "a share from 0 to 1"
        message = f"{option} {text!r}: the limit {number!r} must be {wanted}"
        raise UsageError(message)
    if kind != "max_drop" and (kind == "max") != (key in LOWER_IS_BETTER):
        better, right = ("lower", "--max") if kind == "min" else ("higher", "--min")
        message = f"{option} {text!r}: {key} is better when it is {better}; use {right}"
        raise UsageError(message)
    return Condition(kind, key, limit)


def check_call(conditions: Sequence[Condition], *, baseline: bool, only_significant: bool) -> None:
    """Raises UsageError without conditions; for a drop without a baseline; for `only_significant` without a drop, or
    with one that can't be tested."""
    if not conditions:
        message = "there is no condition; give at least one --min, --max or --max-drop"
        raise UsageError(message)
    drops = [condition for condition in conditions if condition.kind == "max_drop"]
    if drops and not baseline:
        message = "--max-drop needs a run to compare with; give --baseline"
        raise UsageError(message)
    if only_significant and not drops:
        message = "--only-significant is about a drop; give a --max-drop"
        raise UsageError(message)
    untested = [condition.key for condition in drops if condition.key not in PER_QUESTION]
    if only_significant and untested:
        message = (
            f"{untested[0]} belongs to a whole set, so its drop has no paired test; leave out --only-significant, or "
            "its --max-drop"
        )
        raise UsageError(message)


def judge_run(
    run: Run,
    conditions: Sequence[Condition],
    *,
    baseline: Run | None = None,
    only_significant: bool = False,
    other_corpus: bool = False,
) -> GateResult:
    """Hold the run against the conditions; those on a drop compare the questions that it shares with the baseline.

    With `only_significant` a drop fails only where it is shown to be beyond its limit. UsageError for what `check_call`
    refuses; for a measure that the run or the baseline does not have; and, unless `other_corpus`, for a baseline of
    other articles or questions.
    """
    check_call(conditions, baseline=baseline is not None, only_significant=only_significant)
    if baseline:
        check_corpus(baseline.record.index, run.record.index, name=run.record.name, other_corpus=other_corpus)
        check_questions(baseline, run, other_corpus=other_corpus)
        if not other_corpus:
            check_same_set(baseline, run)
    return GateResult(
        run=run.record.name,
        path=run.report.path,
        questions=run.report.overall.questions,
        baseline=baseline.record.name if baseline else None,
        judged=tuple(
            _drop(condition, baseline, run, only_significant=only_significant)
            if baseline and condition.kind == "max_drop"
            else _bound(condition, run)
            for condition in conditions
        ),
        settings=differing_settings(baseline, run) if baseline else (),
        only_significant=only_significant,
        other_corpus=other_corpus,
    )


def _bound(condition: Condition, run: Run) -> Judged:
    measure = run.report.overall.measures[condition.key]
    value = _value(measure, condition, run)
    interval = (measure.low, measure.high) if measure.low is not None and measure.high is not None else None
    over = value - condition.limit
    return Judged(
        condition,
        value,
        interval,
        measure.n,
        passed=(over if condition.kind == "min" else -over) >= -_TOLERANCE,
        within_noise=interval[0] <= condition.limit <= interval[1] if interval else None,
    )


def _drop(condition: Condition, baseline: Run, run: Run, *, only_significant: bool) -> Judged:
    for side in (baseline, run):
        _value(side.report.overall.measures[condition.key], condition, side)
    if condition.key not in PER_QUESTION:
        return _drop_of_set(condition, baseline, run)
    found = paired(scores(baseline.report.outcomes, condition.key), scores(run.report.outcomes, condition.key))
    drop = _loss(condition.key, found.difference)
    interval = None
    if found.interval:
        low, high = sorted(_loss(condition.key, end) for end in found.interval)
        interval = (low, high)
    beyond = drop > condition.limit + _TOLERANCE
    significant = beyond and is_significant(found.p) and bool(interval and interval[0] > condition.limit)
    return Judged(
        condition,
        drop,
        interval,
        found.n,
        passed=not (significant if only_significant else beyond),
        within_noise=not is_significant(found.p),
        significant=significant,
        baseline=found.baseline,
        paired=found,
    )


def _drop_of_set(condition: Condition, baseline: Run, run: Run) -> Judged:
    """Of a measure that only sets of questions have: over those that both runs have, without a test."""
    shared = set(shared_questions([baseline, run]))
    measures = [
        summarise([outcome for outcome in side.report.outcomes if outcome.id in shared], keep_empty=True).measures[
            condition.key
        ]
        for side in (baseline, run)
    ]
    before, after = (_value(measure, condition, side) for measure, side in zip(measures, (baseline, run), strict=True))
    drop = _loss(condition.key, after - before)
    passed = drop <= condition.limit + _TOLERANCE
    return Judged(condition, drop, None, measures[1].n, passed, within_noise=None, baseline=before)


def _value(measure: Measure, condition: Condition, run: Run) -> float:
    if measure.value is None:
        message = (
            f"{OPTIONS[condition.kind]} {condition.key}: no question of {run.record.name} has this measure, so nothing "
            "can be said; take the condition away, or ask questions that have it"
        )
        raise UsageError(message)
    return measure.value


def _loss(key: str, difference: float) -> float:
    """How much worse a measure is that changed by so much."""
    return difference if key in LOWER_IS_BETTER else 0.0 - difference
