"""Gold without quotes: the document as a whole, for which only measures of documents can tell right from wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefqa.errors import DatasetError
from briefqa.evaluation.datasets import Gold, Question, load_questions
from briefqa.evaluation.evaluate import evaluate
from briefqa.evaluation.gold import GoldSpan, require_gold, resolve_gold
from briefqa.evaluation.results import RETRIEVAL, Report
from briefqa.evaluation.runs import read_run
from briefqa.rendering.page.curves import reliability_diagram, risk_curve
from briefqa.rendering.page.outcomes import MISSED, REFUSED, UNJUDGED, kind_of
from briefqa.rendering.page.questions import GoldView, question_views
from briefqa.rendering.page.render import render_page
from briefqa.rendering.report import render_report
from briefqa.types import Document
from tests.evaluation.keeping import QUESTIONS, Keeping

A = "The council met in May. It chose a new chair."
B = "Rain fell on the coast. The harbour closed."
Make = Callable[..., Any]
OF_DOCUMENTS = {f"documents.{name}" for name in RETRIEVAL}


@pytest.fixture
def report(make_document: Make, make_hits: Make, make_citations: Make, make_answer: Make, make_asker: Make) -> Report:
    a, b = make_document("a.md", A), make_document("b.md", B)
    questions = [
        # b.md is wanted as a whole, and second.
        Question("q1", "Whole?", (), (Gold("b.md", None),), 1),
        # A quote of a.md and all of b.md: the quote is printed, and what else may be right is not known.
        Question("q2", "Mixed?", (), (Gold("a.md", "It chose a new chair."), Gold("b.md", None)), 2),
        Question("q3", "Quoted?", (), (Gold("a.md", "The council met in May."),), 3),
        Question("q4", "Nothing?", (), (), 4),
    ]
    answers = {
        "Whole?": make_answer(make_hits((a, 0, 23), (b, 0, 23)), make_citations((b, 0, 43)), confidence=0.9),
        "Mixed?": make_answer(make_hits((a, 0, 45)), make_citations((a, 24, 45)), confidence=0.8),
        "Quoted?": make_answer(make_hits((a, 0, 23)), make_citations((a, 0, 23)), confidence=0.7),
        "Nothing?": make_answer(make_hits((b, 0, 23)), (), status="no_answer", confidence=0.2),
    }
    return evaluate(make_asker([a, b], answers), questions, path="q.jsonl", min_confidence=0.85)


def test_is_read_from_a_set(tmp_path: Path) -> None:
    record = {"id": "q1", "question": "Who?", "tags": [], "gold": [{"document": "a.md", "quote": None}]}
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    [question] = load_questions(path)
    assert question.gold == (Gold("a.md", None),)
    assert not question.quoted
    record["gold"] = [{"document": "a.md", "quote": None}, {"document": "a.md", "quote": None}]
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(DatasetError, match="the same gold stands twice"):
        load_questions(path)


def test_is_found_wherever_the_document_is(make_document: Make) -> None:
    document: Document = make_document("a.md", A)
    question = Question("q1", "?", (), (Gold("a.md", None),), 3)
    found = resolve_gold([question], lambda: [document], path="q")
    assert found.spans == {"q1": (GoldSpan("id:a.md", 0, 45),)}
    assert (found.drift, found.lost) == ((), ())
    # Another document of the same name and text is not the one that was judged.
    lost = resolve_gold([question], lambda: [make_document("moved/a.md", A)], path="q")
    assert (lost.drift, len(lost.lost)) == ((), 1)
    with pytest.raises(DatasetError) as caught:
        require_gold(lost, path="q")
    assert str(caught.value).endswith("\nq:3: question 'q1': the document 'a.md' is not in the index")


def test_only_documents_are_measured(report: Report) -> None:
    whole, mixed, quoted, nothing = (outcome.measures for outcome in report.outcomes)
    assert set(whole) == set(mixed) == {*OF_DOCUMENTS, "missed_answers"}
    assert whole["documents.R@1"] == 0.0
    assert whole["documents.RR@10"] == 0.5
    assert mixed["documents.R@5"] == 0.5
    assert (whole["missed_answers"], mixed["missed_answers"]) == (0.0, 1.0)
    assert {"passages.R@1", "characters.R@5", "quote_hit", "brier"} <= set(quoted)
    assert set(nothing) == {"false_answers", "brier"}


def test_counts_by_measure(report: Report) -> None:
    counts = {key: measure.n for key, measure in report.overall.measures.items()}
    assert {counts[f"documents.{name}"] for name in RETRIEVAL} == {3}
    assert {counts[f"passages.{name}"] for name in RETRIEVAL} == {1}
    assert (counts["quote_hit"], counts["missed_answers"], counts["brier"]) == (1, 3, 2)
    assert counts["auroc"] == 4
    assert report.calibration is not None
    assert [point.coverage for point in report.calibration.risk][-1] == 1.0
    # Of the two questions whose quotes can be judged, the surer one is right and the other has none.
    assert report.calibration.risk[-1].risk == 0.5


def test_no_quote_of_the_document_is_called_right(report: Report) -> None:
    whole, mixed = report.outcomes[:2]
    assert [quote.right for quote in whole.quotes] == [False]
    assert (whole.right, mixed.right) == (False, True)
    assert [(gold.document, gold.span, gold.text) for gold in mixed.golds] == [
        ("a.md", (24, 45), "It chose a new chair."),
        ("b.md", (0, 43), ""),
    ]
    assert [outcome.quoted for outcome in report.outcomes] == [False, False, True, True]


def test_the_report_says_so(report: Report) -> None:
    text = render_report(report)
    assert "2 answerable questions name whole documents, and count for documents only." in text
    # The list of what went wrong has the one question that has a quote.
    assert "  q3 " in text
    assert "  q1 " not in text
    assert "  q2 " not in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_run_keeps_it_and_judges_no_passage_of_it(keeping: Keeping) -> None:
    changed = [{**QUESTIONS[0], "gold": [{"document": "a b.md", "quote": None}]}, *QUESTIONS[1:]]
    keeping.write(changed)
    folder = keeping.keep("main")
    assert not (folder / "passages.qrels").read_text().startswith("q1 ")
    assert (folder / "documents.qrels").read_text().startswith("q1 0 a%20b.md 1\nq2 ")
    kept = read_run("main").report
    assert not kept.outcomes[0].quoted
    assert kept.overall.measures["passages.R@1"].n == 2
    assert kept.overall.measures["documents.R@1"].n == 3


def test_the_page_does_not_judge_what_nobody_can(report: Report) -> None:
    kinds = [kind_of(outcome) for outcome in report.outcomes]
    assert kinds == [UNJUDGED, MISSED, MISSED, REFUSED]
    # Right is the quote of q3, whose confidence is 0.7; q4 has none.
    assert [(row[1], row[3]) for row in reliability_diagram(report).table.rows if row[1] != "0"] == [
        ("1", "0.000"),
        ("1", "1.000"),
    ]
    assert [row[1] for row in risk_curve(report).table.rows] == ["1", "2"]
    views, _ = question_views(report.outcomes, {}, [])
    assert views[0].golds == (GoldView(1, "b.md", "The document as a whole", "in hit 2"),)
    assert [gold.found for gold in views[1].golds] == ["in hit 1", "in none of the hits"]


def test_a_page_of_whole_documents_alone(keeping: Keeping) -> None:
    keeping.write([{**record, "gold": [{"document": "c.md", "quote": None}]} for record in QUESTIONS])
    keeping.keep("main")
    run = read_run("main")
    assert run.report.calibration is None
    assert run.report.overall.measures["passages.R@1"].value is None
    text = render_page(run)
    assert "answered, not judged" in text
    assert "Reliability of the confidence" not in text
