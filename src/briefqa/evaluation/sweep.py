"""Which of several runs is best by a measure, and whether it is best at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from briefqa.errors import UsageError
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.results import LOWER_IS_BETTER, Measure
from briefqa.evaluation.runs import Run
from briefqa.evaluation.significance import FEW, RESAMPLING, Paired, Resampling, holm, paired

_OF_SETS = frozenset({"auroc", "ms_p50", "ms_p95"})


@dataclass(frozen=True, slots=True)
class Tried:
    """A configuration, its value, and how it stands to the best one: None for the best itself. `p` is adjusted for as
    many comparisons as there are configurations behind the best."""

    label: str
    measure: Measure
    to_best: Paired | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Sweep:
    """Configurations by falling merit by `key`. `rivals` can't be told from the best. `method` is behind the intervals
    and the p values."""

    key: str
    tried: tuple[Tried, ...]
    questions: int
    method: Resampling = RESAMPLING

    @property
    def best(self) -> Tried:
        """The one with the best value; of equals the first that was tried."""
        return self.tried[0]

    @property
    def rivals(self) -> tuple[Tried, ...]:
        """Those whose difference to the best may be chance."""
        return tuple(entry for entry in self.tried[1:] if entry.p is not None and entry.p > 1 - self.method.level)

    @property
    def few(self) -> bool:
        """Whether there are too few questions to show much."""
        return self.questions < FEW

    @property
    def lower_is_better(self) -> bool:
        """Whether the best has the lowest value."""
        return self.key in LOWER_IS_BETTER


def check_measure(key: str, questions: Sequence[Question], *, answers: bool) -> None:
    """Raise UsageError for a measure that no question of the set will have by itself; without `answers`, retrieval
    alone is measured."""
    of_retrieval = "." in key
    if key in _OF_SETS or not (answers or of_retrieval) or not any(_has(question, key) for question in questions):
        _refuse(key)


def _has(question: Question, key: str) -> bool:
    if not question.gold:
        return key in {"false_answers", "brier"}
    if not question.quoted:
        return key.startswith("documents.") or key == "missed_answers"
    return key != "false_answers"


def rank_runs(runs: Sequence[Run], key: str) -> Sweep:
    """The runs by the measure, each tested against the best. UsageError for a measure that no single question has, or
    that applies to none of theirs."""
    scores = [
        {outcome.id: outcome.measures[key] for outcome in run.report.outcomes if key in outcome.measures}
        for run in runs
    ]
    if not all(scores):
        _refuse(key)
    sign = -1.0 if key in LOWER_IS_BETTER else 1.0
    values = [sum(found.values()) / len(found) for found in scores]
    order = sorted(range(len(runs)), key=lambda place: -sign * values[place])
    others = [paired(scores[order[0]], scores[place]) for place in order[1:]]
    adjusted = holm([found.p for found in others])
    tried = [
        Tried(runs[place].record.name, runs[place].report.overall.measures[key], found, p)
        for place, found, p in zip(order, [None, *others], [None, *adjusted], strict=True)
    ]
    return Sweep(key, tuple(tried), len(scores[0]))


def _refuse(key: str) -> NoReturn:
    message = f"{key} can't rank configurations: it is no measure of single questions here; choose another --by"
    raise UsageError(message)
