"""What counts as found, on a text whose letters stand at known places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2

import pytest

from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.relevance import document_measures, golds_in, holds_gold, is_relevant, passage_measures
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


def test_overlapping_passages_score_once(document: Document, make_hits: Hits) -> None:
    # Ranks: 1 nothing, 2 gold A, 3 gold A again, 4 gold B.
    hits = make_hits((document, 150, 200), (document, 0, 20), (document, 5, 25), (document, 40, 60))
    ideal = 1 + 1 / log2(3)
    assert passage_measures(hits, [_gold(10, 15), _gold(45, 50)]) == {
        "R@1": 0.0,
        "R@3": 0.5,
        "R@5": 1.0,
        "R@10": 1.0,
        "P@5": 3 / 5,  # the gold that comes twice makes two passages relevant
        "Success@5": 1.0,
        "RR@10": 0.5,
        "AP@10": (1 / 2 + 2 / 4) / 2,
        "nDCG@10": pytest.approx((1 / log2(3) + 1 / log2(5)) / ideal, abs=1e-12),
    }


def test_one_passage_with_every_gold_is_perfect(document: Document, make_hits: Hits) -> None:
    hits = make_hits((document, 0, 100), (document, 100, 200))
    golds = [_gold(10, 15), _gold(45, 50), _gold(70, 90)]
    scores = passage_measures(hits, golds)
    assert scores.pop("P@5") == 1 / 5
    assert list(scores) == ["R@1", "R@3", "R@5", "R@10", "Success@5", "RR@10", "AP@10", "nDCG@10"]
    assert set(scores.values()) == {1.0}


def test_cuts_are_counted_in_passages(document: Document, make_hits: Hits) -> None:
    # Five passages in vain, then one with two golds; the third gold is in the 10th, and the 11th comes too late.
    nothing = [(document, 150, 160 + number) for number in range(5)]
    more = [(document, 160, 170 + number) for number in range(3)]
    hits = make_hits(*nothing, (document, 0, 50), *more, (document, 60, 80), (document, 90, 99))
    golds = [_gold(10, 15), _gold(30, 35), _gold(65, 75)]
    # The units are 5 in vain, gold, gold, 3 in vain, gold: ranks 6, 7 and 11.
    gain = 1 / log2(7) + 1 / log2(8) + 1 / log2(12)
    assert passage_measures(hits, golds) == {
        "R@1": 0.0,
        "R@3": 0.0,
        "R@5": 0.0,
        "R@10": 1.0,
        "P@5": 0.0,
        "Success@5": 0.0,
        "RR@10": pytest.approx(1 / 6),
        "AP@10": pytest.approx((1 / 6 + 2 / 7 + 3 / 11) / 3, abs=1e-12),
        "nDCG@10": pytest.approx(gain / (1 + 1 / log2(3) + 1 / log2(4)), abs=1e-12),
    }
    late = passage_measures(hits, [_gold(90, 99)])
    assert set(late.values()) == {0.0}


def test_few_hits_do_not_shrink_the_ideal(document: Document, make_hits: Hits) -> None:
    scores = passage_measures(make_hits((document, 0, 20)), [_gold(10, 15), _gold(45, 50)])
    assert scores["nDCG@10"] == pytest.approx(1 / (1 + 1 / log2(3)), abs=1e-12)
    assert scores["R@10"] == 0.5


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
    found = [passage_measures(hits, [_gold(10, 15)]) for hits in (fifth, sixth)]
    assert [(scores["P@5"], scores["Success@5"]) for scores in found] == [(1 / 5, 1.0), (0.0, 0.0)]
    assert [scores["RR@10"] for scores in found] == [1 / 5, pytest.approx(1 / 6)]


def test_without_hits_everything_is_zero() -> None:
    assert set(passage_measures((), [_gold(0, 5)]).values()) == {0.0}
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
