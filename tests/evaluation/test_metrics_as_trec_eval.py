"""Our measures against those of ir_measures, which has trec_eval's, on random runs."""

from __future__ import annotations

import random
from collections.abc import Iterator

import ir_measures
import pytest

from briefqa.errors import UsageError
from briefqa.evaluation.metrics import METRICS, parse_metric, rank_scored

NAMES = [f"{name}@{k}" for name in METRICS for k in (1, 3, 10, 100)]
Scored = dict[str, dict[str, float]]
Gains = dict[str, dict[str, int]]


def worlds() -> Iterator[tuple[Gains, Scored]]:
    """Runs with ties, also such as only single precision has; questions that one side lacks; ids that nobody judged;
    gains of several grades, 0 and below it; questions with nothing relevant."""
    rng = random.Random(20020)
    for _ in range(60):
        units = [f"d{number}" for number in range(rng.randint(1, 40))]
        questions = [f"q{number}" for number in range(rng.randint(1, 12))]
        grades = rng.choice([(0, 1), (-1, 0, 1, 2, 3), (0,), (1, 2)])
        qrels = {
            q: {u: rng.choice(grades) for u in units if rng.random() < 0.4} for q in questions if rng.random() < 0.9
        }
        near = [0.5, 0.5 + 1e-9, 0.25, 1.0, 16777217.0, 16777216.0]
        run = {
            q: {u: rng.choice(near) if rng.random() < 0.5 else rng.random() for u in units if rng.random() < 0.7}
            for q in [*questions, "only in the run"]
            if rng.random() < 0.85
        }
        # A question without any judgement is none to trec_eval.
        yield {q: gains for q, gains in qrels.items() if gains}, {q: scores for q, scores in run.items() if scores}


@pytest.mark.parametrize("name", NAMES)
def test_equal_question_by_question(name: str) -> None:
    standard, metric, k = parse_metric(name)
    compared = 0
    for qrels, run in worlds():
        ours = metric(qrels, {question: rank_scored(scores) for question, scores in run.items()}, k=k)
        # Cut, ir_measures takes RR from another tool, which breaks ties in its own way; uncut it is trec_eval's.
        measure = ir_measures.parse_measure("RR" if standard.startswith("RR") else standard)
        theirs = {found.query_id: found.value for found in ir_measures.iter_calc([measure], qrels, run)}
        if standard.startswith("RR"):
            theirs = {question: value if value * k >= 1 - 1e-9 else 0.0 for question, value in theirs.items()}
        # trec_eval leaves out questions that the run lacks; they count 0.
        assert ours == {question: pytest.approx(theirs.get(question, 0.0), abs=1e-9) for question in qrels}
        compared += len(theirs)
    assert compared > 200


@pytest.mark.parametrize(
    ("name", "standard"),
    [
        ("nDCG@10", "nDCG@10"),
        ("ndcg@10", "nDCG@10"),
        ("MRR@5", "RR@5"),
        ("map@100", "AP@100"),
        ("Recall@005", "R@5"),
        ("precision@1", "P@1"),
        ("hits@3", "Success@3"),
        (" r@2 ", "R@2"),
    ],
)
def test_names_as_people_type_them(name: str, standard: str) -> None:
    found, metric, k = parse_metric(name)
    assert (found, metric, k) == (standard, METRICS[standard.split("@")[0]], int(standard.split("@")[1]))


@pytest.mark.parametrize("name", ["nDCG", "nDCG@", "nDCG@0", "nDCG@-1", "nDCG@1.5", "f1@10", "", "@10", "nDCG@ten"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_metric(name)
    assert str(caught.value) == (f"{name!r} names no measure; write one of nDCG@K, RR@K, AP@K, P@K, R@K, Success@K")


def test_equal_scores_are_ranked_as_trec_eval_ranks_them() -> None:
    assert rank_scored({"a": 1.0, "b": 2.0, "c": 1.0, "B": 1.0}) == ["b", "c", "a", "B"]
    assert rank_scored({"a": 1.0 + 1e-9, "b": 1.0}) == ["b", "a"]  # equal in single precision
