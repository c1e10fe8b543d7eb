"""Runs held against a baseline, question by question: what differs, whether it could be chance, and where it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from briefqa.errors import UsageError
from briefqa.evaluation.comparability import (
    Difference,
    check_corpus,
    check_questions,
    differing_settings,
    shared_questions,
)
from briefqa.evaluation.results import LOWER_IS_BETTER, MEASURES, Outcome
from briefqa.evaluation.runs import Run
from briefqa.evaluation.significance import FEW, RESAMPLING, Paired, Resampling, holm, paired
from briefqa.evaluation.statistics import LEVEL

PER_QUESTION = tuple(key for key in MEASURES if key not in {"auroc", "ms_p50", "ms_p95"})
"""The measures that single questions have, which alone can be compared in pairs."""

HEADLINE = (
    "passages.nDCG@10",
    "passages.R@5",
    "documents.nDCG@10",
    "quote_hit@1",
    "quote_hit",
    "missed_answers",
    "false_answers",
    "brier",
)
"""What is compared unless other measures are named."""

MOVED_BY = "passages.nDCG@10"
MOST_MOVED = 5

_TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure of a run and of the baseline. `p` is adjusted for as many runs as are held against the baseline (Holm),
    for this measure by itself; with one run it is that of `paired`."""

    key: str
    paired: Paired
    p: float

    @property
    def lower_is_better(self) -> bool:
        """Whether a fall is a gain."""
        return self.key in LOWER_IS_BETTER

    @property
    def wins(self) -> int:
        """Questions on which the run is better than the baseline."""
        return self.paired.lower if self.lower_is_better else self.paired.higher

    @property
    def losses(self) -> int:
        """Questions on which it is worse."""
        return self.paired.higher if self.lower_is_better else self.paired.lower

    @property
    def verdict(self) -> Literal["better", "worse", "same", "not_shown"]:
        """What the p value allows to say; "same" only where every question scored the same."""
        if not self.wins + self.losses:
            return "same"
        if not is_significant(self.p):
            return "not_shown"
        return "better" if (self.paired.difference < 0) == self.lower_is_better else "worse"


@dataclass(frozen=True, slots=True)
class Moved:
    """A question that scored differently."""

    id: str
    text: str
    baseline: float
    other: float


@dataclass(frozen=True, slots=True)
class Against:
    """A run held against the baseline. `moved` are the questions with the largest differences, largest first."""

    label: str
    settings: tuple[Difference, ...]
    measures: tuple[Compared, ...]
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs against the run `baseline`, on the `questions` that all have; `left_out` are asked by some of them only.

    `inapplicable` are the measures that no question has in every run; `by` is the one that `moved` questions moved by.
    """

    baseline: str
    others: tuple[Against, ...]
    questions: int
    left_out: int
    inapplicable: tuple[str, ...]
    by: str
    other_corpus: bool
    method: Resampling = RESAMPLING

    @property
    def few(self) -> bool:
        """Whether there are too few questions to show much."""
        return self.questions < FEW


def compare(
    runs: Sequence[Run],
    keys: Sequence[str] = HEADLINE,
    *,
    by: str | None = None,
    moved: int = MOST_MOVED,
    other_corpus: bool = False,
    insist: bool = False,
) -> Comparison:
    """The first run as the baseline of the others, by the measures `keys` of `PER_QUESTION`; with the `moved` questions
    that differ most by the measure `by`, or by `MOVED_BY` if it applies.

    UsageError for fewer than two runs, runs on other articles unless `other_corpus`, other questions under the same
    ids, no shared question, a key that is not in `PER_QUESTION`, or no key that applies; with `insist`, for any key
    that does not apply.
    """
    if len(runs) < 2:
        message = "one run can't be compared; name two or more, the baseline first"
        raise UsageError(message)
    for key in (*keys, *([by] if by else [])):
        check_per_question(key)
    for run in runs[1:]:
        check_corpus(runs[0].record.index, run.record.index, name=run.record.name, other_corpus=other_corpus)
        check_questions(runs[0], run, other_corpus=other_corpus)
    shared = shared_questions(runs)
    asked = [{outcome.id: outcome for outcome in run.report.outcomes} for run in runs]
    every = {identity for outcomes in asked for identity in outcomes}
    tables = [[outcomes[identity] for identity in shared] for outcomes in asked]
    found = {key: [scores(outcomes, key) for outcomes in tables] for key in dict.fromkeys(keys)}
    inapplicable = tuple(key for key, sides in found.items() if not all(sides))
    if inapplicable and (insist or len(inapplicable) == len(found)):
        message = f"no question that all these runs have has {', '.join(inapplicable)}; choose another --measure"
        raise UsageError(message)
    if by and not all(scores(outcomes, by) for outcomes in tables):
        message = f"no question that all these runs have has {by}; choose another --by"
        raise UsageError(message)
    applicable = {key: _held(key, sides) for key, sides in found.items() if all(sides)}
    labels = _labels(runs)
    return Comparison(
        baseline=labels[0],
        others=tuple(
            Against(
                labels[place],
                differing_settings(runs[0], runs[place]),
                tuple(held[place - 1] for held in applicable.values()),
                _most_moved(tables[0], tables[place], by or MOVED_BY, moved),
            )
            for place in range(1, len(runs))
        ),
        questions=len(shared),
        left_out=len(every) - len(shared),
        inapplicable=inapplicable,
        by=by or MOVED_BY,
        other_corpus=other_corpus,
    )


def is_significant(p: float) -> bool:
    """Whether a difference with this p value passes for more than chance."""
    return p <= 1 - LEVEL


def scores(outcomes: Sequence[Outcome], key: str) -> dict[str, float]:
    """Question id -> score, of those that have the measure."""
    return {outcome.id: outcome.measures[key] for outcome in outcomes if key in outcome.measures}


def check_per_question(key: str) -> None:
    """Raises UsageError for a measure that single questions don't have."""
    if key not in PER_QUESTION:
        message = f"{key} belongs to a whole set, so it can't be compared question by question; choose another measure"
        raise UsageError(message)


def _held(key: str, sides: Sequence[Mapping[str, float]]) -> list[Compared]:
    pairs = [paired(sides[0], side) for side in sides[1:]]
    return [Compared(key, found, p) for found, p in zip(pairs, holm([found.p for found in pairs]), strict=True)]


def _most_moved(baseline: Sequence[Outcome], other: Sequence[Outcome], by: str, most: int) -> tuple[Moved, ...]:
    moved = [
        Moved(before.id, before.text, before.measures[by], after.measures[by])
        for before, after in zip(baseline, other, strict=True)
        if by in before.measures and by in after.measures and abs(before.measures[by] - after.measures[by]) > _TIE
    ]
    moved.sort(key=lambda entry: -abs(entry.other - entry.baseline))
    return tuple(moved[:most])


def _labels(runs: Sequence[Run]) -> list[str]:
    names = [run.record.name for run in runs]
    return names if len(set(names)) == len(names) else [str(run.folder) for run in runs]
