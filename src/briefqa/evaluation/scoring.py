"""Anyone's rankings, scored: TREC runs against TREC judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefqa.errors import DatasetError
from briefqa.evaluation.metrics import parse_metric, rank_scored
from briefqa.evaluation.results import Measure
from briefqa.evaluation.significance import FEW, RESAMPLING, Paired, Resampling, holm, paired
from briefqa.evaluation.summary import mean_measure
from briefqa.evaluation.trec import read_qrels, read_run

DEFAULT_METRICS = ("nDCG@10", "RR@10", "AP@100", "P@10", "R@10", "R@100")


@dataclass(frozen=True, slots=True)
class AgainstFirst:
    """A run's measure beside the first run's; `p` is adjusted (Holm) for all runs and measures that were compared."""

    paired: Paired
    p: float


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run by its path: measure name -> value, -> question -> score, and -> comparison with the first run (empty for
    that one itself). `missing` questions of the judgements are not in the run and score 0; `unjudged` questions of the
    run are not in the judgements and are left out. `method` is behind the intervals and the p values."""

    path: str
    measures: Mapping[str, Measure]
    scores: Mapping[str, Mapping[str, float]]
    against_first: Mapping[str, AgainstFirst]
    missing: int
    unjudged: int
    method: Resampling = RESAMPLING

    @property
    def questions(self) -> int:
        """How many questions are judged."""
        return len(next(iter(self.scores.values())))

    @property
    def few(self) -> bool:
        """Whether there are too few questions to show much."""
        return self.questions < FEW


def score_runs(qrels_path: Path, run_paths: Sequence[Path], metrics: Sequence[str]) -> list[ScoredRun]:
    """Every run by every metric, named as `parse_metric` takes them. Raises UsageError for another name, DatasetError
    for a file that is no run or no judgements, or a run of none of the judged questions."""
    parsed = [parse_metric(name) for name in metrics or DEFAULT_METRICS]
    qrels = read_qrels(qrels_path)
    runs = []
    for path in run_paths:
        run = {question: rank_scored(scores) for question, scores in read_run(path).items()}
        if not run.keys() & qrels.keys():
            message = f"{path}: none of its questions is in {qrels_path}; give a run and judgements of the same set"
            raise DatasetError(message)
        runs.append((path, run, {name: metric(qrels, run, k=k) for name, metric, k in parsed}))
    first = runs[0][2]
    compared = {
        (place, name): paired(first[name], scores[name])
        for place, (_, _, scores) in enumerate(runs)
        if place
        for name in first
    }
    adjusted = dict(zip(compared, holm([found.p for found in compared.values()]), strict=True))
    return [
        ScoredRun(
            path=str(path),
            measures={name: mean_measure(list(found.values())) for name, found in scores.items()},
            scores=scores,
            against_first={
                name: AgainstFirst(compared[place, name], adjusted[place, name]) for name in scores if place
            },
            missing=len(qrels.keys() - run.keys()),
            unjudged=len(run.keys() - qrels.keys()),
        )
        for place, (path, run, scores) in enumerate(runs)
    ]
