from __future__ import annotations

import pytest

from briefqa.evaluation.results import FoundPassage
from briefqa.rendering.page.curves import Dot, reliability_diagram, risk_curve
from briefqa.rendering.page.histograms import Column, confidences, hit_scores
from briefqa.rendering.page.outcomes import FALSE, FOUND, MISSED, REFUSED, WRONG, Segment, outcome_bars
from briefqa.rendering.page.plot import Scale, Tick
from tests.rendering.page.builders import answerable, make_run, unanswerable

# Right, wrong, right and wrong, the surest first; the threshold of 0.6 lets two of them answer.
REPORT = make_run(
    [
        answerable("q1", confidence=0.9),
        answerable("q2", confidence=0.7, right=False),
        answerable("q3", confidence=0.5, status="no_answer"),
        unanswerable("q4", confidence=0.25),
    ]
).report


def test_a_scale() -> None:
    scale = Scale(0, 2, 40, 60)
    assert (scale(0), scale(0.5), scale(2)) == (40, 45, 60)
    assert scale.ticks([0, 1.5]) == (Tick(40, "0"), Tick(55, "1.5"))


def test_risk_over_coverage() -> None:
    chart = risk_curve(REPORT)
    # Of tenths of four questions, those that round to one to four: coverage 1/4 to 1 stands on 46 to 350; risk 0, 1/2,
    # 1/3 and 1/2 on 226 up to 14, which is 0.5.
    assert chart.path == "M122 226L198 14L274 84.7L350 14"
    assert chart.here == (198.0, 14.0)
    assert chart.told == "This run answers 0.50 of the questions (the dot), 0.50 of them wrongly."
    assert chart.description == f"{chart.told} 0.50 would be wrong if all were answered."
    assert chart.area == "0.333"  # (0 + 1/2 + 1/3 + 1/2) / 4
    assert chart.table.header == ("answered", "n", "from confidence", "wrong")
    assert chart.table.rows == (
        ("0.25", "1", "0.90", "0.000"),
        ("0.50", "2", "0.70", "0.500"),
        ("0.75", "3", "0.50", "0.333"),
        ("1.00", "4", "0.25", "0.500"),
    )
    assert [tick.label for tick in chart.y] == ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]
    assert chart.x[-1] == Tick(350, "1")


def test_the_curve_goes_through_where_the_run_stands() -> None:
    first = [answerable(f"q{place}", confidence=0.9 - place / 100, right=place != 1) for place in range(3)]
    rest = [unanswerable(f"q{place}", confidence=0.5 - place / 100) for place in range(3, 20)]
    chart = risk_curve(make_run([*first, *rest]).report)
    # Three of twenty answer, one of them wrongly. Of the two surest, a tenth, one is wrong, and of four, two.
    assert chart.here == (91.6, 155.3)
    assert chart.path.startswith("M76.4 120L91.6 155.3L106.8 120L")


def test_risk_where_nothing_is_answered() -> None:
    chart = risk_curve(make_run([unanswerable("q1")]).report)
    assert (chart.here, chart.told) == (None, "This run answers no question.")
    assert chart.description == "This run answers no question. 1.00 would be wrong if all were answered."
    assert chart.path == "M350 14"


def test_reliability() -> None:
    chart = reliability_diagram(
        make_run([answerable("q1", confidence=0.72), answerable("q2", confidence=0.78, right=False)]).report
    )
    # 1 of 2 at 0.75: the middle of 14 and 226; Wilson 0.0945 to 0.9055; the number stands 6 above the interval.
    assert chart.dots == (Dot(274.0, 120.0, 206.0, 34.0, 2, 28.0),)
    assert chart.error == "0.250"  # half are right where 0.75 were to be
    assert chart.table.rows[7] == ("0.7–0.8", "2", "0.750", "0.500")
    assert chart.table.rows[0] == ("0.0–0.1", "0", "–", "–")
    assert len(chart.table.rows) == 10
    assert chart.description == "Confidence, and the share that is right: 0.7–0.8: 0.500 right (n 2)."


def test_a_number_with_no_room_above_its_interval_stands_under_it() -> None:
    (dot,) = reliability_diagram(make_run([answerable("q1", confidence=1.0)]).report).dots
    # Wilson for 1 of 1 starts at 1 / 4.8415 = 0.2065: 226 - 212 * 0.2065 = 182.2.
    assert dot == Dot(350.0, 14.0, 182.2, 14.0, 1, 196.2)


def test_confidences() -> None:
    chart = confidences(REPORT)
    assert [(panel.label, panel.n, panel.most) for panel in chart.panels] == [
        ("Answerable", 3, "100%"),
        ("Nothing answers", 1, "100%"),
    ]
    # Two panels of (226 - 14 - 2 * 28) / 2 = 78; a bin is 304 / 20 = 15.2 wide, and 0.25 begins the sixth.
    assert [(panel.top, panel.bottom) for panel in chart.panels] == [(42, 120), (148, 226)]
    assert chart.panels[1].columns == (Column(122.5, 148.0, 14.2, 78.0),)
    assert [column.height for column in chart.panels[0].columns] == [26, 26, 26]
    assert chart.line == 46 + 0.6 * 304
    assert chart.description == "Medians: Answerable 0.70 (n 3); Nothing answers 0.25 (n 1)."
    assert chart.table.header == ("from–to", "Answerable", "Nothing answers")
    assert [row for row in chart.table.rows if row[1:] != ("0", "0")] == [
        ("0.25–0.30", "0", "1"),
        ("0.50–0.55", "1", "0"),
        ("0.70–0.75", "1", "0"),
        ("0.90–0.95", "1", "0"),
    ]


def test_confidences_without_a_threshold_or_questions_of_a_kind() -> None:
    chart = confidences(make_run([answerable("q1", confidence=1.0)], settings={}).report)
    assert chart.line is None
    assert [(panel.n, len(panel.columns)) for panel in chart.panels] == [(1, 1), (0, 0)]
    assert chart.table.rows[19] == ("0.95–1.00", "1", "0")
    assert chart.description == "Medians: Answerable 1.00 (n 1)."


def test_scores_of_hits() -> None:
    chart = hit_scores(REPORT)
    assert chart is not None
    # Each of three questions found one with 1.25 and one with 0.5; the unanswerable one does not count.
    assert chart.description == "Medians: Hits that hold a gold quote 1.25 (n 3); Other hits 0.50 (n 3)."
    assert [tick.label for tick in chart.x] == ["0.4", "0.6", "0.8", "1", "1.2", "1.4"]
    assert chart.line is None
    assert hit_scores(make_run([unanswerable("q1")]).report) is None


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.0, 1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (-7.5, 11.0, ["-10", "-5", "0", "5", "10", "15"]),
        (12.0, 12.0, ["12", "13", "14", "15", "16", "17"]),
        (0.0, 0.0, ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]),
        (3.0, 240.0, ["0", "50", "100", "150", "200", "250"]),
    ],
)
def test_scores_of_any_size_get_round_ticks(low: float, high: float, labels: list[str]) -> None:
    hits = tuple(FoundPassage("aa11", "seat.md", (100, 157), (7, 10), score, ()) for score in (low, high))
    chart = hit_scores(make_run([answerable("q1", hits=hits)]).report)
    assert chart is not None
    assert [tick.label for tick in chart.x] == labels
    assert sum(int(row[2]) for row in chart.table.rows) == 2


def test_outcome_bars() -> None:
    first, second = outcome_bars(REPORT)
    assert (first.label, first.n, second.label, second.n) == ("Answerable", 3, "Nothing answers", 1)
    assert first.segments == (
        Segment(FOUND, 1, "33%", 0.0, 33.33),
        Segment(WRONG, 1, "33%", 33.33, 33.33),
        Segment(MISSED, 1, "33%", 66.67, 33.33),
    )
    assert second.segments == (Segment(REFUSED, 1, "100%", 0.0, 100.0), Segment(FALSE, 0, "0%", 100.0, 0.0))
    assert [bar.label for bar in outcome_bars(make_run([answerable("q1")]).report)] == ["Answerable"]
