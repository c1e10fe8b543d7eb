"""Runs held against a baseline; every figure was worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import NormalDist

import pytest

from briefqa.errors import UsageError
from briefqa.evaluation.comparability import Difference
from briefqa.evaluation.comparison import HEADLINE, PER_QUESTION, Moved, compare
from briefqa.evaluation.results import MEASURES
from briefqa.evaluation.runs import Run
from tests.evaluation.builders import make_outcome, make_run, scored

NDCG = "passages.nDCG@10"


def test_two_runs_by_one_measure() -> None:
    found = compare([scored("old", NDCG, [1.0, 0.5, 0.0, 1.0]), scored("new", NDCG, [1.0, 1.0, 0.5, 1.0])], [NDCG])
    assert (found.baseline, found.questions, found.left_out, found.few) == ("old", 4, 0, True)
    (against,) = found.others
    assert (against.label, against.settings) == ("new", ())
    (entry,) = against.measures
    pair = entry.paired
    assert (entry.key, pair.n, pair.baseline, pair.other, pair.difference) == (NDCG, 4, 0.625, 0.875, 0.25)
    # The two that differ may be +.5 +.5, +.5 -.5, -.5 +.5 or -.5 -.5: as far from 0 in two cases of four.
    assert (pair.p, entry.p) == (0.5, 0.5)
    assert (entry.wins, entry.losses, pair.ties) == (2, 0, 2)
    # Differences 0 .5 .5 0: each is .25 from the mean, so the variance is 4 / 16 / 3.
    needed = (NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)) * sqrt(1 / 12) / 2
    assert pair.detectable == pytest.approx(needed)
    assert entry.verdict == "not_shown"
    assert against.moved == (Moved("q2", "Text of q2?", 0.5, 1.0), Moved("q3", "Text of q3?", 0.0, 0.5))


@pytest.mark.parametrize(
    ("key", "before", "after", "verdict", "wins", "losses"),
    [
        (NDCG, [0.0] * 6, [0.5] * 6, "better", 6, 0),
        (NDCG, [0.5] * 6, [0.0] * 6, "worse", 0, 6),
        # Five alike in sign come about by chance in 2 of 32 cases: .0625.
        (NDCG, [0.5] * 5, [0.0] * 5, "not_shown", 0, 5),
        (NDCG, [0.5, 0.2], [0.5, 0.2], "same", 0, 0),
        ("missed_answers", [0.0] * 6, [1.0] * 6, "worse", 0, 6),
        ("missed_answers", [1.0] * 6, [0.0] * 6, "better", 6, 0),
        ("brier", [0.1] * 6, [0.3] * 6, "worse", 0, 6),
        # Two exchanged: no difference in the mean is not the same on every question.
        (NDCG, [0.0, 1.0], [1.0, 0.0], "not_shown", 1, 1),
    ],
)
def test_verdicts_know_which_way_is_better(
    key: str, before: list[float], after: list[float], verdict: str, wins: int, losses: int
) -> None:
    (against,) = compare([scored("old", key, before), scored("new", key, after)], [key]).others
    (entry,) = against.measures
    assert (entry.verdict, entry.wins, entry.losses) == (verdict, wins, losses)


def test_several_runs_share_the_chance_of_error_measure_by_measure() -> None:
    def run(name: str, ndcg: float, quote: float) -> Run:
        return make_run(name, [make_outcome(f"q{n}", {NDCG: ndcg, "quote_hit": quote}) for n in range(6)])

    runs = [run("old", 0.0, 0.0), run("a", 0.5, 1.0), run("b", 0.0, 0.0), run("c", 0.7, 0.0)]
    found = compare(runs, [NDCG, "quote_hit"])
    # By nDCG: 2/64, 1 and 2/64, so 3 x 2/64 and, as it may not fall, the same again. By quote hits: 2/64, 1 and 1.
    adjusted = {(against.label, entry.key): entry.p for against in found.others for entry in against.measures}
    assert adjusted == {
        ("a", NDCG): 6 / 64,
        ("b", NDCG): 1.0,
        ("c", NDCG): 6 / 64,
        ("a", "quote_hit"): 6 / 64,
        ("b", "quote_hit"): 1.0,
        ("c", "quote_hit"): 1.0,
    }
    assert {entry.paired.p for against in found.others for entry in against.measures} == {2 / 64, 1.0}
    assert {entry.verdict for against in found.others for entry in against.measures} == {"not_shown", "same"}


def test_only_shared_questions_count() -> None:
    old = scored("old", NDCG, [1.0, 0.0, 0.0])
    new = make_run("new", [make_outcome("q2", {NDCG: 1.0}), make_outcome("q4", {NDCG: 1.0})])
    third = make_run("third", [make_outcome("q1", {NDCG: 1.0}), make_outcome("q2", {NDCG: 0.5})])
    found = compare([old, new, third], [NDCG])
    assert (found.questions, found.left_out) == (1, 3)
    assert [against.measures[0].paired.other for against in found.others] == [1.0, 0.5]
    with pytest.raises(UsageError, match=r"^the runs have no question in common; ask the same question set in each$"):
        compare([scored("old", NDCG, [1.0]), make_run("new", [make_outcome("q4", {NDCG: 1.0})])], [NDCG])


def test_the_questions_that_moved_most() -> None:
    runs = [scored("old", NDCG, [0.2, 1.0, 0.5, 0.0, 0.3]), scored("new", NDCG, [0.4, 0.0, 0.8, 1.0, 0.3])]
    (against,) = compare(runs, [NDCG], moved=3).others
    assert [(entry.id, entry.baseline, entry.other) for entry in against.moved] == [
        ("q2", 1.0, 0.0),
        ("q4", 0.0, 1.0),
        ("q3", 0.5, 0.8),
    ]
    assert compare(runs, [NDCG], moved=0).others[0].moved == ()
    assert len(compare(runs, [NDCG]).others[0].moved) == 4


def test_what_moved_is_told_by_a_measure_of_choice() -> None:
    def run(name: str, *measures: dict[str, float]) -> Run:
        return make_run(name, [make_outcome(f"q{n}", scores) for n, scores in enumerate(measures, 1)])

    runs = [
        run("old", {NDCG: 1.0, "brier": 0.1}, {"brier": 0.2}),
        run("new", {NDCG: 0.5, "brier": 0.1}, {"brier": 0.9}),
    ]
    assert [entry.id for entry in compare(runs, ["brier"]).others[0].moved] == ["q1"]
    found = compare(runs, ["brier"], by="brier")
    assert ([entry.id for entry in found.others[0].moved], found.by) == (["q2"], "brier")
    with pytest.raises(UsageError, match=r"^no question that all these runs have has quote_hit; choose another --by$"):
        compare(runs, ["brier"], by="quote_hit")


def test_measures_that_do_not_apply_are_named_or_refused() -> None:
    runs = [scored("old", NDCG, [1.0, 0.0]), scored("new", NDCG, [1.0, 1.0])]
    found = compare(runs)
    assert [entry.key for entry in found.others[0].measures] == [NDCG]
    assert found.inapplicable == tuple(key for key in HEADLINE if key != NDCG)
    message = r"^no question that all these runs have has quote_hit; choose another --measure$"
    with pytest.raises(UsageError, match=message):
        compare(runs, [NDCG, "quote_hit"], insist=True)
    with pytest.raises(UsageError, match=message):
        compare(runs, ["quote_hit"])
    assert set(MEASURES) - set(PER_QUESTION) == {"auroc", "ms_p50", "ms_p95"}
    for key in ("auroc", "ms_p50"):
        with pytest.raises(UsageError, match=rf"^{key} belongs to a whole set, so it can't be compared question by"):
            compare(runs, [key])
        with pytest.raises(UsageError, match=rf"^{key} belongs to a whole set"):
            compare(runs, [NDCG], by=key)


def test_one_run_is_not_enough() -> None:
    with pytest.raises(UsageError, match=r"^one run can't be compared; name two or more, the baseline first$"):
        compare([scored("old", NDCG, [1.0])])


def test_other_articles_are_refused_unless_wanted() -> None:
    old = scored("old", NDCG, [1.0])
    new = make_run("new", [make_outcome("q1", {NDCG: 0.0}, gold=["It was so."])], corpus="d" * 64)
    with pytest.raises(UsageError, match=r"^new was measured on other articles than the baseline; measure both on the"):
        compare([old, new], [NDCG])
    found = compare([old, new], [NDCG], other_corpus=True)
    assert found.other_corpus
    assert found.others[0].settings == (Difference("index.corpus_sha256", "c" * 64, "d" * 64),)


def test_other_questions_of_the_same_id_are_refused() -> None:
    old = make_run("old", [make_outcome(f"q{number}", {NDCG: 1.0}) for number in range(1, 13)])
    plain = [make_outcome("q1", {NDCG: 1.0}), make_outcome("q2", {NDCG: 1.0})]
    for changed in (
        make_outcome("q2", {NDCG: 1.0}, text="Another?"),
        make_outcome("q2", {NDCG: 1.0}, gold=["It was so."]),
        make_outcome("q2", {NDCG: 1.0}, gold=["It is so.", "It was so."]),
        make_outcome("q2", {NDCG: 1.0}, document="b.md"),
        make_outcome("q2", {NDCG: 1.0}, gold=[]),
    ):
        message = (
            r"^old and new have different questions, or different gold, under the ids 'q2'; make one of them again"
        )
        with pytest.raises(UsageError, match=message):
            compare([old, make_run("new", [plain[0], changed])], [NDCG])
    # White space is not what makes a quote another one, and of other articles the quotes are others.
    spaced = make_run("new", [plain[0], make_outcome("q2", {NDCG: 1.0}, gold=["It  is\nso."])])
    assert compare([old, spaced], [NDCG]).questions == 2
    for changed, other in ((make_outcome("q2", {}, text="Another?"), True), (make_outcome("q2", {}, gold=[]), True)):
        with pytest.raises(UsageError, match=r"under the ids 'q2'; "):
            compare([old, make_run("new", [plain[0], changed])], [NDCG], other_corpus=other)
    every = make_run("new", [replace(outcome, text="Another?") for outcome in old.report.outcomes])
    with pytest.raises(UsageError, match=r"under the ids 'q1', .*, 'q10' and 2 more; make"):
        compare([old, every], [NDCG])


def test_settings_that_differ() -> None:
    old = make_run("old", [make_outcome("q1", {NDCG: 1.0})], settings={"retriever": "hybrid", "dense_weight": 0.5})
    new = make_run(
        "new", [make_outcome("q1", {NDCG: 1.0})], settings={"retriever": "dense", "rerank": 20}, index={"passages": 7},
        briefqa="1.1",
    )  # fmt: skip
    assert compare([old, new], [NDCG]).others[0].settings == (
        Difference("retriever", "hybrid", "dense"),
        Difference("dense_weight", 0.5, None),
        Difference("rerank", None, 20),
        Difference("index.passages", 9, 7),
        Difference("briefqa", "1.0", "1.1"),
    )


def test_runs_of_the_same_name_are_told_by_their_folders() -> None:
    old, new = scored("main", NDCG, [1.0]), scored("main", NDCG, [1.0])
    found = compare([old, replace(new, folder=new.folder.parent / "elsewhere" / "main")], [NDCG])
    assert (found.baseline, found.others[0].label) == ("runs/main", "runs/elsewhere/main")
