"""Judgements of passages and documents, of golds that stand in one passage, in several, or in the half of none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import ir_measures
import pytest
from ir_measures import AP, R, nDCG

from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.judgements import write_judgements
from briefqa.evaluation.relevance import passage_measures, relevant_passages
from briefqa.evaluation.results import FoundGold
from briefqa.evaluation.trec import write_run
from briefqa.types import Document, Hit, Passage

Make = Callable[..., Sequence[Hit]]


@pytest.fixture
def hits(make_document: Callable[..., Document], make_hits: Make) -> Sequence[Hit]:
    """All passages of a document, best first: of 50, 10, 20 and 20 characters; the last two share 5."""
    document = make_document("a.md", "x" * 200)
    return make_hits((document, 0, 50), (document, 150, 160), (document, 60, 80), (document, 75, 95))


GOLDS = {
    # Two in the first passage, one in the third.
    "several in one": [(10, 15), (30, 35), (60, 65)],
    # Its 4 characters stand in the third passage and in the fourth.
    "in two": [(75, 79)],
    # Of 60 characters the first passage holds 10 and the third and fourth 20 each.
    "in none": [(40, 100)],
    "unanswerable": [],
}


def passages_of(hits: Sequence[Hit]) -> Callable[[str], list[Passage]]:
    return lambda document: [hit.passage for hit in hits if hit.passage.document_id == document]


def write(folder: Path, hits: Sequence[Hit]) -> None:
    golds = {
        question: [FoundGold("a.md", "id:a.md", span, "x" * (span[1] - span[0])) for span in spans]
        for question, spans in GOLDS.items()
    }
    write_judgements(folder, golds, passages_of(hits))


def test_a_passage_is_judged_once(tmp_path: Path, hits: Sequence[Hit]) -> None:
    write(tmp_path, hits)
    assert (tmp_path / "passages.qrels").read_text() == (
        "several%20in%20one 0 a.md:0-50 1\n"
        "several%20in%20one 0 a.md:60-80 1\n"
        "in%20two 0 a.md:60-80 1\n"
        "in%20two 0 a.md:75-95 1\n"
        "in%20none 0 a.md:0-50 0\n"
        "in%20none 0 a.md:60-80 0\n"
        "in%20none 0 a.md:75-95 0\n"
    )
    assert (tmp_path / "documents.qrels").read_text() == (
        "several%20in%20one 0 a.md 1\nin%20two 0 a.md 1\nin%20none 0 a.md 1\n"
    )


def test_reports_and_trec_eval_agree(tmp_path: Path, hits: Sequence[Hit]) -> None:
    write(tmp_path, hits)
    ranking = [(hit.passage.id, hit.score) for hit in hits]
    write_run(tmp_path / "run", dict.fromkeys(GOLDS, ranking), tag="t")
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "passages.qrels")))  # type: ignore[no-untyped-call]
    run = list(ir_measures.read_trec_run(str(tmp_path / "run")))  # type: ignore[no-untyped-call]
    theirs = {
        (entry.query_id.replace("%20", " "), str(entry.measure)): entry.value
        for entry in ir_measures.iter_calc([R @ 1, R @ 3, AP @ 10, nDCG @ 10], qrels, run)
    }
    ours = {
        (question, name): score
        for question, spans in GOLDS.items()
        if spans
        for name, score in passage_measures(
            hits, relevant_passages([GoldSpan("id:a.md", *span) for span in spans], passages_of(hits))
        ).items()
        if name in {"R@1", "R@3", "AP@10", "nDCG@10"}
    }
    assert theirs == {key: pytest.approx(score, abs=1e-9) for key, score in ours.items()}
    # One of two at rank 1, none of two, and nothing to find.
    assert [theirs[question, "R@1"] for question in GOLDS if question != "unanswerable"] == [0.5, 0.0, 0.0]
    assert [theirs[question, "R@3"] for question in GOLDS if question != "unanswerable"] == [1.0, 0.5, 0.0]
