"""Features and scores by hand, over small stores whose terms all have weights that are set, not worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace

import pytest

from briefqa.protocols import Candidate
from briefqa.question import AnalysedQuestion, Weighted, analyse_question
from briefqa.retrieval import evidence as module
from briefqa.retrieval.evidence import DEPTH, WEIGHTS, EvidenceRetriever, gather_evidence
from briefqa.types import Document, Evidence, Passage, Scores
from tests.answering.builders import Store, make_document, make_passage
from tests.fakes import FakeQuestionEncoder

QUESTION = "Georgia left the commonwealth treaty"
ENCODER = FakeQuestionEncoder("any")
NOTHING = Evidence(0.0, 0.0)


@pytest.fixture(autouse=True)
def _weights_of_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    """georgia 1, left 2, commonwealth 3, treati 4: ten in all."""
    weights = {"georgia": 1.0, "left": 2.0, "commonwealth": 3.0, "treati": 4.0}
    terms = tuple(Weighted(term, term, weight, exact=False) for term, weight in weights.items())
    analysed = AnalysedQuestion(QUESTION, terms)
    monkeypatch.setattr(
        module, "analyse_question", lambda text, store: analysed if text == QUESTION else analyse_question(text, store)
    )


def entry(*sentences: str, title: str | None = None) -> tuple[Passage, Document]:
    document = make_document(" ".join(sentences), title=title)
    return make_passage(document, *sentences), document


def evidence(*sentences: str, title: str | None = None, near: Sequence[float] = ()) -> Evidence:
    store = Store((entry(*sentences, title=title),), near=[list(near)])
    (found,) = gather_evidence(QUESTION, [0], store, ENCODER)
    return found


def test_all_by_hand() -> None:
    found = evidence(
        "Georgia left the union.",
        "The commonwealth stays.",
        "The sea is wide.",
        "A treaty was signed.",
        near=[0.25, -0.5, 0.75, 0.5],
    )
    # The best sentence holds the treaty, 4; the best two neighbours are the first, 1 + 2 + 3.
    assert found == Evidence(pair_coverage=0.6, sentence_cosine=0.75)


def test_a_title_does_not_count() -> None:
    found = evidence("The treaty is old.", title="Georgia left the commonwealth treaty", near=[0.0])
    assert found == Evidence(0.4, 0.0)


def test_one_sentence_is_a_pair_too() -> None:
    assert evidence("Georgia left.", near=[0.5]) == Evidence(0.3, 0.5)


def test_a_word_counts_once_wherever_it_stands() -> None:
    found = evidence("The commonwealth left Georgia.", "Left: Georgia.", near=[0.0, 0.0])
    assert found.pair_coverage == 0.6


def test_a_pair_is_of_neighbours() -> None:
    found = evidence("Georgia came.", "The sea is wide.", "Treaties last.", near=[0.0, 0.0, 0.0])
    assert found.pair_coverage == 0.4


def test_no_cosine_below_nothing() -> None:
    assert evidence("It is.", "It was.", near=[-0.5, -0.25]).sentence_cosine == 0.0


def test_a_passage_without_a_sentence_has_no_evidence() -> None:
    document = make_document("Georgia left")
    store = Store(((make_passage(document), document),), near=[[]])
    assert gather_evidence(QUESTION, [0], store, ENCODER) == [NOTHING]


def test_sentences_stand_where_the_document_has_them() -> None:
    document = make_document("Treaty. Georgia left. The commonwealth stays.")
    whole = make_passage(document, "Treaty.", "Georgia left.", "The commonwealth stays.")
    passage = replace(whole, start=8, text=document.text[8:], sentences=whole.sentences[1:])
    store = Store(((passage, document),), near=[[0.5, 0.25]])
    assert gather_evidence(QUESTION, [0], store, ENCODER) == [Evidence(0.6, 0.5)]


def test_what_stands_between_sentences_does_not_count() -> None:
    document = make_document("Georgia came.\n\n## Treaty\n\nIt left.")
    store = Store(((make_passage(document, "Georgia came.", "It left."), document),), near=[[0.0, 0.0]])
    assert gather_evidence(QUESTION, [0], store, ENCODER) == [Evidence(0.3, 0.0)]


def test_each_has_its_own_in_the_order_asked_for() -> None:
    store = Store((entry("Georgia."), entry("It."), entry("Treaties.")), near=[[0.5], [0.25], [0.125]])
    assert gather_evidence(QUESTION, [2, 0], store, ENCODER) == [
        Evidence(0.4, 0.125),
        Evidence(0.1, 0.5),
    ]


def test_a_question_without_a_term_has_the_cosine_alone() -> None:
    store = Store((entry("Who is he?"),), near=[[0.5]])
    assert gather_evidence("Who is he?", [0], store, ENCODER) == [Evidence(0.0, 0.5)]


def test_no_passage_is_not_looked_at() -> None:
    assert gather_evidence(QUESTION, [], Store(), ENCODER) == []


class First:
    """A first stage that finds passages of these scores, best first, named by their place unless `names` name them."""

    def __init__(self, *scores: float, names: Sequence[str] = ()) -> None:
        self.found = [
            Candidate(number, names[number] if names else f"p{number:03}", score, Scores(dense=score))
            for number, score in enumerate(scores)
        ]
        self.asked: list[int] = []

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        self.asked.append(k)
        return self.found[:k]


def retriever(first: First, *cosines: float, weights: Evidence) -> EvidenceRetriever:
    """Each passage has one sentence, without a word of the question, of these cosines (0 for those that follow)."""
    store = Store(
        [entry("The sea is wide.") for _ in first.found],
        near=[[cosines[number] if number < len(cosines) else 0.0] for number in range(len(first.found))],
    )
    return EvidenceRetriever(first, store, ENCODER, weights=weights)


def ranked(found: Sequence[Candidate]) -> list[tuple[str, float]]:
    return [(candidate.passage_id, candidate.score) for candidate in found]


COSINE_ONLY = replace(NOTHING, sentence_cosine=2.0)


def test_the_evidence_is_added_to_the_fused_score_and_reorders() -> None:
    found = retriever(First(1.0, 0.75, 0.5), 0.0, 0.25, 0.125, weights=COSINE_ONLY).retrieve(QUESTION, 3)
    assert ranked(found) == [("p001", 1.25), ("p000", 1.0), ("p002", 0.75)]
    assert [candidate.number for candidate in found] == [1, 0, 2]
    assert found[0].scores == Scores(dense=0.75, fused=0.75, evidence=replace(NOTHING, sentence_cosine=0.25))


def test_every_weight_goes_with_its_feature() -> None:
    store = Store(
        (entry("Georgia left.", "The commonwealth stays.", title="Treaties"),),
        near=[[0.5, 0.25]],
    )
    weights = Evidence(pair_coverage=10.0, sentence_cosine=1000.0)
    (found,) = EvidenceRetriever(First(0.5), store, ENCODER, weights=weights).retrieve(QUESTION, 1)
    # georgia left (3) and commonwealth (3), both together 6.
    assert found.scores.evidence == Evidence(0.6, 0.5)
    assert found.score == pytest.approx(0.5 + 6.0 + 500.0)


def test_without_weights_all_stays_as_it_was() -> None:
    first = First(1.0, 0.75, 0.5)
    found = retriever(first, 0.0, 0.5, 1.0, weights=NOTHING).retrieve(QUESTION, 3)
    assert ranked(found) == ranked(first.found)


def test_no_weight_is_negative() -> None:
    assert min(astuple(WEIGHTS)) >= 0.0


def test_equal_scores_go_by_id() -> None:
    first = First(1.0, 0.75, 0.5, names=("z", "b", "a"))
    assert ranked(retriever(first, 0.0, 0.125, 0.25, weights=COSINE_ONLY).retrieve(QUESTION, 3)) == [
        ("a", 1.0),
        ("b", 1.0),
        ("z", 1.0),
    ]


@pytest.mark.parametrize("k", [1, 2, DEPTH - 1, DEPTH, DEPTH + 1, DEPTH + 5, 1000])
def test_at_most_k_come_and_fewer_are_the_first_of_more(k: int) -> None:
    first = First(*(1.0 / (1 + number) for number in range(DEPTH + 5)))
    cosines = [number / 64 for number in range(DEPTH + 5)]
    everything = retriever(first, *cosines, weights=COSINE_ONLY).retrieve(QUESTION, DEPTH + 5)
    assert len(everything) == DEPTH + 5
    asked = First(*(candidate.score for candidate in first.found))
    assert retriever(asked, *cosines, weights=COSINE_ONLY).retrieve(QUESTION, k) == everything[:k]
    assert asked.asked == [max(k, DEPTH)]


def test_those_behind_the_depth_follow_in_their_order_and_are_not_looked_at() -> None:
    scores = [2.0 - number / 64 for number in range(DEPTH + 3)]
    # The last that is looked at becomes the first; those behind it would, if they were.
    cosines = [0.0] * (DEPTH - 1) + [1.0] * 4
    found = retriever(First(*scores), *cosines, weights=COSINE_ONLY).retrieve(QUESTION, DEPTH + 3)
    order = [DEPTH - 1, *range(DEPTH - 1), DEPTH, DEPTH + 1, DEPTH + 2]
    assert [candidate.number for candidate in found] == order
    for candidate in found[DEPTH:]:
        score = scores[candidate.number]
        assert (candidate.score, candidate.scores) == (score, Scores(dense=score, fused=score))


def test_one_without_evidence_stays_before_an_equal_one_that_was_not_looked_at() -> None:
    found = retriever(First(*[0.5] * (DEPTH + 2)), *[1.0] * 3, weights=COSINE_ONLY).retrieve(QUESTION, DEPTH + 2)
    assert [candidate.number for candidate in found] == list(range(DEPTH + 2))
    scores = [candidate.score for candidate in found]
    assert scores == [2.5] * 3 + [0.5] * (DEPTH - 1)


def test_nothing_found_stays_nothing() -> None:
    assert retriever(First(), weights=COSINE_ONLY).retrieve("", 5) == []
    assert retriever(First(1.0, 0.5), weights=COSINE_ONLY).retrieve(QUESTION, 0) == []
