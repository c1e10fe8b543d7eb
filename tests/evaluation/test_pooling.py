from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.judged import Judged, Judgements
from briefqa.evaluation.pooling import Place, is_full, moved_since, pool
from briefqa.types import Document, Span

MakeDocument = Callable[..., Document]
Pool = Callable[..., list[tuple[str, str, int]]]

A = "Alpha. Beta. Gamma. Delta."  # at 0, 7, 13 and 20
B = "Epsilon. Zeta."  # at 0 and 9
GOLD = Gold("a.md", "Alpha.")
Q1 = Question("q1", "First?", (), (GOLD,), 1)
Q2 = Question("q2", "Second?", (), (Gold("b.md", "Zeta."),), 2)


def sentences(text: str) -> Sequence[Span]:
    return [found.span() for found in re.finditer(r"[^\s.][^.]*\.", text)]


def place(key: str, text: str) -> Place:
    start = {"a.md": A, "b.md": B}[key].index(text)
    return Place(key, (start, start + len(text)), text)


ALPHA, BETA, GAMMA = place("a.md", "Alpha."), place("a.md", "Beta."), place("a.md", "Gamma.")
EPSILON, ZETA = place("b.md", "Epsilon."), place("b.md", "Zeta.")


@pytest.fixture
def judgements(tmp_path: Path) -> Judgements:
    return Judgements(tmp_path / "q.jsonl")


@pytest.fixture
def pooled(make_document: MakeDocument, judgements: Judgements) -> Pool:
    """`pooled(ranking, ..., questions=...)`: question, text and rank of what is to be judged."""
    documents = {key: make_document(key, text) for key, text in (("a.md", A), ("b.md", B))}
    spans = {"q1": (GoldSpan("id:a.md", 0, 6),), "q2": (GoldSpan("id:b.md", 9, 14),), "q3": ()}

    def run(
        *rankings: dict[str, list[Place]], questions: Sequence[Question] = (Q1, Q2), depth: int = 5
    ) -> list[tuple[str, str, int]]:
        found = pool(questions, rankings, documents, spans, judgements, sentences, depth=depth)
        return [(entry.question.id, entry.document.text[slice(*entry.span)], entry.rank) for entry in found]

    return run


def test_the_best_ranks_come_first(pooled: Pool) -> None:
    ranking = {"q1": [ALPHA, BETA, EPSILON], "q2": [GAMMA, BETA]}
    # Alpha holds the gold of q1.
    assert pooled(ranking) == [("q2", "Gamma.", 1), ("q1", "Beta.", 2), ("q2", "Beta.", 2), ("q1", "Epsilon.", 3)]
    assert pooled(ranking, depth=2) == [("q2", "Gamma.", 1), ("q1", "Beta.", 2), ("q2", "Beta.", 2)]
    assert pooled({}) == []


def test_rankings_make_one_pool(pooled: Pool) -> None:
    assert pooled({"q1": [ZETA, BETA]}, {"q1": [BETA, GAMMA]}) == [
        ("q1", "Zeta.", 1),
        ("q1", "Beta.", 1),
        ("q1", "Gamma.", 2),
    ]


def test_what_overlaps_by_half_is_one(pooled: Pool) -> None:
    assert pooled({"q1": [BETA, place("a.md", "Beta. Gamma."), place("a.md", "Gamma. Delta.")]}) == [
        ("q1", "Beta.", 1),
        ("q1", "Gamma. Delta.", 3),
    ]


def test_half_of_a_gold_is_enough(pooled: Pool) -> None:
    assert pooled({"q1": [place("a.md", "ha. Beta.")]}) == []  # 3 of 6 characters
    assert pooled({"q1": [place("a.md", "a. Beta.")]}) == [("q1", "a. Beta.", 1)]


def test_what_was_judged_is_left_out(pooled: Pool, judgements: Judgements) -> None:
    judgements.add(Judged("q1", "a.md", "Beta. Gamma."))
    ranking = {"q1": [BETA, place("a.md", "Gamma. Delta.")], "q2": [BETA]}
    assert pooled(ranking) == [("q2", "Beta.", 1), ("q1", "Gamma. Delta.", 2)]


def test_a_passage_without_a_sentence_is_judged_by_its_text(pooled: Pool, judgements: Judgements) -> None:
    gap = Place("a.md", (6, 7), " ")
    assert pooled({"q1": [gap]}) == [("q1", " ", 1)]


@pytest.mark.parametrize(
    "golds",
    [(), (GOLD, Gold("a.md", "Beta."), Gold("a.md", "Gamma.")), (Gold("a.md", ""),)],
    ids=["nothing answers it", "it has enough", "a document as a whole"],
)
def test_questions_that_can_get_no_gold_are_left_out(pooled: Pool, golds: tuple[Gold, ...]) -> None:
    assert pooled({"q3": [BETA]}, questions=[Question("q3", "Third?", (), golds, 3)]) == []


def test_full_questions() -> None:
    assert not is_full(Q1)
    assert is_full(Question("q", "?", (), (), 1))
    assert is_full(Question("q", "?", (), (GOLD,) * 3, 1))


def test_passages_that_went_are_counted_once(pooled: Pool, make_document: MakeDocument) -> None:
    changed, gone = Place("a.md", (0, 6), "Aleph."), Place("c.md", (0, 6), "Alpha.")
    rankings = [{"q1": [changed, gone, BETA]}, {"q1": [gone]}]
    assert pooled(*rankings) == [("q1", "Beta.", 3)]
    assert moved_since(rankings, {"a.md": make_document("a.md", A)}) == 2
