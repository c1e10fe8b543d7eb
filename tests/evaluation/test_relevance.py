"""What counts as found, on a text whose letters stand at known places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2

import pytest

from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.relevance import (
    document_measures,
    golds_in,
    holds_gold,
    is_relevant,
    passage_measures,
    relevant_passages,
)
from briefqa.types import Citation, Document, Hit

Hits = Callable[..., Sequence[Hit]]
Citations = Callable[..., Sequence[Citation]]


@pytest.fixture
def document(make_document: Callable[..., Document]) -> Document:
    return make_document("a.md", "x" * 200)


@pytest.fixture
def other(make_document: Callable[..., Document]) -> Document:
    return make_document("b.md", "y" * 200)


def _gold(start: int, end: int, key: str = "a.md") -> GoldSpan:
    return GoldSpan(f"id:{key}", start, end)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 200, True),
        (100, 110, True),
        (95, 105, True),  # the first 5 of 10
        (105, 200, True),  # the last 5 of 10
        (95, 104, False),  # 4 of 10
        (106, 200, False),
        (0, 100, False),  # touches
        (0, 50, False),
        (120, 200, False),
    ],
)
def test_half_of_the_gold_makes_a_passage_relevant(
    document: Document, make_hits: Hits, start: int, end: int, expected: bool
) -> None:
    [hit] = make_hits((document, start, end))
    assert is_relevant(hit.passage, _gold(100, 110)) is expected


def test_the_same_place_in_another_document_is_not_relevant(other: Document, make_hits: Hits) -> None:
    [hit] = make_hits((other, 0, 200))
    assert not is_relevant(hit.passage, _gold(100, 110))


def test_an_odd_gold_needs_more_than_its_smaller_half(document: Document, make_hits: Hits) -> None:
    five, six = make_hits((document, 100, 105), (document, 100, 106))
    assert [is_relevant(hit.passage, _gold(100, 111)) for hit in (five, six)] == [False, True]


def test_the_golds_in_a_passage_by_number(document: Document, other: Document, make_hits: Hits) -> None:
    golds = [_gold(10, 20), _gold(40, 60), _gold(10, 20, "b.md"), _gold(49, 53)]
    first, second, third = make_hits((document, 0, 50), (document, 52, 200), (other, 0, 50))
    # 0 to 50 holds half of 40 to 60, but one of the four of 49 to 53.
    assert [golds_in(hit.passage, golds) for hit in (first, second, third)] == [(0, 1), (), (2,)]


def _relevant(hits: Sequence[Hit], golds: Sequence[GoldSpan]) -> list[str]:
    """The relevant passages, where those that were found are all there are."""
    return relevant_passages(golds, lambda name: [hit.passage for hit in hits if hit.passage.document_id == name])


def test_the_relevant_passages_of_a_question_stand_once(document: Document, other: Document, make_hits: Hits) -> None:
    hits = make_hits((other, 0, 50), (document, 0, 50), (document, 52, 200), (document, 5, 15), (other, 50, 90))
    golds = [_gold(60, 70), _gold(10, 20), _gold(30, 40), _gold(10, 20, "b.md")]
    assert _relevant(hits, golds) == ["a.md:52-200", "a.md:0-50", "a.md:5-15", "b.md:0-50"]


def test_a_passage_with_two_golds_counts_once(document: Document, make_hits: Hits) -> None:
    # The first passage holds two golds of three, the third the other: two relevant passages, at ranks 1 and 3.
    hits = make_hits((document, 0, 50), (document, 150, 160), (document, 60, 80))
    relevant = _relevant(hits, [_gold(10, 15), _gold(30, 35), _gold(65, 75)])
    assert passage_measures(hits, relevant) == {
        "R@1": 1 / 2,
        "R@3": 1.0,
        "R@5": 1.0,
        "R@10": 1.0,
        "P@5": 2 / 5,
        "Success@5": 1.0,
        "RR@10": 1.0,
        "AP@10": pytest.approx((1 + 2 / 3) / 2, abs=1e-12),
        "nDCG@10": pytest.approx((1 + 1 / log2(4)) / (1 + 1 / log2(3)), abs=1e-12),
    }


def test_every_passage_that_holds_a_gold_is_relevant(document: Document, make_hits: Hits) -> None:
    # Ranks: 1 nothing, 2 gold A, 3 gold A again, as the two overlap, 4 gold B.
    hits = make_hits((document, 150, 200), (document, 0, 20), (document, 5, 25), (document, 40, 60))
    found = 1 / log2(3) + 1 / log2(4) + 1 / log2(5)
    assert passage_measures(hits, _relevant(hits, [_gold(10, 15), _gold(45, 50)])) == {
        "R@1": 0.0,
        "R@3": pytest.approx(2 / 3),
        "R@5": 1.0,
        "R@10": 1.0,
        "P@5": 3 / 5,
        "Success@5": 1.0,
        "RR@10": 0.5,
        "AP@10": pytest.approx((1 / 2 + 2 / 3 + 3 / 4) / 3, abs=1e-12),
        "nDCG@10": pytest.approx(found / (1 + 1 / log2(3) + 1 / log2(4)), abs=1e-12),
    }


def test_what_was_not_found_counts_too(document: Document, make_hits: Hits) -> None:
    scores = passage_measures(make_hits((document, 0, 20)), ["a.md:0-20", "a.md:40-60"])
    assert scores["nDCG@10"] == pytest.approx(1 / (1 + 1 / log2(3)), abs=1e-12)
    assert (scores["R@1"], scores["R@10"], scores["AP@10"]) == (0.5, 0.5, 0.5)


def test_the_eleventh_passage_comes_too_late(document: Document, make_hits: Hits) -> None:
    nothing = [(document, 150, 160 + number) for number in range(9)]
    tenth, eleventh = (make_hits(*nothing, *more, (document, 0, 50)) for more in ([], [(document, 60, 80)]))
    scores = passage_measures(tenth, ["a.md:0-50"])
    assert (scores["R@5"], scores["R@10"], scores["RR@10"]) == (0.0, 1.0, 1 / 10)
    assert scores["nDCG@10"] == pytest.approx(1 / log2(11), abs=1e-12)
    assert set(passage_measures(eleventh, ["a.md:0-50"]).values()) == {0.0}


def test_documents_count_once_by_their_best_passage(document: Document, other: Document, make_hits: Hits) -> None:
    # Documents: b, a. Both golds lie in a, which need not be at the gold's place.
    hits = make_hits((other, 0, 10), (other, 10, 20), (document, 0, 10), (document, 10, 20))
    assert document_measures(hits, [_gold(100, 110), _gold(120, 130)]) == {
        "R@1": 0.0,
        "R@3": 1.0,
        "R@5": 1.0,
        "R@10": 1.0,
        "P@5": 1 / 5,
        "Success@5": 1.0,
        "RR@10": 0.5,
        "AP@10": 0.5,
        "nDCG@10": pytest.approx(1 / log2(3), abs=1e-12),
    }


def test_success_and_precision_are_cut_at_five(document: Document, other: Document, make_hits: Hits) -> None:
    vain = [(other, number, number + 1) for number in range(4)]
    fifth = make_hits(*vain, (document, 0, 20), (document, 0, 30))
    sixth = make_hits(*vain, (other, 4, 5), (document, 0, 20))
    found = [passage_measures(hits, ["a.md:0-20"]) for hits in (fifth, sixth)]
    assert [(scores["P@5"], scores["Success@5"]) for scores in found] == [(1 / 5, 1.0), (0.0, 0.0)]
    assert [scores["RR@10"] for scores in found] == [1 / 5, pytest.approx(1 / 6)]


def test_without_hits_or_anything_relevant_everything_is_zero(document: Document, make_hits: Hits) -> None:
    assert set(passage_measures((), ["a.md:0-20"]).values()) == {0.0}
    assert set(passage_measures(make_hits((document, 0, 20)), []).values()) == {0.0}
    assert set(document_measures((), [_gold(0, 5)]).values()) == {0.0}


TEXT = 'It met. She said: "We chose\na chair." Then ... they left (early).'


@pytest.mark.parametrize(
    ("gold", "quote", "expected"),
    [
        ("We chose\na chair.", "We chose\na chair.", True),
        ("We chose\na chair.", "We chose\na chair", True),
        ('"We chose\na chair."', '"We chose\na chair', True),
        ("they left (early).", "they left (early", True),
        ("We chose\na chair.", TEXT, True),
        ("We chose\na chair.", "We chose\na chai", False),
        ("We chose\na chair.", "e chose\na chair.", False),
        ("It met.", "Then", False),
        ("...", "...", True),
        ("...", "Then ..", False),  # nothing but punctuation: nothing is forgiven
    ],
)
def test_a_quote_holds_the_gold_but_for_its_closing_punctuation(
    make_document: Callable[..., Document], make_citations: Citations, gold: str, quote: str, expected: bool
) -> None:
    document = make_document("a.md", TEXT)
    [citation] = make_citations((document, TEXT.index(quote), TEXT.index(quote) + len(quote)))
    span = _gold(TEXT.index(gold), TEXT.index(gold) + len(gold))
    assert holds_gold(citation, [span]) is expected


def test_half_of_the_gold_is_no_gold(document: Document, make_citations: Citations) -> None:
    halves = make_citations((document, 0, 15), (document, 15, 30))
    assert [holds_gold(citation, [_gold(10, 20)]) for citation in halves] == [False, False]


def test_any_gold_will_do_if_it_is_of_the_same_document(
    document: Document, other: Document, make_citations: Citations
) -> None:
    citations = make_citations((other, 0, 50), (document, 0, 50))
    golds = [_gold(100, 110), _gold(10, 20)]
    assert [holds_gold(citation, golds) for citation in citations] == [False, True]
    assert not holds_gold(citations[1], [])
