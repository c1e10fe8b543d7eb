from __future__ import annotations

import pytest

from briefqa.evaluation.results import Setting
from briefqa.rendering.page.measures import (
    Bar,
    Cell,
    Fact,
    by_tag,
    cell,
    differences,
    headlines,
    number,
    sections,
    setting,
)
from tests.rendering.page.builders import answerable, make_run, unanswerable

RUN = make_run(
    [
        answerable("q1"),
        answerable("q2", right=False, tags=("fact", "long")),
        unanswerable("q3", status="answered", tags=("long",)),
        unanswerable("q4"),
    ]
)


def test_headlines() -> None:
    rows = headlines(RUN.report)
    # Wilson for 1 of 2 (z 1.96): centre 0.5, half 1.96 / 5.8415 * sqrt(2 / 4 + 0.9604) = 0.4055.
    half = Cell("0.500", "0.095–0.905", 2, Bar(50.0, 9.5, 90.5))
    assert [(row.label[:24], row.lower_is_better) for row in rows] == [
        ("of the gold quotes stand", False),
        ("nDCG@10 of the passages", False),
        ("of the answerable questi", False),
        ("of the unanswerable ques", True),
    ]
    assert [row.cells for row in rows[2:]] == [(half,), (half,)]
    assert rows[2].cells[0].bar is not None
    assert rows[2].cells[0].bar.width == 81.0


def test_sections_are_those_of_the_terminal_with_a_cell_for_each_report() -> None:
    other = make_run([answerable("q1")]).report
    found = sections([RUN.report, other])
    assert [section.title for section in found] == [
        "Passages",
        "Documents",
        "Characters",
        "Quotes",
        "Abstention",
        "Milliseconds",
    ]
    printed = found[3].rows[2]
    assert (printed.label, [entry.value for entry in printed.cells]) == ("printed at all", ["0.500", "1.000"])
    median = found[5].rows[0]
    # Of 12.4, 12.4, 8 and 8; times have no bar.
    assert (median.cells[0].value, median.cells[0].bar, median.lower_is_better) == ("10.2", None, True)


def test_what_no_question_can_tell_is_a_dash() -> None:
    assert cell("characters.R@5", RUN.report.overall) == Cell("–", "–", 0, None)
    assert cell("ms_p50", make_run([answerable("q1")]).report.overall) == Cell("12.4", "–", 1, None)
    assert cell("quote_hit", RUN.report.tags["none"]) == Cell("–", "–", 0, None)


def test_tags() -> None:
    rows = by_tag(RUN.report)
    assert [(row.tag, row.questions, [entry.value for entry in row.cells]) for row in rows] == [
        ("fact", 2, ["1.000", "0.500", "0.500", "–"]),
        ("long", 2, ["1.000", "0.500", "0.000", "1 of 1"]),
        ("none", 1, ["–", "–", "–", "0 of 1"]),
    ]
    # Wilson for 0 of 1: 0 to 3.8415 / 4.8415.
    assert rows[2].cells[3].bar == Bar(0.0, 0.0, 79.3)


def test_differences() -> None:
    other = make_run(
        [answerable("q1")],
        name="other",
        briefqa="1.2.4",
        questions_sha256="0f" * 32,
        settings={"retriever": "dense", "min_confidence": 0.6, "top_k": 20},
    )
    assert differences([RUN, other]) == [
        Fact("question set", ("q.jsonl (abababababab)", "q.jsonl (0f0f0f0f0f0f)")),
        Fact("briefqa", ("1.2.3", "1.2.4")),
        Fact("settings: retriever", ("hybrid", "dense")),
        Fact("settings: top k", ("–", "20")),
    ]
    assert differences([RUN, RUN]) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "none"), (True, "yes"), (False, "no"), (0.5, "0.5"), (10, "10"), ("ab" * 32, "abababababab"), ("x", "x")],
)
def test_settings(value: Setting, words: str) -> None:
    assert setting(value) == words


def test_numbers() -> None:
    assert [number(0.126, 2), number(None, 2)] == ["0.13", "–"]
