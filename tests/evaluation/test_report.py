"""The report as text and as JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import pytest

from briefqa.evaluation.calibration import Calibration, calibrate
from briefqa.evaluation.results import (
    MEASURES,
    Drift,
    FoundGold,
    FoundPassage,
    FoundQuote,
    Measure,
    Outcome,
    Report,
    Summary,
)
from briefqa.rendering.report import render_report
from briefqa.rendering.reportjson import report_json
from briefqa.types import IndexInfo

INDEX = IndexInfo(7, 36, 412, "all-MiniLM-L6-v2", stale=False)
NOTHING = Measure(None, None, None, 0, None)
HALF = Measure(0.5, 0.25, 0.75, 4, "wilson")


def _right(identifier: str, **measures: float) -> Outcome:
    scores = {"passages.RR@10": 0.0, "passages.nDCG@10": 0.0, "documents.nDCG@10": 0.0, "quote_hit": 0.0} | measures
    return Outcome(
        id=identifier,
        text=f"Text of {identifier}?",
        tags=("fact",),
        line=1,
        status="answered",
        confidence=0.5,
        right=False,
        measures=scores,
        golds=(FoundGold("a.md", "d1", (0, 4), "Gold"),),
        hits=(FoundPassage("p1", "a.md", (0, 9), (1, 2), 0.75, (0,)),),
        quotes=(FoundQuote("a.md", (1, 1), "Quote.", right=False),),
        milliseconds=12.5,
    )


def _none(identifier: str, confidence: float) -> Outcome:
    return Outcome(
        id=identifier,
        text=f"Text of {identifier}?",
        tags=("none",),
        line=2,
        status="answered",
        confidence=confidence,
        right=False,
        measures={"false_answers": 1.0},
        golds=(),
        hits=(),
        quotes=(),
        milliseconds=8.0,
    )


OUTCOMES = (
    _right("q1", quote_hit=1.0),
    _right("q2", **{"passages.RR@10": 1 / 3, "passages.nDCG@10": 0.5}),
    replace(_right("q3"), status="no_answer"),
    _right("q4", **{"documents.nDCG@10": 1.0}),
    _none("q5", 0.61),
    _none("q6", 0.934),
    replace(_none("q7", 0.1), status="no_answer", measures={"false_answers": 0.0}),
)


def _report(
    *,
    measures: Mapping[str, Measure] | None = None,
    tags: Mapping[str, Summary] | None = None,
    outcomes: tuple[Outcome, ...] = OUTCOMES,
    calibrated: Calibration | None = None,
    index: IndexInfo | None = INDEX,
) -> Report:
    overall = dict.fromkeys(MEASURES, NOTHING) | dict(measures or {})
    return Report(
        path="sets/questions.jsonl",
        overall=Summary(4, 3, overall),
        tags=tags or {},
        outcomes=outcomes,
        calibration=calibrated,
        index=index,
        settings={"top_k": 10, "rerank": None},
        level=0.95,
        resamples=2000,
        seed=5,
    )


def test_the_risk_by_coverage() -> None:
    # 10 questions: the five surest right, of the next four one, the last wrong.
    found = calibrate([0.9] * 5 + [0.5] * 4 + [0.1], [True] * 6 + [False] * 4)
    lines = render_report(_report(calibrated=found)).split("\n")
    start = lines.index("If only the surest were answered (risk by coverage)")
    assert lines[start + 1 : start + 5] == [
        "                     10%   20%   30%   40%   50%   60%   70%   80%   90%  100%",
        "  from confidence   0.90  0.90  0.90  0.90  0.90  0.50  0.50  0.50  0.50  0.10",
        "  no right quote    0.00  0.00  0.00  0.00  0.00  0.12  0.21  0.28  0.33  0.40",
        # The mean of the risks; (5 * |.9 - 1| + 4 * |.5 - .25| + |.1 - 0|) / 10.
        "Area under that curve (AURC) 0.135; expected calibration error 0.160.",
    ]


def test_retrieval_alone_has_no_words_on_answers() -> None:
    outcomes = tuple(replace(outcome, status="not_asked") for outcome in OUTCOMES)
    lines = render_report(_report(outcomes=outcomes)).split("\n")
    assert "Passages" in lines
    assert not {"Quotes", "Abstention"} & set(lines)


def test_the_whole_report() -> None:
    report = _report(
        measures={
            "passages.R@5": HALF,
            "passages.RR@10": Measure(0.12345, 0.0, 1.0, 1234, "bootstrap"),
            "characters.IoU@5": Measure(0.0417, 0.03, 0.055, 4, "bootstrap"),
            "quote_hit@3": HALF,
            "quote_hit": Measure(1.0, 0.51, 1.0, 4, "wilson"),
            "brier": Measure(0.18751, 0.1, 0.3, 7, "bootstrap"),
            "ms_p50": Measure(81.26, 70.0, 12345.6, 7, "bootstrap"),
            "ms_p95": Measure(9.0, None, None, 1, None),
        },
        tags={
            "fact": Summary(4, 0, {"passages.R@5": HALF, "passages.nDCG@10": HALF, "quote_hit": HALF}),
            "none": Summary(0, 3, {"false_answers": Measure(2 / 3, 0.2, 0.9, 3, "wilson")}),
        },
    )
    assert (
        render_report(report)
        == """\
Evaluation of sets/questions.jsonl
7 questions: 4 answerable, 3 not
Index: generation 7, 36 documents, 412 passages, encoder all-MiniLM-L6-v2
Settings: top_k=10, rerank=None
Fewer than 30 questions: the intervals are wide, and small differences mean
  nothing.

                                value          95% interval      n
Passages
  R@1                               -                     -      0
  R@5                           0.500        0.250 to 0.750      4
  R@10                              -                     -      0
  RR@10                         0.123        0.000 to 1.000   1234
  nDCG@10                           -                     -      0
Documents
  R@1                               -                     -      0
  R@5                               -                     -      0
  R@10                              -                     -      0
  RR@10                             -                     -      0
  nDCG@10                           -                     -      0
Characters
  R@5                               -                     -      0
  P@5                               -                     -      0
  IoU@5                         0.042        0.030 to 0.055      4
Quotes
  gold quote printed first          -                     -      0
  among the first three         0.500        0.250 to 0.750      4
  printed at all                1.000        0.510 to 1.000      4
Abstention
  missed answers                    -                     -      0
  false answers                     -                     -      0
  AUROC of confidence               -                     -      0
  Brier score                   0.188        0.100 to 0.300      7
Milliseconds
  median                         81.3       70.0 to 12345.6      7
  95th percentile                 9.0                     -      1

By tag                         n      R@5   nDCG@10   quote hit   false answers
fact                           4    0.500     0.500       0.500               -
none                           3        -         -           -          2 of 3
R@5 and nDCG@10 are those of passages.

Answerable, but the gold quote was not printed
  q3            no answer, gold not found   Text of q3?
  q4            other quote, gold not found Text of q4?
  q2            other quote, gold at 3      Text of q2?

Unanswerable, but answered
  q6            confidence 0.93             Text of q6?
  q5            confidence 0.61             Text of q5?

Intervals: 95%, percentile bootstrap over questions (2000 resamples, seed 5);
  Wilson for shares and wherever all outcomes are 0 or 1 or alike; Newcombe for
  AUROC."""
    )


def test_sections_without_content_are_left_out() -> None:
    text = render_report(_report(outcomes=OUTCOMES[:1], index=None))
    for absent in ("Index", "By tag", "Answerable, but", "Unanswerable, but", "Gold that moved"):
        assert absent not in text


@pytest.mark.parametrize(("answerable", "said"), [(26, True), (27, False)])
def test_says_when_the_set_is_small(answerable: int, said: bool) -> None:
    report = _report()
    report = replace(report, overall=replace(report.overall, answerable=answerable))
    assert ("Fewer than 30 questions" in render_report(report)) is said


def test_lists_five_of_each_kind_and_says_of_how_many() -> None:
    right = tuple(_right(f"r{number}", **{"passages.nDCG@10": 0.9 - number / 10}) for number in range(7))
    none = tuple(_none(f"n{number}", number / 10) for number in range(6))
    text = render_report(_report(outcomes=right + none))
    assert "Answerable, but the gold quote was not printed (5 of 7, worst first)" in text
    assert "Unanswerable, but answered (5 of 6, worst first)" in text
    assert re.findall(r"^  ([rn]\d) ", text, re.MULTILINE) == [
        *("r6", "r5", "r4", "r3", "r2"),
        *("n5", "n4", "n3", "n2", "n1"),
    ]


DRIFT = (
    Drift("q1", 1, "old/a.md", "It met.", "moved", "new/a.md", "It met.", 1.0, ""),
    Drift("q2", 2, "b.md", "It left in 2008.", "edited", "b.md", "It left in 2009.", 0.779, "… in [2008. -> 2009.]"),
    Drift("q3", 3, "c.md", "it met.", "edited", "c.md", "It met.", 1.0, "[it -> It] met."),
    Drift("q4", 4, "d.md", "x", "moved and edited", "e.md", "y", 0.9, "word " * 60),
)


def test_gold_that_moved_or_changed_is_shown_with_its_difference() -> None:
    text = render_report(replace(_report(outcomes=OUTCOMES[:1]), drift=DRIFT))
    words = " ".join(["word"] * 15)  # 74 columns of 76
    assert (
        f"""

Gold that moved or changed
  q2            edited, 77% alike           b.md
    … in [2008. -> 2009.]
  q4            moved and edited, 90% alike e.md
    was in d.md
    {words}
    {words}
    {words} …
  q1            moved                       new/a.md
    was in old/a.md
  q3            edited, 99% alike           c.md
    [it -> It] met.

Intervals: """
        in text
    )


def test_five_golds_are_shown_and_the_rest_counted() -> None:
    drift = tuple(replace(DRIFT[1], question_id=f"d{number}", similarity=0.95 - number / 100) for number in range(7))
    text = render_report(replace(_report(), drift=drift))
    assert "Gold that moved or changed (5 of 7, worst first)\n" in text
    assert re.findall(r"^  (d\d) ", text, re.MULTILINE) == ["d6", "d5", "d4", "d3", "d2"]
    assert "Gold that moved or changed\n" in render_report(replace(_report(), drift=drift[:5]))


NASTY = "a\x1b[31m\u202eb\x9b2J\nc\td\u2066 " + "漢字e\u0301" * 60


def _nasty() -> Report:
    outcomes = tuple(replace(outcome, id=NASTY, text=NASTY, tags=(NASTY,)) for outcome in OUTCOMES)
    report = _report(outcomes=outcomes, tags={NASTY: Summary(9999, 99999, {"false_answers": HALF})})
    huge = dict.fromkeys(MEASURES, Measure(123456.7, 100000.0, 999999.9, 99999, "bootstrap"))
    return replace(
        report,
        path=NASTY,
        drift=tuple(
            Drift(NASTY, 1, NASTY, NASTY, drift.kind, NASTY, NASTY, drift.similarity, NASTY * 3) for drift in DRIFT
        ),
        settings={"setting": NASTY, "other": NASTY},
        index=IndexInfo(10**6, 10**9, 10**9, NASTY, stale=None),
        overall=replace(report.overall, measures=huge),
    )


@pytest.mark.parametrize("color", [False, True])
def test_no_line_takes_more_than_eighty_columns(color: bool) -> None:
    for line in re.sub("\x1b\\[[0-9]m", "", render_report(_nasty(), color=color)).split("\n"):
        letters = [letter for letter in line if not unicodedata.combining(letter)]
        assert len(letters) + sum(unicodedata.east_asian_width(letter) == "W" for letter in letters) <= 80, line


def test_control_characters_are_replaced() -> None:
    text = render_report(_nasty())
    assert "Evaluation of a\ufffd[31m\ufffdb\ufffd2J c d\ufffd 漢字" in text
    assert not [letter for letter in text if unicodedata.category(letter) in {"Cc", "Cf"} and letter != "\n"]


def test_color_adds_nothing_but_bold_and_dim() -> None:
    plain, colored = render_report(_report()), render_report(_report(), color=True)
    assert re.sub("\x1b\\[[012]m", "", colored) == plain
    assert "\x1b[1mQuotes\x1b[0m\n" in colored
    assert "\x1b" not in plain


def test_json_holds_all_and_survives_a_round_trip() -> None:
    report = _report(
        measures={"quote_hit": HALF}, tags={"none": Summary(0, 3, {"false_answers": HALF})}, outcomes=OUTCOMES[3:5]
    )
    found = json.loads(json.dumps(report_json(report), allow_nan=False))
    empty = {"value": None, "low": None, "high": None, "n": 0, "interval": None}
    half = {"value": 0.5, "low": 0.25, "high": 0.75, "n": 4, "interval": "wilson"}
    assert found == {
        "schema": "briefqa.eval/2",
        "path": "sets/questions.jsonl",
        "questions": 7,
        "answerable": 4,
        "unanswerable": 3,
        "measures": dict.fromkeys(MEASURES, empty) | {"quote_hit": half},
        "tags": {"none": {"questions": 3, "answerable": 0, "unanswerable": 3, "measures": {"false_answers": half}}},
        "outcomes": [
            {
                "id": "q4",
                "question": "Text of q4?",
                "tags": ["fact"],
                "line": 1,
                "answerable": True,
                "status": "answered",
                "confidence": 0.5,
                "right": False,
                "measures": {
                    "passages.RR@10": 0.0,
                    "passages.nDCG@10": 0.0,
                    "documents.nDCG@10": 1.0,
                    "quote_hit": 0.0,
                },
                "hits": ["p1"],
                "milliseconds": 12.5,
            },
            {
                "id": "q5",
                "question": "Text of q5?",
                "tags": ["none"],
                "line": 2,
                "answerable": False,
                "status": "answered",
                "confidence": 0.61,
                "right": False,
                "measures": {"false_answers": 1.0},
                "hits": [],
                "milliseconds": 8.0,
            },
        ],
        "calibration": None,
        "drift": [],
        "index": {
            "generation": 7,
            "documents": 36,
            "passages": 412,
            "encoder": "all-MiniLM-L6-v2",
            "stale": False,
            "changes": None,
        },
        "settings": {"top_k": 10, "rerank": None},
        "intervals": {"level": 0.95, "resamples": 2000, "seed": 5},
    }


def test_json_holds_the_drift() -> None:
    assert json.loads(json.dumps(report_json(replace(_report(), drift=DRIFT[1:2]))))["drift"] == [
        {
            "question_id": "q2",
            "line": 2,
            "document": "b.md",
            "quote": "It left in 2008.",
            "kind": "edited",
            "found_document": "b.md",
            "found_quote": "It left in 2009.",
            "similarity": 0.779,
            "difference": "… in [2008. -> 2009.]",
        }
    ]


def test_json_without_an_index() -> None:
    assert report_json(_report(index=None))["index"] is None


def test_json_holds_the_curves() -> None:
    found = calibrate([0.95, 0.35], [True, False])
    table = json.loads(json.dumps(report_json(_report(calibrated=found))))["calibration"]
    assert table["risk"][-1] == {"coverage": 1.0, "n": 2, "threshold": 0.35, "risk": 0.5}
    assert table["reliability"][9] == {"low": 0.9, "high": 1.0, "n": 1, "confidence": 0.95, "right": 1.0}
    # Risks 0 and 1/2; gaps .05 and .35.
    assert (table["aurc"], table["ece"]) == (0.25, pytest.approx(0.2))
