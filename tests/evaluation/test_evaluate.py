"""A whole evaluation of five questions, whose outcome is worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import log2
from typing import Any

import pytest

from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.evaluate import evaluate
from briefqa.evaluation.results import MEASURES, FoundGold, FoundPassage, FoundQuote, Measure, Outcome, Report
from briefqa.evaluation.statistics import auroc_interval, bootstrap_interval, wilson_interval
from briefqa.types import Answer, Document, Hit, IndexInfo

A = "The council met in May.\nIt chose a new\nchair. Nobody objected."
B = "Rain fell on the coast. The harbour closed."

QUESTIONS = [
    Question("q1", "Who was chosen?", ("fact",), (Gold("a.md", "It chose a new chair."),), 1),
    Question(
        "q2", "When?", ("multi",), (Gold("a.md", "The council met in May."), Gold("b.md", "The harbour closed.")), 2
    ),
    Question("q3", "Where?", ("fact", "hard"), (Gold("b.md", "Rain fell on the coast."),), 3),
    Question("q4", "Why?", ("none",), (), 4),
    Question("q5", "How?", ("none",), (), 5),
]

OF_RANKINGS = [name for name in MEASURES if name.startswith(("passages.", "documents.", "characters."))]

Make = Callable[..., Any]


@pytest.fixture
def documents(make_document: Make) -> tuple[Document, Document]:
    return make_document("a.md", A), make_document("b.md", B)


@pytest.fixture
def answers(
    documents: tuple[Document, Document], make_answer: Make, make_hits: Make, make_citations: Make
) -> dict[str, Answer]:
    a, b = documents
    return {
        # Found at rank 2, and at 3; the second quote is the gold one, without its full stop.
        "Who was chosen?": make_answer(
            make_hits((b, 0, 23), (a, 24, 62), (a, 20, 46)),
            make_citations((b, 0, 23), (a, 24, 44)),
            confidence=0.9,
            milliseconds=10.0,
        ),
        # Both golds found, one at ranks 1 and 2, the other at 3, but nothing was answered: its quotes don't count.
        "When?": make_answer(
            make_hits((a, 0, 23), (a, 0, 40), (b, 24, 43)),
            make_citations((a, 0, 23)),
            status="no_answer",
            confidence=0.4,
            milliseconds=20.0,
        ),
        # Answered from the wrong document.
        "Where?": make_answer(make_hits((a, 0, 62)), make_citations((a, 0, 23)), confidence=0.6, milliseconds=30.0),
        "Why?": make_answer(make_hits((a, 0, 62)), make_citations((a, 0, 23)), confidence=0.7, milliseconds=40.0),
        "How?": make_answer(make_hits((b, 0, 43)), status="no_answer", confidence=0.1, milliseconds=50.0),
    }


@pytest.fixture
def report(documents: tuple[Document, Document], answers: dict[str, Answer], make_asker: Make) -> Report:
    return evaluate(make_asker(documents, answers), QUESTIONS, path="q.jsonl", settings={"rerank": True})


# The answers have eight passages, which overlap: of a.md 0-23, 0-40, 0-62, 20-46 and 24-62, of b.md 0-23, 0-43 and
# 24-43. For q1 the last four of a.md are relevant, two of them found at ranks 2 and 3. For q2 the first three of a.md
# and the last two of b.md are, three of them found at ranks 1 to 3.
GAINS = [1 / log2(rank + 1) for rank in range(1, 6)]
NDCG_Q1 = sum(GAINS[1:3]) / sum(GAINS[:4])
NDCG_Q2 = sum(GAINS[:3]) / sum(GAINS[:5])


def test_every_measure_by_hand(report: Report) -> None:
    values = {name: measure.value for name, measure in report.overall.measures.items()}
    assert list(values) == list(MEASURES)
    assert values == {
        "passages.R@1": pytest.approx((0 + 1 / 5 + 0) / 3),
        "passages.R@3": pytest.approx((2 / 4 + 3 / 5 + 0) / 3),
        "passages.R@5": pytest.approx((2 / 4 + 3 / 5 + 0) / 3),
        "passages.R@10": pytest.approx((2 / 4 + 3 / 5 + 0) / 3),
        "passages.P@5": pytest.approx((2 / 5 + 3 / 5 + 0) / 3),
        "passages.Success@5": pytest.approx((1 + 1 + 0) / 3),
        "passages.RR@10": pytest.approx((1 / 2 + 1 + 0) / 3),
        "passages.AP@10": pytest.approx(((1 / 2 + 2 / 3) / 4 + (1 + 1 + 1) / 5 + 0) / 3),
        "passages.nDCG@10": pytest.approx((NDCG_Q1 + NDCG_Q2 + 0) / 3),
        "documents.R@1": pytest.approx((0 + 1 / 2 + 0) / 3),
        "documents.R@3": pytest.approx((1 + 1 + 0) / 3),
        "documents.R@5": pytest.approx((1 + 1 + 0) / 3),
        "documents.R@10": pytest.approx((1 + 1 + 0) / 3),
        "documents.P@5": pytest.approx((1 / 5 + 2 / 5 + 0) / 3),
        "documents.Success@5": pytest.approx((1 + 1 + 0) / 3),
        "documents.RR@10": pytest.approx((1 / 2 + 1 + 0) / 3),
        "documents.AP@10": pytest.approx((1 / 2 + 1 + 0) / 3),
        "documents.nDCG@10": pytest.approx((1 / log2(3) + 1 + 0) / 3),
        # q1: the gold's 21 characters, once, in 23 + 38 + 26. q2: 23 and 19, all found, in 23 + 40 + 19.
        # q3: none of 23, in 62.
        "characters.R@5": pytest.approx((1 + 1 + 0) / 3),
        "characters.P@5": pytest.approx((21 / 87 + 42 / 82 + 0 / 62) / 3),
        "characters.IoU@5": pytest.approx((21 / 87 + 42 / 82 + 0 / 85) / 3),
        "quote_hit@1": 0.0,
        "quote_hit@3": pytest.approx(1 / 3),
        "quote_hit": pytest.approx(1 / 3),
        "missed_answers": pytest.approx(1 / 3),
        "false_answers": 0.5,
        # .9 beats both, .4 and .6 beat .1 only: 4 of 6 pairs.
        "auroc": pytest.approx(4 / 6),
        # The quotes of q1 and q2 are right, whether or not they were printed; those of the others are not.
        "brier": pytest.approx((0.1**2 + 0.6**2 + 0.6**2 + 0.7**2 + 0.1**2) / 5),
        "ms_p50": 30.0,
        # Position .95 * 4 = 3.8 between the 4th and the 5th of 10 to 50.
        "ms_p95": pytest.approx(48.0),
    }


def test_how_many_questions_stand_behind_each_measure(report: Report) -> None:
    assert (report.overall.questions, report.overall.answerable, report.overall.unanswerable) == (5, 3, 2)
    counts = {name: measure.n for name, measure in report.overall.measures.items()}
    of_quotes = {"quote_hit@1", "quote_hit@3", "quote_hit", "missed_answers"}
    assert {name for name, n in counts.items() if n == 3} == {*OF_RANKINGS, *of_quotes}
    assert {name: n for name, n in counts.items() if n != 3} == {
        "false_answers": 2,
        "auroc": 5,
        "brier": 5,
        "ms_p50": 5,
        "ms_p95": 5,
    }


def test_intervals_come_from_the_method_they_name(report: Report) -> None:
    measures = report.overall.measures
    assert _interval(measures["quote_hit"]) == ("wilson", wilson_interval(1, 3))
    assert _interval(measures["quote_hit@1"]) == ("wilson", wilson_interval(0, 3))
    assert _interval(measures["passages.Success@5"]) == ("wilson", wilson_interval(2, 3))
    assert _interval(measures["passages.RR@10"]) == ("bootstrap", bootstrap_interval([0.5, 1.0, 0.0]))
    assert _interval(measures["auroc"]) == ("newcombe", auroc_interval(4 / 6, 3, negatives=2))
    times = [10.0, 20.0, 30.0, 40.0, 50.0]
    assert _interval(measures["ms_p50"]) == ("bootstrap", bootstrap_interval(times, quantile=0.5))


def _interval(measure: Measure) -> tuple[str | None, object]:
    return measure.interval, (measure.low, measure.high)


def test_tags_have_the_measures_that_apply_to_them(report: Report) -> None:
    assert list(report.tags) == ["fact", "hard", "multi", "none"]
    fact, none = report.tags["fact"], report.tags["none"]
    assert (fact.questions, fact.answerable) == (2, 2)
    assert fact.measures["passages.nDCG@10"].value == pytest.approx(NDCG_Q1 / 2)
    assert fact.measures["quote_hit"].value == 0.5
    assert [name for name in MEASURES if name not in fact.measures] == ["false_answers", "auroc"]
    assert (none.questions, none.answerable) == (2, 0)
    assert list(none.measures) == ["false_answers", "brier", "ms_p50", "ms_p95"]
    assert none.measures["brier"].value == pytest.approx((0.7**2 + 0.1**2) / 2)
    assert report.tags["hard"].measures["ms_p50"] == Measure(30.0, None, None, 1, None)


def test_outcomes_of_single_questions(report: Report) -> None:
    first, second, third, fourth, fifth = report.outcomes
    assert (first.id, first.text, first.tags, first.line) == ("q1", "Who was chosen?", ("fact",), 1)
    assert (first.status, first.confidence, first.right, first.milliseconds) == ("answered", 0.9, True, 10.0)
    assert first.golds == (FoundGold("a.md", "id:a.md", (24, 45), A[24:45]),)
    assert first.hits == (
        FoundPassage("b.md:0-23", "b.md", (0, 23), (1, 1), 1.0, ()),
        FoundPassage("a.md:24-62", "a.md", (24, 62), (1, 1), 1 / 2, (0,)),
        FoundPassage("a.md:20-46", "a.md", (20, 46), (1, 1), 1 / 3, (0,)),
    )
    assert first.quotes == (
        FoundQuote("b.md", (1, 1), "Rain fell on the coast.", right=False),
        FoundQuote("a.md", (1, 1), A[24:44], right=True),
    )
    assert first.measures["passages.nDCG@10"] == pytest.approx(NDCG_Q1)
    assert [first.measures[name] for name in ("quote_hit@1", "quote_hit@3", "quote_hit")] == [0.0, 1.0, 1.0]
    assert [hit.golds for hit in second.hits] == [(0,), (0,), (1,)]
    assert [gold.text for gold in second.golds] == ["The council met in May.", "The harbour closed."]
    assert (third.right, third.measures["quote_hit"], third.measures["missed_answers"]) == (False, 0.0, 0.0)
    assert [fourth.measures, fifth.measures] == [
        {"false_answers": 1.0, "brier": pytest.approx(0.49)},
        {"false_answers": 0.0, "brier": pytest.approx(0.01)},
    ]
    assert [outcome.answerable for outcome in report.outcomes] == [True, True, True, False, False]
    assert (fifth.status, fifth.golds, fifth.quotes, fifth.right) == ("no_answer", (), (), False)


def test_what_was_not_answered_prints_nothing_but_shows_how_right_it_was(report: Report) -> None:
    second = report.outcomes[1]
    assert (second.status, second.right, second.quotes[0].right) == ("no_answer", True, True)
    assert [second.measures[name] for name in ("quote_hit@1", "quote_hit@3", "quote_hit")] == [0.0, 0.0, 0.0]
    assert second.measures["missed_answers"] == 1.0
    assert second.measures["brier"] == pytest.approx((0.4 - 1) ** 2)


@pytest.mark.parametrize("right_at", [1, 2, 3, 4])
def test_quotes_are_counted_to_the_first_the_third_and_the_last(
    documents: tuple[Document, Document], make_answer: Make, make_citations: Make, make_asker: Make, right_at: int
) -> None:
    a, b = documents
    places = [(a, 24, 45) if place == right_at else (b, 0, 23) for place in (1, 2, 3, 4)]
    asker = make_asker(documents, {"Who was chosen?": make_answer((), make_citations(*places))})
    measures = evaluate(asker, QUESTIONS[:1], path="q.jsonl").outcomes[0].measures
    assert [measures[name] for name in ("quote_hit@1", "quote_hit@3", "quote_hit")] == [
        float(right_at == 1),
        float(right_at <= 3),
        1.0,
    ]


def test_an_answer_below_the_threshold_counts_as_none(
    documents: tuple[Document, Document], answers: dict[str, Answer], make_asker: Make, report: Report
) -> None:
    strict = evaluate(make_asker(documents, answers), QUESTIONS, path="q.jsonl", min_confidence=0.7)
    # Of .9, .6 and .7 the last two are answers of q3 and q4; at the threshold itself, q4 is answered.
    assert [outcome.status for outcome in strict.outcomes] == [
        "answered",
        "no_answer",
        "no_answer",
        "answered",
        "no_answer",
    ]
    assert strict.overall.measures["missed_answers"].value == pytest.approx(2 / 3)
    assert strict.overall.measures["false_answers"].value == 0.5
    stricter = evaluate(make_asker(documents, answers), QUESTIONS, path="q.jsonl", min_confidence=0.95)
    measures = stricter.overall.measures
    assert [measures[name].value for name in ("missed_answers", "false_answers", "quote_hit")] == [1.0, 0.0, 0.0]
    for found in (strict, stricter):
        for ours, loose in zip(found.outcomes, report.outcomes, strict=True):
            assert (ours.hits, ours.quotes, ours.right) == (loose.hits, loose.quotes, loose.right)
        for name in OF_RANKINGS:
            assert found.overall.measures[name] == report.overall.measures[name]
        assert found.overall.measures["auroc"] == report.overall.measures["auroc"]
        assert found.overall.measures["brier"] == report.overall.measures["brier"]


def test_questions_with_an_earlier_outcome_are_not_asked_again(
    documents: tuple[Document, Document], answers: dict[str, Answer], make_asker: Make, report: Report
) -> None:
    earlier = {outcome.id: outcome for outcome in (report.outcomes[3], report.outcomes[0])}
    asker = make_asker(documents, answers)
    kept: list[tuple[Outcome, tuple[Hit, ...]]] = []
    told: list[int] = []
    found = evaluate(
        asker,
        QUESTIONS,
        path="q.jsonl",
        settings={"rerank": True},
        earlier=earlier,
        keep=lambda outcome, hits: kept.append((outcome, tuple(hits))),
        progress=lambda done, _: told.append(done),
    )
    assert found == report
    assert [text for text, _ in asker.asked] == ["When?", "Where?", "How?"]
    assert [outcome.id for outcome, _ in kept] == ["q2", "q3", "q5"]
    assert [hits for _, hits in kept] == [answers[text].hits for text, _ in asker.asked]
    assert told == [1, 2, 3, 4, 5]


def test_the_report_says_what_was_measured(report: Report) -> None:
    assert report.path == "q.jsonl"
    assert report.settings == {"rerank": True}
    assert report.index == IndexInfo(7, 2, 9, "fake", stale=False)
    assert (report.level, report.resamples) == (0.95, 2000)


def test_the_same_answers_give_the_same_report(
    report: Report, documents: tuple[Document, Document], answers: dict[str, Answer], make_asker: Make
) -> None:
    assert evaluate(make_asker(documents, answers), QUESTIONS, path="q.jsonl", settings={"rerank": True}) == report


def test_asks_every_question_once_and_tells_progress(
    documents: tuple[Document, Document], answers: dict[str, Answer], make_asker: Make
) -> None:
    asker = make_asker(documents, answers)
    told: list[tuple[int, int]] = []
    evaluate(asker, QUESTIONS, path="q.jsonl", top_k=25, progress=lambda done, total: told.append((done, total)))
    assert asker.asked == [(question.text, 25) for question in QUESTIONS]
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_documents_beyond_the_tenth_passage_count_but_not_beyond_top_k(
    documents: tuple[Document, Document], make_answer: Make, make_hits: Make, make_asker: Make
) -> None:
    a, b = documents
    hits = make_hits(*[(a, 0, 10 + number) for number in range(11)], (b, 0, 43))
    asker = make_asker(documents, {"Where?": make_answer(hits)})
    [shallow, deep] = [evaluate(asker, [QUESTIONS[2]], path="q", top_k=k).outcomes[0] for k in (11, 12)]
    assert (shallow.measures["documents.RR@10"], deep.measures["documents.RR@10"]) == (0.0, 0.5)
    assert deep.measures["passages.RR@10"] == 0.0
    assert (len(shallow.hits), len(deep.hits)) == (11, 12)


def test_answers_from_two_indexes_name_none(
    documents: tuple[Document, Document], answers: dict[str, Answer], make_asker: Make
) -> None:
    answers["How?"] = replace(answers["How?"], index=IndexInfo(8, 2, 9, "fake", stale=False))
    assert evaluate(make_asker(documents, answers), QUESTIONS, path="q.jsonl").index is None


def test_a_set_without_unanswerable_questions_has_no_abstention_measures(
    documents: tuple[Document, Document], answers: dict[str, Answer], make_asker: Make
) -> None:
    measures = evaluate(make_asker(documents, answers), QUESTIONS[:3], path="q.jsonl").overall.measures
    assert list(measures) == list(MEASURES)
    assert measures["false_answers"] == measures["auroc"] == Measure(None, None, None, 0, None)


def test_gold_is_checked_before_anything_is_asked(documents: tuple[Document, Document], make_asker: Make) -> None:
    asker = make_asker(documents[:1], {})
    with pytest.raises(DatasetError, match=r"q\.jsonl:3: question 'q3': the document 'b\.md' is not in the index"):
        evaluate(asker, QUESTIONS, path="q.jsonl")
    assert asker.asked == []


def test_gold_that_moved_or_changed_counts_where_it_is_found(
    documents: tuple[Document, Document], answers: dict[str, Answer], make_asker: Make, report: Report
) -> None:
    moved = replace(QUESTIONS[0], gold=(Gold("old/c.md", "It chose a new chair."),))
    changed = replace(QUESTIONS[2], gold=(Gold("b.md", "Rain fell on that coast."),))
    questions = [moved, QUESTIONS[1], changed, *QUESTIONS[3:]]
    found = evaluate(make_asker(documents, answers), questions, path="q.jsonl", settings={"rerank": True})
    assert [(drift.question_id, drift.kind, drift.found_document, drift.found_quote) for drift in found.drift] == [
        ("q1", "moved", "a.md", "It chose a new chair."),
        ("q3", "edited", "b.md", "Rain fell on the coast."),
    ]
    assert replace(found, drift=()) == report
    asker = make_asker(documents, answers)
    with pytest.raises(DatasetError) as caught:
        evaluate(asker, questions, path="q.jsonl", drift_allowed=False)
    assert str(caught.value).splitlines() == [
        "q.jsonl: 2 problems in the question set; correct it and run again",
        "q.jsonl:1: question 'q1': the quote has moved from 'old/c.md' to 'a.md'",
        "q.jsonl:3: question 'q3': the quote has changed in 'b.md': Rain fell on [that -> the] coast.",
    ]
    assert asker.asked == []
    assert evaluate(asker, QUESTIONS, path="q.jsonl", drift_allowed=False).drift == ()


def test_a_key_of_two_documents_is_refused_where_a_gold_names_it(
    documents: tuple[Document, Document], answers: dict[str, Answer], make_asker: Make
) -> None:
    twin = replace(documents[0], id="id:twin")
    asker = make_asker((*documents, twin), answers)
    with pytest.raises(DatasetError) as caught:
        evaluate(asker, QUESTIONS, path="q.jsonl")
    assert str(caught.value) == (
        "q.jsonl: a gold names 'a.md', but the index holds more than one document of that name; "
        "index the folders apart, or rename one"
    )
    assert evaluate(asker, QUESTIONS[2:], path="q.jsonl").overall.questions == 3


def test_no_question_and_too_few_passages_are_refused(documents: tuple[Document, Document], make_asker: Make) -> None:
    asker = make_asker(documents, {})
    with pytest.raises(
        DatasetError, match=r"^q\.jsonl: there is no question to evaluate; write one JSON object a line$"
    ):
        evaluate(asker, [], path="q.jsonl")
    with pytest.raises(UsageError, match=r"^can't measure to rank 10 with 9 passages a question; ask for 10 or more$"):
        evaluate(asker, QUESTIONS, path="q.jsonl", top_k=9)
