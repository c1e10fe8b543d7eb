"""A comparison as text, CSV and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

from briefqa.evaluation.comparison import compare
from briefqa.evaluation.runs import Run
from briefqa.rendering.columns import columns
from briefqa.rendering.comparison import comparison_csv, comparison_json, render_comparison
from tests.evaluation.builders import make_outcome, make_run

NDCG = "passages.nDCG@10"


def make(name: str, *scores: tuple[float, float], retriever: str = "hybrid") -> Run:
    """A run of as many questions, each with nDCG and whether it went unanswered; the last has nothing to find."""
    answerable = [
        make_outcome(
            f"q{number}\x1b[2J",
            {NDCG: ndcg, "missed_answers": missed},
            text=f"Where is\n{'日本語' * 12} number {number}?" if number == 2 else f"Where is number {number}?",
        )
        for number, (ndcg, missed) in enumerate(scores, 1)
    ]
    return make_run(
        name, [*answerable, make_outcome("none", {"false_answers": 0.0}, gold=[])], settings={"retriever": retriever}
    )


OLD = make("old", *[(1.0, 0.0)] * 8, (0.5, 1.0))
NEW = make("new", *[(0.5, 0.0)] * 7, (0.25, 1.0), (0.5, 0.0), retriever="dense")
THIRD = make("third", *[(1.0, 0.0)] * 8, (0.5, 1.0))


def test_two_runs() -> None:
    # Eight of nine fall, so p is 2 / 256. Of the missed answers one is lost and one won: 2.8016 x .5 / 3 = .467.
    assert (
        render_comparison(compare([OLD, NEW], moved=2)) + "\n"
        == """\
Baseline: old, 10 questions
Fewer than 30 questions: the intervals are wide, and small differences mean
nothing.

new against old
Settings that differ:
  retriever                   hybrid -> dense

measure              baseline   other   change      95% interval      p
passages.nDCG@10        0.944   0.472   -0.472  -0.583 to -0.333  0.008
  worse; 0 wins, 8 losses, 1 tie
missed_answers          0.111   0.111   +0.000  -0.333 to +0.333  1.000
  no difference that this set could show (it would take about ±0.467); 1 win, 1
  loss, 7 ties
false_answers           0.000   0.000   +0.000                 -  1.000
  the same on every question; 0 wins, 0 losses, 1 tie

Moved most, by passages.nDCG@10
  q8�[2J         1.000 -> 0.250   Where is number 8?
  q1�[2J         1.000 -> 0.500   Where is number 1?

Change: other less baseline. Intervals: 95%, percentile bootstrap over questions
(2000 resamples). p: paired randomisation test (10000 exchanges, or all where
few differ). Seed 20020. Verdicts go by p, one measure at a time: settle on one
before you look. Lower is better: missed_answers, false_answers. Not compared,
as no question has it in every run: passages.R@5, documents.nDCG@10,
quote_hit@1, quote_hit, brier.
"""
    )


def test_several_runs() -> None:
    assert (
        render_comparison(compare([OLD, NEW, THIRD], [NDCG], moved=1)) + "\n"
        == """\
Baseline: old, 10 questions
Fewer than 30 questions: the intervals are wide, and small differences mean
nothing.

new against old
Settings that differ:
  retriever                   hybrid -> dense

measure              baseline   other   change      95% interval      p  p Holm
passages.nDCG@10        0.944   0.472   -0.472  -0.583 to -0.333  0.008   0.016
  worse; 0 wins, 8 losses, 1 tie

Moved most, by passages.nDCG@10
  q8�[2J         1.000 -> 0.250   Where is number 8?

third against old

measure              baseline   other   change      95% interval      p  p Holm
passages.nDCG@10        0.944   0.944   +0.000  +0.000 to +0.000  1.000   1.000
  the same on every question; 0 wins, 0 losses, 9 ties

Change: other less baseline. Intervals: 95%, percentile bootstrap over questions
(2000 resamples). p: paired randomisation test (10000 exchanges, or all where
few differ). Seed 20020. p Holm: adjusted for the 2 runs, for each measure by
itself. Verdicts go by p Holm, one measure at a time: settle on one before you
look.
"""
    )


def test_why_no_difference_was_shown() -> None:
    def verdicts(*runs: Run) -> list[str]:
        lines = render_comparison(compare(runs, [NDCG], moved=0)).split("\n")
        return [after for line, after in pairwise(lines) if line.startswith(NDCG)]

    zero, half = make("zero", *[(0.0, 0.0)] * 6), make("half", *[(0.5, 0.0)] * 6)
    assert verdicts(zero, half) == ["  better; 6 wins, 0 losses, 0 ties"]
    at_once = "  no difference that this set could show for 2 runs at once; 6 wins, 0 losses, 0"
    assert verdicts(zero, half, half) == [at_once, at_once]
    one = make("one", (0.0, 0.0)), make("another", (0.5, 0.0))
    assert verdicts(*one) == ["  no difference that so few questions could show; 1 win, 0 losses, 0 ties"]


def test_questions_and_measures_that_are_left_out_are_told() -> None:
    fewer = make("fewer", (1.0, 0.0), retriever="hybrid")
    other = replace(fewer, record=replace(fewer.record, index={"corpus_sha256": "d" * 64, "passages": 9}))
    lines = render_comparison(compare([OLD, other], [NDCG], other_corpus=True)).split("\n")
    assert lines[:3] == [
        "Baseline: old, 2 questions",
        "8 questions that not every run has, left out.",
        "The runs may be of other articles (--other-corpus).",
    ]
    assert f"  index.corpus_sha256         {'c' * 21}… -> {'d' * 21}…" in lines
    many = [make(name, *[(1.0, 0.0)] * 40) for name in ("old", "new")]
    text = render_comparison(compare(many))
    assert "Fewer than" not in text
    assert "\n  the same on every question; 0 wins, 0 losses, 1 tie; only 1 question has it\n" in text


def test_lines_fit_the_terminal_and_hold_no_control_characters() -> None:
    long = replace(OLD, record=replace(OLD.record, name="x" * 100, settings={"retriever\x1b[2J": "y\n" * 99}))
    text = render_comparison(compare([OLD, NEW, long]))
    assert max(map(columns, text.split("\n"))) <= 80
    assert "\x1b" not in text
    assert render_comparison(compare([OLD, NEW]), color=True).count("\x1b[1m") == 4


def test_csv() -> None:
    header, ndcg, missed, false = comparison_csv(compare([OLD, NEW])).split("\n")
    assert header == ("run,measure,n,baseline,other,difference,low,high,p,p_holm,wins,losses,ties,detectable,verdict")
    assert ndcg.startswith(f"new,{NDCG},9,{8.5 / 9!r},{4.25 / 9!r},{-4.25 / 9!r},")
    assert ndcg.split(",")[8:13] == ["0.0078125", "0.0078125", "0", "8", "1"]
    assert missed.split(",")[10:13] == ["1", "1", "7"]
    assert false == "new,false_answers,1,0.0,0.0,0.0,,,1.0,1.0,0,0,1,,same"


def test_json() -> None:
    value = comparison_json(compare([OLD, NEW, THIRD], [NDCG, "missed_answers", "brier"], moved=1))
    assert {key: part for key, part in value.items() if key != "runs"} == {
        "schema": "briefqa.compare/1",
        "baseline": "old",
        "questions": 10,
        "left_out": 0,
        "few": True,
        "other_corpus": False,
        "inapplicable": ["brier"],
        "moved_by": NDCG,
        "method": {"level": 0.95, "resamples": 2000, "permutations": 10000, "seed": 20020},
    }
    new, third = json.loads(json.dumps(value))["runs"]
    assert (new["run"], third["run"]) == ("new", "third")
    assert new["settings"] == [{"name": "retriever", "baseline": "hybrid", "other": "dense"}]
    assert new["moved"] == [{"id": "q8\x1b[2J", "question": "Where is number 8?", "baseline": 1.0, "other": 0.25}]
    ndcg, missed = new["measures"]
    assert (ndcg["p"], ndcg["p_holm"], ndcg["verdict"], ndcg["low"] <= ndcg["difference"] <= ndcg["high"]) == (
        2 / 256, 4 / 256, "worse", True,
    )  # fmt: skip
    assert (ndcg["lower_is_better"], missed["lower_is_better"], ndcg["few"]) == (False, True, True)
    assert (missed["wins"], missed["losses"], missed["ties"]) == (1, 1, 7)
    assert (third["settings"], third["moved"]) == ([], [])
