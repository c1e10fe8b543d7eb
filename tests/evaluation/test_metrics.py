"""The metrics against values worked out by hand, and against ir_measures on random runs."""

from __future__ import annotations

import random
from collections.abc import Callable

import ir_measures
import pytest
from ir_measures import RR, P, R, Success, nDCG

from briefqa.errors import UsageError
from briefqa.evaluation.metrics import (
    auroc,
    best_passage_per_document,
    ndcg,
    precision,
    recall,
    reciprocal_rank,
    success,
)

# Relevant: a with gain 2, b and c with gain 1; x was judged and found irrelevant; y was never judged.
QRELS = {"q": {"a": 2, "b": 1, "c": 1, "x": 0}}
RUN = {"q": ["x", "b", "y", "a"]}


def test_ndcg_by_hand() -> None:
    # DCG  = 1/log2(3) + 2/log2(5)           = 0.630930 + 0.861353 = 1.492283
    # IDCG = 2/log2(2) + 1/log2(3) + 1/log2(4) = 2 + 0.630930 + 0.5 = 3.130930
    assert ndcg(QRELS, RUN, k=10) == {"q": pytest.approx(0.476626, abs=1e-6)}


def test_ndcg_cuts_the_ideal_too() -> None:
    # DCG@2 = 1/log2(3) = 0.630930; IDCG@2 = 2 + 0.630930 = 2.630930
    assert ndcg(QRELS, RUN, k=2) == {"q": pytest.approx(0.239812, abs=1e-6)}


def test_ndcg_of_an_ideal_ranking_is_one() -> None:
    assert ndcg(QRELS, {"q": ["a", "c", "b"]}, k=10) == {"q": pytest.approx(1.0, abs=1e-12)}


def test_a_negative_gain_counts_as_none() -> None:
    assert ndcg({"q": {"a": 1, "b": -1}}, {"q": ["b", "a"]}, k=10) == {"q": pytest.approx(0.630930, abs=1e-6)}


def test_reciprocal_rank_by_hand() -> None:
    assert reciprocal_rank(QRELS, RUN, k=10) == {"q": 1 / 2}
    assert reciprocal_rank(QRELS, RUN, k=1) == {"q": 0.0}


def test_recall_by_hand() -> None:
    # Three relevant ids: none in the top 1, b in the top 3, b and a in the top 4.
    assert [recall(QRELS, RUN, k=k)["q"] for k in (1, 3, 4, 10)] == [0, 1 / 3, 2 / 3, 2 / 3]


def test_success_by_hand() -> None:
    assert [success(QRELS, RUN, k=k)["q"] for k in (1, 2, 10)] == [0, 1, 1]


def test_precision_divides_by_k_even_when_fewer_were_retrieved() -> None:
    assert [precision(QRELS, RUN, k=k)["q"] for k in (1, 2, 4, 10)] == [0, 1 / 2, 2 / 4, 2 / 10]


@pytest.mark.parametrize("metric", [ndcg, reciprocal_rank, recall, success, precision])
def test_missing_and_unanswerable_questions_score_zero(metric: Callable[..., dict[str, float]]) -> None:
    qrels = {"missing": {"a": 1}, "nothing relevant": {"a": 0}, "unjudged": {}, "found": {"a": 1}}
    run = {"nothing relevant": ["a"], "unjudged": ["a"], "found": ["a"], "not in the qrels": ["a"]}
    scores = metric(qrels, run, k=1)
    assert scores == {"missing": 0.0, "nothing relevant": 0.0, "unjudged": 0.0, "found": 1.0}


@pytest.mark.parametrize("metric", [ndcg, reciprocal_rank, recall, success, precision])
def test_a_cutoff_below_one_is_refused(metric: Callable[..., dict[str, float]]) -> None:
    with pytest.raises(UsageError, match="cut at rank 0; give a cutoff of 1 or more"):
        metric(QRELS, RUN, k=0)


def test_documents_take_the_rank_of_their_best_passage() -> None:
    ranked = [("b1", "b"), ("a2", "a"), ("b2", "b"), ("c9", "c"), ("a1", "a")]
    assert best_passage_per_document(ranked) == ["b", "a", "c"]


def test_auroc_by_hand() -> None:
    # Pairs: .9 beats .8, .5, .1 (3); .5 loses to .8, ties .5, beats .1 (1.5); 4.5 of 6.
    assert auroc([0.9, 0.5], [0.5, 0.8, 0.1]) == 0.75


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [([2, 3], [1, 1], 1.0), ([1], [2], 0.0), ([1, 1], [1], 0.5), ([], [1], None), ([1], [], None)],
)
def test_auroc_at_its_ends(positives: list[float], negatives: list[float], expected: float | None) -> None:
    assert auroc(positives, negatives) == expected


def _random_world(seed: int) -> tuple[dict[str, dict[str, int]], dict[str, list[str]]]:
    rng = random.Random(seed)
    pool = [f"d{number}" for number in range(25)]
    qrels = {
        f"q{number}": {unit: rng.choice([0, 0, 1, 2, 3]) for unit in rng.sample(pool, rng.randint(1, 15))}
        for number in range(12)
    }
    asked = [question for question in qrels if rng.random() < 0.8]
    return qrels, {question: rng.sample(pool, rng.randint(1, 20)) for question in [*asked, "unjudged"]}


@pytest.mark.parametrize("seed", range(25))
def test_agrees_with_ir_measures(seed: int) -> None:
    qrels, run = _random_world(seed)
    scored = {question: {unit: float(-rank) for rank, unit in enumerate(units)} for question, units in run.items()}
    ours = {
        nDCG @ 10: ndcg(qrels, run, k=10),
        RR @ 10: reciprocal_rank(qrels, run, k=10),
        R @ 5: recall(qrels, run, k=5),
        P @ 5: precision(qrels, run, k=5),
        Success @ 5: success(qrels, run, k=5),
    }
    compared = 0
    for theirs in ir_measures.iter_calc(list(ours), qrels, scored):
        assert ours[theirs.measure][theirs.query_id] == pytest.approx(theirs.value, abs=1e-9), theirs
        compared += 1
    assert compared == len(ours) * len(qrels)
    means = ir_measures.calc_aggregate(list(ours), qrels, scored)
    assert {measure: sum(scores.values()) / len(scores) for measure, scores in ours.items()} == pytest.approx(
        means, abs=1e-9
    )
