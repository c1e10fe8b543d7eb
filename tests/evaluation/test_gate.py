"""Conditions on a run; every figure was worked out by hand."""

from __future__ import annotations

import pytest

from briefqa.errors import UsageError
from briefqa.evaluation.gate import Condition, Kind, judge_run, read_condition
from briefqa.evaluation.runs import Run
from tests.evaluation.builders import make_outcome, make_run, scored

NDCG = "passages.nDCG@10"
HIT = "quote_hit"


def timed(name: str, *milliseconds: float) -> Run:
    outcomes = [make_outcome(f"q{n}", {HIT: 1.0}, milliseconds=took) for n, took in enumerate(milliseconds)]
    return make_run(name, outcomes)


@pytest.mark.parametrize(
    ("kind", "text", "condition"),
    [
        ("min", "recall@5=.90", Condition("min", "passages.R@5", 0.9)),
        ("min", "documents.nDCG@10=1", Condition("min", "documents.nDCG@10", 1.0)),
        ("max", " false_answers = 0.4 ", Condition("max", "false_answers", 0.4)),
        ("max", "ms_p95=1500", Condition("max", "ms_p95", 1500.0)),
        ("max_drop", "nDCG@10=.01", Condition("max_drop", NDCG, 0.01)),
        ("max_drop", "missed_answers=0", Condition("max_drop", "missed_answers", 0.0)),
    ],
)
def test_reading(kind: Kind, text: str, condition: Condition) -> None:
    assert read_condition(kind, text) == condition


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("min", "recall@5", r"^--min 'recall@5' has no limit; write it like --min recall@5=\.90$"),
        ("min", "recall@7=.9", r"^there is no measure 'recall@7'; there are: passages\.R@1, "),
        ("min", "recall@5=90", r"^--min 'recall@5=90': the limit '90' must be a share from 0 to 1$"),
        ("min", "recall@5=90%", r"the limit '90%' must be a share from 0 to 1$"),
        ("min", "recall@5=", r"the limit '' must be a share from 0 to 1$"),
        ("min", "recall@5=nan", r"the limit 'nan' must be a share from 0 to 1$"),
        ("max_drop", "nDCG@10=-.01", r"^--max-drop 'nDCG@10=-\.01': the limit '-\.01' must be a share"),
        ("max", "ms_p50=inf", r"^--max 'ms_p50=inf': the limit 'inf' must be a number of milliseconds$"),
        ("min", "brier=.1", r"^--min 'brier=\.1': brier is better when it is lower; use --max$"),
        ("max", "quote_hit=.1", r"^--max 'quote_hit=\.1': quote_hit is better when it is higher; use --min$"),
    ],
)
def test_conditions_that_make_no_sense(kind: Kind, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_condition(kind, text)


@pytest.mark.parametrize(
    ("condition", "scores", "passed", "within_noise"),
    [
        # Wilson of 5 of 10: .2366 to .7634.
        (Condition("min", HIT, 0.5), [1.0, 0.0] * 5, True, True),
        (Condition("min", HIT, 0.51), [1.0, 0.0] * 5, False, True),
        (Condition("min", HIT, 0.77), [1.0, 0.0] * 5, False, False),
        (Condition("min", HIT, 0.23), [1.0, 0.0] * 5, True, False),
        (Condition("max", "missed_answers", 0.5), [1.0, 0.0] * 5, True, True),
        (Condition("max", "missed_answers", 0.49), [1.0, 0.0] * 5, False, True),
        (Condition("max", "missed_answers", 0.2), [1.0, 0.0] * 5, False, False),
        (Condition("max", "missed_answers", 0.8), [1.0, 0.0] * 5, True, False),
        # In floats the mean of these is a hair above .2, and of those below .8.
        (Condition("max", "brier", 0.2), [0.1, 0.2, 0.3], True, True),
        (Condition("min", NDCG, 0.8), [0.7, 0.8, 0.9], True, True),
    ],
)
def test_limits(condition: Condition, scores: list[float], passed: bool, within_noise: bool) -> None:
    result = judge_run(scored("new", condition.key, scores), [condition])
    (entry,) = result.judged
    assert (entry.passed, entry.within_noise, result.passed) == (passed, within_noise, passed)
    assert entry.measured == pytest.approx(sum(scores) / len(scores))
    assert (entry.n, entry.baseline, entry.paired, entry.significant) == (len(scores), None, None, None)


def test_times_and_separation_have_limits_too() -> None:
    run = timed("new", 10.0, 20.0, 60.0)
    result = judge_run(run, [Condition("max", "ms_p50", 20.0), Condition("max", "ms_p50", 19.0)])
    assert [(entry.measured, entry.passed) for entry in result.judged] == [(20.0, True), (20.0, False)]
    # Of the pairs of an answerable and another question the first is surer in three of four.
    outcomes = [
        make_outcome("q1", {}, confidence=0.9),
        make_outcome("q2", {}, confidence=0.4),
        make_outcome("q3", {}, gold=[], confidence=0.5),
        make_outcome("q4", {}, gold=[], confidence=0.1),
    ]
    (entry,) = judge_run(make_run("new", outcomes), [Condition("min", "auroc", 0.8)]).judged
    assert (entry.measured, entry.passed, entry.within_noise) == (0.75, False, True)


@pytest.mark.parametrize(
    ("key", "before", "after", "limit", "drop", "passed"),
    [
        (NDCG, [1.0] * 10, [0.9] * 10, 0.1, 0.1, True),
        (NDCG, [1.0] * 10, [0.9] * 10, 0.09, 0.1, False),
        (NDCG, [0.9] * 10, [1.0] * 10, 0.0, -0.1, True),
        (NDCG, [1.0] * 10, [1.0] * 10, 0.0, 0.0, True),
        ("missed_answers", [0.0] * 10, [0.0] * 8 + [1.0] * 2, 0.1, 0.2, False),
        ("missed_answers", [1.0] * 10, [0.0] * 10, 0.0, -1.0, True),
    ],
)
def test_drops_know_which_way_is_better(
    key: str, before: list[float], after: list[float], limit: float, drop: float, passed: bool
) -> None:
    result = judge_run(
        scored("new", key, after), [Condition("max_drop", key, limit)], baseline=scored("old", key, before)
    )
    (entry,) = result.judged
    assert entry.measured == pytest.approx(drop)
    assert (entry.passed, result.passed, entry.n) == (passed, passed, 10)
    assert entry.baseline == pytest.approx(sum(before) / 10)


@pytest.mark.parametrize(
    ("questions", "limit", "fails", "significant", "within_noise"),
    [
        (6, 0.4, True, True, False),  # p = 2 / 64, and all that is resampled is a drop of .5
        (6, 0.5, False, False, False),
        (5, 0.4, True, False, True),  # p = 2 / 32
        (1, 0.4, True, False, True),  # no interval
    ],
)
def test_noise_and_loss(questions: int, limit: float, fails: bool, significant: bool, within_noise: bool) -> None:
    old, new = scored("old", NDCG, [1.0] * questions), scored("new", NDCG, [0.5] * questions)
    conditions = [Condition("max_drop", NDCG, limit)]
    for only_significant in (False, True):
        result = judge_run(new, conditions, baseline=old, only_significant=only_significant)
        (entry,) = result.judged
        assert (entry.significant, entry.within_noise) == (significant, within_noise)
        assert entry.passed is not (significant if only_significant else fails)
        assert entry.interval == ((0.5, 0.5) if questions > 1 else None)


def test_a_drop_that_is_real_but_not_shown_to_be_beyond_the_limit() -> None:
    # Of 20 questions 8 are lost: a drop of .4 which no chance explains (p = 2 / 256), from about .2 to .6.
    old, new = scored("old", HIT, [1.0] * 20), scored("new", HIT, [0.0] * 8 + [1.0] * 12)
    result = judge_run(new, [Condition("max_drop", HIT, 0.3)], baseline=old, only_significant=True)
    (entry,) = result.judged
    assert entry.paired is not None
    assert (entry.measured, entry.paired.p) == (0.4, 2 / 256)
    assert entry.interval == pytest.approx((0.2, 0.6), abs=0.051)
    assert (entry.passed, entry.significant, entry.within_noise) == (True, False, False)
    assert not judge_run(new, [Condition("max_drop", HIT, 0.3)], baseline=old).passed
    assert not judge_run(new, [Condition("max_drop", HIT, 0.1)], baseline=old, only_significant=True).passed


def test_every_condition_has_to_be_met() -> None:
    run = scored("new", HIT, [1.0, 0.0])
    result = judge_run(run, [Condition("min", HIT, 0.6), Condition("min", HIT, 0.5)])
    assert ([entry.passed for entry in result.judged], result.passed) == ([False, True], False)
    assert (result.run, result.path, result.questions, result.few, result.baseline) == ("new", "q.jsonl", 2, True, None)


def test_a_drop_of_what_only_sets_have() -> None:
    old, new = timed("old", 10.0, 20.0, 30.0), timed("new", 10.0, 25.0, 30.0, 900.0)
    condition = Condition("max_drop", "ms_p50", 4.0)
    # Of the three that both have the median rose from 20 to 25.
    (entry,) = judge_run(new, [condition], baseline=old, other_corpus=True).judged
    assert (entry.measured, entry.baseline, entry.n, entry.passed) == (5.0, 20.0, 3, False)
    assert (entry.interval, entry.paired, entry.within_noise, entry.significant) == (None, None, None, None)
    assert judge_run(new, [Condition("max_drop", "ms_p50", 5.0)], baseline=old, other_corpus=True).passed
    message = r"^ms_p50 belongs to a whole set, so its drop has no paired test; leave out --only-significant, or its"
    with pytest.raises(UsageError, match=message):
        judge_run(old, [condition, Condition("max_drop", HIT, 0.1)], baseline=old, only_significant=True)


def test_a_measure_that_is_not_there_is_no_pass() -> None:
    run = scored("new", HIT, [1.0])
    message = r"^--max false_answers: no question of new has this measure, so nothing can be said; take the condition "
    with pytest.raises(UsageError, match=message):
        judge_run(run, [Condition("max", "false_answers", 1.0)])
    for key, lacking in ((NDCG, "new"), (HIT, "old"), ("auroc", "old")):
        with pytest.raises(UsageError, match=rf"^--max-drop {key}: no question of {lacking} has this measure"):
            judge_run(run, [Condition("max_drop", key, 1.0)], baseline=scored("old", NDCG, [1.0]))


def test_calls_that_say_nothing() -> None:
    run = scored("new", HIT, [1.0])
    with pytest.raises(UsageError, match=r"^there is no condition; give at least one --min, --max or --max-drop$"):
        judge_run(run, [], baseline=run)
    with pytest.raises(UsageError, match=r"^--max-drop needs a run to compare with; give --baseline$"):
        judge_run(run, [Condition("max_drop", HIT, 0.1)])
    with pytest.raises(UsageError, match=r"^--only-significant is about a drop; give a --max-drop$"):
        judge_run(run, [Condition("min", HIT, 0.1)], baseline=run, only_significant=True)


def test_a_baseline_of_something_else_is_refused() -> None:
    new = scored("new", HIT, [1.0, 0.0])
    conditions = [Condition("max_drop", HIT, 0.5)]
    others = make_run("old", [make_outcome("q1", {HIT: 1.0})], corpus="d" * 64)
    with pytest.raises(UsageError, match=r"^new was measured on other articles than the baseline; "):
        judge_run(new, conditions, baseline=others)
    fewer = scored("old", HIT, [1.0])
    message = (
        r"^old was asked 0 questions that new was not, and 1 the other way round; ask both the same set, or compare"
    )
    with pytest.raises(UsageError, match=message):
        judge_run(new, conditions, baseline=fewer)
    with pytest.raises(UsageError, match=message):
        judge_run(new, [Condition("min", HIT, 0.1)], baseline=fewer)
    for baseline in (others, fewer):
        result = judge_run(new, conditions, baseline=baseline, other_corpus=True)
        # The one question that both have did not change; all of the run's own count for its own limits.
        assert (result.judged[0].n, result.judged[0].measured, result.questions) == (1, 0.0, 2)
    changed = make_run("old", [make_outcome("q1", {HIT: 1.0}, text="Another?"), make_outcome("q2", {HIT: 1.0})])
    with pytest.raises(
        UsageError, match=r"^old and new have different questions, or different gold, under the ids 'q1'"
    ):
        judge_run(new, conditions, baseline=changed, other_corpus=True)
    strangers = make_run("old", [make_outcome("q9", {HIT: 1.0})])
    with pytest.raises(UsageError, match=r"^the two have no question in common that this measure applies to$"):
        judge_run(new, conditions, baseline=strangers, other_corpus=True)
    with pytest.raises(UsageError, match=r"^the runs have no question in common; "):
        judge_run(new, [Condition("max_drop", "ms_p50", 1.0)], baseline=strangers, other_corpus=True)
