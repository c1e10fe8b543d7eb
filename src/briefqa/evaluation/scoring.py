"""Measures of rankings that anyone made, by anyone's judgements, and how several such runs compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefqa.errors import DatasetError
from briefqa.evaluation.metrics import parse_metric, rank_scored
from briefqa.evaluation.results import Measure
from briefqa.evaluation.significance import FEW, PERMUTATIONS, Paired, holm, paired
from briefqa.evaluation.statistics import LEVEL, RESAMPLES, SEED
from briefqa.evaluation.summary import mean_measure

DEFAULT_METRICS = ("nDCG@10", "RR@10", "AP@100", "P@10", "R@10", "R@100")

Scored = Mapping[str, Mapping[str, float]]
"""Question id -> id of a document or passage -> score."""

Gains = Mapping[str, Mapping[str, int]]
"""Question id -> id of a document or passage -> gain; above 0 it is relevant."""


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run by every measure: its mean, and each question's score. `missing` are judged questions that the run lacks,
    and `unknown` questions of the run that nobody judged, which are ignored."""

    label: str
    measures: Mapping[str, Measure]
    scores: Mapping[str, Mapping[str, float]]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A run against the first by one measure. `p` is adjusted for as many runs as there are behind the first."""

    measure: str
    paired: Paired
    p: float


@dataclass(frozen=True, slots=True)
class Scoring:
    """Runs over the same judgements. `contrasts` are those of every run but the first, in the order of the runs.
    `without_relevant` are the questions that have nothing relevant: they count 0, as those that a run lacks do.
    `level`, `resamples`, `permutations` and `seed` are those of the intervals and tests."""

    questions: tuple[str, ...]
    relevant: int
    without_relevant: tuple[str, ...]
    measures: tuple[str, ...]
    runs: tuple[ScoredRun, ...]
    contrasts: tuple[tuple[Contrast, ...], ...]
    level: float = LEVEL
    resamples: int = RESAMPLES
    permutations: int = PERMUTATIONS
    seed: int = SEED

    @property
    def few(self) -> bool:
        """Whether there are too few questions to show much."""
        return len(self.questions) < FEW


def score(qrels: Gains, runs: Mapping[str, Scored], names: Sequence[str] = DEFAULT_METRICS) -> Scoring:
    """Every run by the measures of these names, each once, over all questions of `qrels` that have a judgement; of the
    runs the first is what the others are held against.

    Raises UsageError for a name that is no measure, and DatasetError for a run of none of the questions.
    """
    for label, run in runs.items():
        if not run.keys() & qrels.keys():
            message = f"{label}: no question of this run is among the judgements; give the run and qrels of one set"
            raise DatasetError(message)
    metrics = {standard: (metric, k) for standard, metric, k in map(parse_metric, names)}
    scored = []
    for label, run in runs.items():
        ranked = {question: rank_scored(run[question]) for question in qrels if question in run}
        scores = {standard: metric(qrels, ranked, k=k) for standard, (metric, k) in metrics.items()}
        scored.append(
            ScoredRun(
                label=label,
                measures={standard: mean_measure(list(found.values())) for standard, found in scores.items()},
                scores=scores,
                missing=tuple(question for question in qrels if question not in run),
                unknown=tuple(question for question in run if question not in qrels),
            )
        )
    relevant = {question: sum(gain > 0 for gain in gains.values()) for question, gains in qrels.items()}
    return Scoring(
        questions=tuple(qrels),
        relevant=sum(relevant.values()),
        without_relevant=tuple(question for question, count in relevant.items() if not count),
        measures=tuple(metrics),
        runs=tuple(scored),
        contrasts=_contrasts(scored, list(metrics)),
    )


def _contrasts(runs: Sequence[ScoredRun], measures: Sequence[str]) -> tuple[tuple[Contrast, ...], ...]:
    columns = []
    for measure in measures:
        pairs = [paired(runs[0].scores[measure], run.scores[measure]) for run in runs[1:]]
        adjusted = holm([pair.p for pair in pairs])
        columns.append([Contrast(measure, pair, p) for pair, p in zip(pairs, adjusted, strict=True)])
    return tuple(zip(*columns, strict=True))
