"""Sets and tags of questions, summed up by hand."""

from __future__ import annotations

import pytest

from briefqa.evaluation.results import MEASURES, FoundGold, Measure, Outcome
from briefqa.evaluation.statistics import auroc_interval, bootstrap_interval, wilson_interval
from briefqa.evaluation.summary import make_report, summarise
from briefqa.types import IndexInfo

NOTHING = Measure(None, None, None, 0, None)
GOLD = FoundGold("a.md", "d1", (0, 4), "Gold")


def outcome(
    identifier: str, *tags: str, answerable: bool = True, confidence: float = 0.5, ms: float = 10.0, **measures: float
) -> Outcome:
    return Outcome(
        id=identifier,
        text=f"{identifier}?",
        tags=tags,
        line=1,
        status="answered",
        confidence=confidence,
        right=False,
        measures=measures,
        golds=(GOLD,) if answerable else (),
        hits=(),
        quotes=(),
        milliseconds=ms,
    )


OUTCOMES = (
    outcome("q1", "z", "fact", quote_hit=1.0, brier=0.25, confidence=0.9, ms=10.0),
    outcome("q2", "fact", quote_hit=0.0, brier=0.5, confidence=0.5, ms=40.0),
    outcome("q3", "a", answerable=False, false_answers=1.0, brier=0.25, confidence=0.5, ms=20.0),
)


def test_means_over_the_questions_that_a_measure_applies_to() -> None:
    found = summarise(OUTCOMES, keep_empty=True)
    assert (found.questions, found.answerable, found.unanswerable) == (3, 2, 1)
    assert list(found.measures) == list(MEASURES)
    low, high = wilson_interval(1, 2) or (None, None)
    assert found.measures["quote_hit"] == Measure(0.5, low, high, 2, "wilson")
    low, high = bootstrap_interval([0.25, 0.5, 0.25]) or (None, None)
    assert found.measures["brier"] == Measure(1 / 3, low, high, 3, "bootstrap")
    # .9 beats .5, and .5 ties with it: 1.5 of 2 pairs.
    low, high = auroc_interval(0.75, 2, negatives=1) or (None, None)
    assert found.measures["auroc"] == Measure(0.75, low, high, 3, "newcombe")
    assert found.measures["ms_p50"].value == 20.0
    # Position .95 * 2 = 1.9 between the second and the third of 10, 20 and 40.
    assert found.measures["ms_p95"].value == pytest.approx(38.0)
    assert found.measures["passages.R@5"] == NOTHING


def test_what_applies_to_none_may_be_left_out() -> None:
    assert list(summarise(OUTCOMES, keep_empty=False).measures) == [
        *("quote_hit", "false_answers", "auroc", "brier", "ms_p50", "ms_p95")
    ]
    assert list(summarise(OUTCOMES[2:], keep_empty=False).measures) == ["false_answers", "brier", "ms_p50", "ms_p95"]


def test_one_side_alone_has_no_separation() -> None:
    for side in (OUTCOMES[:2], OUTCOMES[2:]):
        assert summarise(side, keep_empty=True).measures["auroc"] == NOTHING


def test_one_question_has_a_time_without_an_interval() -> None:
    assert summarise(OUTCOMES[1:2], keep_empty=True).measures["ms_p50"] == Measure(40.0, None, None, 1, None)


def test_a_report_of_a_set_and_its_tags() -> None:
    index = IndexInfo(1, 2, 3, "fake", stale=None)
    settings = {"retriever": "dense"}
    report = make_report("sets/q.jsonl", OUTCOMES, index, settings)
    settings["retriever"] = "lexical"
    assert (report.path, report.index, report.settings) == ("sets/q.jsonl", index, {"retriever": "dense"})
    assert report.outcomes == OUTCOMES
    assert report.overall == summarise(OUTCOMES, keep_empty=True)
    assert list(report.tags) == ["a", "fact", "z"]
    assert report.tags["fact"] == summarise(OUTCOMES[:2], keep_empty=False)
    assert [summary.questions for summary in report.tags.values()] == [1, 2, 1]
    assert (report.level, report.resamples, report.seed) == (0.95, 2000, 20020)
