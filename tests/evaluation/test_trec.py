"""Runs and judgements as files, against what they should be and against what ir_measures reads."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, cast

import ir_measures
import pytest
from ir_measures import nDCG

from briefqa.evaluation.metrics import ndcg
from briefqa.evaluation.trec import write_qrels, write_run

if TYPE_CHECKING:
    from briefqa.evaluation.trec import Ranking


def test_a_run_is_written_as_trec_eval_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "set.default.run"
    write_run(path, {"q1": [("a b.md", 1.5), ("c.md", 0.25)], "q 2": [("d.md", -1.0)]}, tag="no pairs")
    assert path.read_text() == (
        "q1 Q0 a%20b.md 1 1.5 no%20pairs\nq1 Q0 c.md 2 0.25 no%20pairs\nq%202 Q0 d.md 1 -1 no%20pairs\n"
    )
    write_qrels(tmp_path / "set.qrels", {"q1": {"a b.md": 1, "c.md": 2}, "q2": {}, "q3": {"d": 0}})
    assert (tmp_path / "set.qrels").read_text() == "q1 0 a%20b.md 1\nq1 0 c.md 2\nq3 0 d 0\n"


def test_equal_scores_are_parted_by_the_least_that_single_precision_can(tmp_path: Path) -> None:
    path = tmp_path / "run"
    write_run(path, {"q": [("a", 1.0), ("b", 1.0), ("c", 1.0 - 1e-12)]}, tag="t")
    # Below 1, single precision goes in steps of 2 ** -24.
    assert [line.split()[4] for line in path.read_text().splitlines()] == ["1", "0.99999994", "0.999999881"]


def test_a_run_that_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "run"
    write_run(path, {"q": [("a", 1.0)]}, tag="t")
    broken = cast("Ranking", [("b", 1.0), ("c", "no number")])
    with pytest.raises(ValueError, match="no number"):
        write_run(path, {"q": broken}, tag="t")
    assert path.read_text() == "q Q0 a 1 1 t\n"
    assert list(tmp_path.iterdir()) == [path]


def test_names_without_white_space_whatever_they_hold(tmp_path: Path) -> None:
    write_run(tmp_path / "run", {"q\t1\n": [("a\u00a0b/é:1-2.md", 1.0), ("100%", 0.5)]}, tag="k=5,r=x y")
    assert (tmp_path / "run").read_text(encoding="ascii") == (
        "q%091%0A Q0 a%C2%A0b/%C3%A9:1-2.md 1 1 k%3D5%2Cr%3Dx%20y\nq%091%0A Q0 100%25 2 0.5 k%3D5%2Cr%3Dx%20y\n"
    )


def test_nothing_found_and_nothing_asked(tmp_path: Path) -> None:
    write_run(tmp_path / "run", {"q": []}, tag="t")
    write_qrels(tmp_path / "qrels", {})
    assert ((tmp_path / "run").read_bytes(), (tmp_path / "qrels").read_bytes()) == (b"", b"")


@pytest.mark.parametrize("scale", [1.0, 1e-30, 1e30])
def test_any_evaluator_sees_our_order(tmp_path: Path, scale: float) -> None:
    draw = random.Random(7)
    rankings: dict[str, list[tuple[str, float]]] = {}
    qrels: dict[str, dict[str, int]] = {}
    for number in range(40):
        documents = [f"d{letter}" for letter in draw.sample(range(30), 12)]
        # Many of these are equal, some only in single precision, and some are below 0.
        scores = sorted((draw.choice([-1.0, 0.0, 0.25, 0.25 + 1e-12, 1.0]) * scale for _ in documents), reverse=True)
        rankings[f"q{number}"] = list(zip(documents, scores, strict=True))
        qrels[f"q{number}"] = dict.fromkeys(draw.sample([f"d{letter}" for letter in range(30)], 3), 1)
    write_run(tmp_path / "run", rankings, tag="t")
    write_qrels(tmp_path / "qrels", qrels)
    ours = ndcg(
        qrels,
        {question: [document for document, _ in ranking] for question, ranking in rankings.items()},
        k=10,
    )
    read = ir_measures.iter_calc(
        [nDCG @ 10],
        list(ir_measures.read_trec_qrels(str(tmp_path / "qrels"))),  # type: ignore[no-untyped-call]
        list(ir_measures.read_trec_run(str(tmp_path / "run"))),  # type: ignore[no-untyped-call]
    )
    assert {entry.query_id: entry.value for entry in read} == {
        question: pytest.approx(score, abs=1e-9) for question, score in ours.items()
    }
    assert 0.1 < sum(ours.values()) / 40 < 0.5
