"""The result of a gate as text, CSV and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from math import sqrt

import pytest

from briefqa.evaluation.gate import Condition, judge_run
from briefqa.evaluation.runs import Run
from briefqa.rendering.columns import columns
from briefqa.rendering.gate import gate_csv, gate_json, render_gate
from tests.evaluation.builders import make_outcome, make_run

NDCG = "passages.nDCG@10"
OLD = make_run(
    "old",
    [
        *(make_outcome(f"q{n}", {NDCG: 1.0, "quote_hit": 1.0}, milliseconds=10.0) for n in range(32)),
        make_outcome("none", {"false_answers": 0.0}, gold=[], milliseconds=10.0),
    ],
)
NEW = make_run(
    "new",
    [
        *(
            make_outcome(f"q{n}", {NDCG: 0.5 if n < 10 else 1.0, "quote_hit": float(n != 3)}, milliseconds=12.5)
            for n in range(32)
        ),
        make_outcome("none", {"false_answers": 1.0}, gold=[], milliseconds=12.5),
    ],
    settings={"retriever": "dense"},
)
CONDITIONS = [
    Condition("min", "quote_hit", 0.9),
    Condition("min", NDCG, 0.7),
    Condition("max", "false_answers", 0.5),
    Condition("max", "ms_p95", 1500.0),
    Condition("max_drop", NDCG, 0.1),
    Condition("max_drop", "quote_hit", 0.01),
    Condition("max_drop", "false_answers", 1.0),
    Condition("max_drop", "ms_p50", 2.0),
]
RESULT = judge_run(NEW, CONDITIONS, baseline=OLD)


def test_the_whole_result() -> None:
    # Ten of 32 fall by .5: .15625, with p = 2 / 1024. One quote of 32 is lost: p = 1, and 2.8016 / 32 = .088.
    assert (
        render_gate(RESULT) + "\n"
        == """\
Gate: new, against old, 33 questions of q.jsonl
Settings that differ:
  retriever                   hybrid -> dense

condition                         limit  measured          95% interval  verdict
min quote_hit                     0.900     0.969        0.843 to 0.994     pass
  within noise: other questions of this kind might well decide otherwise
min passages.nDCG@10              0.700     0.844        0.766 to 0.922     pass
  clear: the whole interval is on this side of the limit
max false_answers                 0.500     1.000        0.207 to 1.000     FAIL
  within noise: other questions of this kind might well decide otherwise; only 1
  question has it
max ms_p95                       1500.0      12.5          12.5 to 12.5     pass
  clear: the whole interval is on this side of the limit
max-drop passages.nDCG@10         0.100     0.156        0.078 to 0.234     FAIL
  a loss, not noise (p 0.002); that it is beyond the limit is not shown; this
  set shows losses from about 0.117 on
max-drop quote_hit                0.010     0.031        0.000 to 0.094     FAIL
  within noise: the loss may be chance (p 1.000); this set shows losses from
  about 0.088 on
max-drop false_answers            1.000     1.000                     -     pass
  within noise: the loss may be chance (p 1.000); only 1 question has it
max-drop ms_p50                     2.0       2.5                     -     FAIL
  from 10.0 in the baseline; a measure of whole sets has no paired test to tell
  noise from loss

For max-drop, measured is how much worse than the baseline. Intervals: 95%,
percentile bootstrap over questions (2000 resamples). p: paired randomisation
test (10000 exchanges, or all where few differ). Seed 20020. Of min and max: as
in briefqa eval run.

FAILED: 4 of 8 conditions.
"""
    )


def test_a_pass_without_a_baseline() -> None:
    lines = render_gate(judge_run(NEW, [Condition("min", "quote_hit", 0.5)])).split("\n")
    assert lines[0] == "Gate: new, 33 questions of q.jsonl"
    assert lines[-1] == "Passed: 1 condition."
    assert lines[3:5] == [
        "min quote_hit                     0.500     0.969        0.843 to 0.994     pass",
        "  clear: the whole interval is on this side of the limit",
    ]
    assert lines[6:-2] == [
        "Intervals: 95%, percentile bootstrap over questions (2000 resamples). p: paired",
        "randomisation test (10000 exchanges, or all where few differ). Seed 20020. Of",
        "min and max: as in briefqa eval run.",
    ]


def test_no_loss_and_few_questions() -> None:
    def first(count: int) -> Run:
        return make_run("run", NEW.report.outcomes[:count], corpus="d" * 64)

    conditions = [Condition("max_drop", "quote_hit", 0.1), Condition("max", "ms_p95", 1.0)]
    result = judge_run(first(1), conditions, baseline=OLD, other_corpus=True, only_significant=True)
    lines = render_gate(result).split("\n")
    assert lines[3:6] == [
        "The runs may be of other articles and questions (--other-corpus).",
        "Fewer than 30 questions: the intervals are wide, and small differences mean",
        "nothing.",
    ]
    assert lines[8:12] == [
        "max-drop quote_hit                0.100     0.000                     -     pass",
        "  no loss",
        "max ms_p95                          1.0      12.5                     -     FAIL",
        "  too few questions for an interval",
    ]
    assert "fails only where it is shown to be beyond its limit" in " ".join(lines)


def test_lines_fit_the_terminal_and_hold_no_control_characters() -> None:
    path = "q\x1b[2J" + "/long" * 30
    text = render_gate(replace(RESULT, path=path))
    assert max(map(columns, text.split("\n"))) <= 80
    assert "\x1b" not in text
    assert render_gate(RESULT, color=True).count("\x1b[1m") == 3


def test_csv() -> None:
    rows = gate_csv(RESULT).split("\n")
    assert rows[0] == (
        "condition,measure,limit,measured,low,high,n,baseline,p,detectable,within_noise,significant,verdict"
    )
    assert rows[4] == "max,ms_p95,1500.0,12.5,12.5,12.5,33,,,,False,,pass"
    assert rows[5].startswith(f"max_drop,{NDCG},0.1,0.15625,0.078125,0.234375,32,1.0,0.001953125,0.1166")
    assert rows[5].endswith(",False,False,fail")
    assert rows[8] == "max_drop,ms_p50,2.0,2.5,,,33,10.0,,,,,fail"
    assert len(rows) == 9


def test_json() -> None:
    value = json.loads(json.dumps(gate_json(RESULT)))
    conditions = value.pop("conditions")
    assert value == {
        "schema": "briefqa.gate/1",
        "passed": False,
        "run": "new",
        "baseline": "old",
        "path": "q.jsonl",
        "questions": 33,
        "few": False,
        "only_significant": False,
        "other_corpus": False,
        "settings": [{"name": "retriever", "baseline": "hybrid", "other": "dense"}],
        "method": {"level": 0.95, "resamples": 2000, "permutations": 10000, "seed": 20020},
    }
    assert [entry["passed"] for entry in conditions] == [True, True, False, True, False, False, True, False]
    assert {**conditions[4], "detectable": None} == {
        "condition": "max_drop",
        "measure": NDCG,
        "limit": 0.1,
        "measured": 0.15625,
        "low": 0.078125,
        "high": 0.234375,
        "n": 32,
        "baseline": 1.0,
        "p": 2 / 1024,
        "detectable": None,
        "within_noise": False,
        "significant": False,
        "passed": False,
    }
    # 10 of 32 differ by .5: a variance of .25 x 10 x 22 / 32 / 31.
    assert conditions[4]["detectable"] == pytest.approx(2.8015852 * sqrt(0.25 * 220 / 992 / 32))
