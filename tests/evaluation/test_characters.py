"""Characters held, by hand and against sets of single characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from briefqa.evaluation.characters import CharacterMeasures, Place, character_measures


def test_characters_held_by_two_passages_are_found_once_and_paid_for_twice() -> None:
    passages: list[Place] = [("a", (0, 100)), ("a", (50, 150)), ("b", (0, 50))]
    gold: list[Place] = [("a", (90, 120)), ("b", (40, 60)), ("c", (0, 10))]
    # Of 60 gold characters a gives 30 and b 10; the passages hold 250, and 20 are missed.
    assert character_measures(passages, gold) == CharacterMeasures(recall=40 / 60, precision=40 / 250, iou=40 / 270)


def test_gold_that_overlaps_counts_once() -> None:
    gold: list[Place] = [("a", (0, 10)), ("a", (5, 15))]
    assert character_measures([("a", (0, 10))], gold) == CharacterMeasures(recall=10 / 15, precision=1.0, iou=10 / 15)


def test_characters_of_nothing_are_none() -> None:
    assert character_measures([], [("a", (0, 10))]) == CharacterMeasures(0.0, 0.0, 0.0)
    assert character_measures([("a", (0, 10))], []) == CharacterMeasures(0.0, 0.0, 0.0)


SPANS = st.tuples(st.integers(0, 12), st.integers(0, 8)).map(lambda pair: (pair[0], pair[0] + pair[1]))
PLACES = st.lists(st.tuples(st.sampled_from("ab"), SPANS), max_size=6)


@given(PLACES, PLACES)
def test_spans_are_counted_as_characters_are(passages: list[Place], gold: list[Place]) -> None:
    wanted, held = (
        {(document, place) for document, (start, end) in places for place in range(start, end)}
        for places in (gold, passages)
    )
    total = sum(end - start for _, (start, end) in passages)
    covered, missed = len(wanted & held), len(wanted - held)
    assert character_measures(passages, gold) == CharacterMeasures(
        covered / len(wanted) if wanted else 0.0,
        covered / total if total else 0.0,
        covered / (total + missed) if total + missed else 0.0,
    )
