from __future__ import annotations

from dataclasses import replace

import pytest

from briefqa.errors import UsageError
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.results import MEASURES
from briefqa.evaluation.significance import Resampling
from briefqa.evaluation.sweep import Sweep, check_measure, rank_runs
from tests.evaluation.swept import scored, swept

NDCG = "passages.nDCG@10"
ANSWERABLE = Question("q1", "Who?", (), (Gold("a.md", "A"),), 1)
UNANSWERABLE = Question("q2", "Why?", (), (), 2)


def ranked(**values: list[float]) -> Sweep:
    return rank_runs([scored(name, NDCG, found) for name, found in values.items()], NDCG)


def test_best_first_each_against_the_best() -> None:
    found = ranked(low=[0.0, 0.0, 0.0], high=[1.0, 1.0, 1.0], middle=[1.0, 0.5, 0.0])
    assert [entry.label for entry in found.tried] == ["high", "middle", "low"]
    assert [entry.measure.value for entry in found.tried] == [1.0, 0.5, 0.0]
    assert (found.key, found.questions, found.few, found.lower_is_better) == (NDCG, 3, True, False)
    assert found.best.label == "high"
    assert (found.best.to_best, found.best.p) == (None, None)
    middle, low = found.tried[1].to_best, found.tried[2].to_best
    assert middle is not None
    assert low is not None
    assert (middle.baseline, middle.other, middle.difference) == (1.0, 0.5, -0.5)
    # Of the signs of -.5 and -1, the two that are alike reach 1.5: 2 of 4. Of three times -1: 2 of 8.
    assert (middle.p, low.p) == (0.5, 0.25)
    # Holm: 2 x .25, and then at least that, 1 x .5.
    assert [entry.p for entry in found.tried[1:]] == [0.5, 0.5]
    assert found.rivals == found.tried[1:]
    assert found.method == Resampling(level=0.95, resamples=2000, permutations=10_000, seed=20020)


def test_a_winner_has_no_rivals() -> None:
    # 2 of 2 ** 7 assignments of signs reach the sum: p = .015625, and .03125 for two.
    found = ranked(none=[0.0] * 7, all=[1.0] * 7, half=[0.5] * 7)
    assert [entry.p for entry in found.tried] == [None, 0.03125, 0.03125]
    assert found.rivals == ()


def test_one_more_comparison_may_cost_the_win() -> None:
    # With six questions p is 2 of 2 ** 6 = .03125, which would do for one, and is .0625 for two.
    found = ranked(none=[0.0] * 6, all=[1.0] * 6)
    assert [entry.p for entry in found.tried] == [None, 0.03125]
    assert found.rivals == ()
    found = ranked(none=[0.0] * 6, all=[1.0] * 6, half=[0.5] * 6)
    assert [entry.p for entry in found.tried] == [None, 0.0625, 0.0625]
    assert [entry.label for entry in found.rivals] == ["half", "none"]


def test_some_are_rivals_and_some_are_not() -> None:
    found = ranked(all=[1.0] * 8, near=[1.0] * 7 + [0.0], none=[0.0] * 8)
    assert [(entry.label, entry.p) for entry in found.tried] == [("all", None), ("near", 1.0), ("none", 2 * 2 / 256)]
    assert [entry.label for entry in found.rivals] == ["near"]


def test_of_equals_the_first_that_was_tried() -> None:
    found = ranked(b=[0.5, 1.0], a=[1.0, 0.5], c=[0.5, 1.0])
    assert [entry.label for entry in found.tried] == ["b", "a", "c"]
    assert [entry.p for entry in found.tried] == [None, 1.0, 1.0]


@pytest.mark.parametrize("key", ["false_answers", "missed_answers", "brier"])
def test_where_lower_is_better(key: str) -> None:
    found = rank_runs([scored("high", key, [1.0] * 7), scored("low", key, [0.0] * 7)], key)
    assert [entry.label for entry in found.tried] == ["low", "high"]
    assert found.lower_is_better
    assert found.tried[1].to_best is not None
    assert found.tried[1].to_best.difference == 1.0
    assert found.rivals == ()


def test_questions_that_the_measure_does_not_apply_to_do_not_count() -> None:
    measures = [{NDCG: 1.0, "brier": 0.25}, {"false_answers": 1.0, "brier": 0.25}, {NDCG: 0.0, "brier": 0.0}]
    found = rank_runs([swept("a", measures), swept("b", measures)], NDCG)
    assert (found.questions, found.best.measure.value, found.best.measure.n) == (2, 0.5, 2)
    assert rank_runs([swept("a", measures)], "false_answers").questions == 1
    assert rank_runs([swept("a", measures)], "brier").questions == 3


def test_few_questions_end_at_thirty() -> None:
    assert ranked(a=[1.0, 0.0] * 14 + [1.0]).few
    assert not ranked(a=[1.0, 0.0] * 15).few


@pytest.mark.parametrize("key", ["auroc", "ms_p50", "ms_p95", "quote_hit"])
def test_a_measure_that_no_question_has(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        rank_runs([scored("a", NDCG, [1.0])], key)
    assert str(caught.value) == (
        f"{key} can't rank configurations: it is no measure of single questions here; choose another --by"
    )


def test_which_measures_a_set_will_have() -> None:
    both, one, other = [ANSWERABLE, UNANSWERABLE], [ANSWERABLE], [UNANSWERABLE]

    def fine(questions: list[Question], *, answers: bool) -> set[str]:
        return {key for key in MEASURES if not refused(key, questions, answers=answers)}

    of_retrieval = {key for key in MEASURES if key.startswith(("passages.", "documents.", "characters."))}
    of_quotes = {"quote_hit@1", "quote_hit@3", "quote_hit", "missed_answers"}
    assert fine(both, answers=True) == {*of_retrieval, *of_quotes, "false_answers", "brier"}
    assert fine(one, answers=True) == {*of_retrieval, *of_quotes, "brier"}
    assert fine(other, answers=True) == {"false_answers", "brier"}
    assert fine(both, answers=False) == fine(one, answers=False) == of_retrieval
    assert fine(other, answers=False) == set()
    whole = [replace(ANSWERABLE, gold=(Gold("a.md", None),))]
    of_documents = {key for key in of_retrieval if key.startswith("documents.")}
    assert fine(whole, answers=True) == {*of_documents, "missed_answers"}
    assert fine([*whole, ANSWERABLE], answers=True) == fine(one, answers=True)


def refused(key: str, questions: list[Question], *, answers: bool) -> bool:
    try:
        check_measure(key, questions, answers=answers)
    except UsageError:
        return True
    return False
