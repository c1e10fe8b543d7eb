"""Sketches of texts and what two texts share."""

from __future__ import annotations

import hashlib
import random

import numpy as np
import pytest

from briefqa.corpus.duplicates import KEYS, at_most_shared, probe, shared, shingles, sketch

PROBE_SHA256 = "88832d91a7a2931847ac2a9da1542526a0339c57d3df089423116690884060be"


def text(*numbers: int) -> str:
    return " ".join(f"w{number}" for number in numbers)


def minima(row: np.ndarray) -> np.ndarray:
    return row[3:].view("<u2")


def test_shingles() -> None:
    assert shingles("One two, three FOUR five; six!") == {"one two three four five", "two three four five six"}
    assert shingles("Only three words.") == {"only three words"}
    assert shingles("...") == set()


def test_what_is_shared_is_counted() -> None:
    whole, start = shingles(text(*range(60))), shingles(text(*range(34)))
    assert (len(whole), len(start)) == (56, 30)
    assert shared(whole, start) == shared(start, whole) == 1.0
    other = shingles(text(*range(19), *range(100, 120)))
    assert (len(other), shared(whole, other)) == (35, 15 / 35)
    assert shared(whole, shingles(text(*range(23)))) == 0.0  # of 19 shingles
    assert shared(whole, set()) == 0.0


def test_a_sketch_tells_size_and_words() -> None:
    row = sketch("One two, three four five six.")
    assert row.dtype == np.uint32
    assert len(row) == 3 + KEYS
    assert row[0] == 2
    digest = hashlib.sha256(b"one two three four five six").digest()
    assert row[1:3].tolist() == [int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")]
    assert (row == sketch("ONE — two three\nfour “five” six")).all()
    assert (row[1:3] != sketch("One two three four six five")[1:3]).any()


def test_texts_without_a_word_are_told_apart() -> None:
    assert (sketch("…") == sketch("…")).all()
    assert (sketch("…")[1:3] != sketch("!!")[1:3]).any()
    assert sketch("…")[0] == 0


def test_a_sketch_stays_what_it_was() -> None:
    """An index keeps sketches: if this fails, the library makes other ones now, and every index is written anew."""
    assert hashlib.sha256(probe().astype("<u4").tobytes()).hexdigest() == PROBE_SHA256


@pytest.mark.parametrize(("kept", "new"), [(390, 10), (300, 100), (200, 200), (50, 350)])
def test_equal_minima_estimate_the_jaccard_similarity(kept: int, new: int) -> None:
    chance = random.Random(kept)
    differences = []
    for _ in range(20):
        one = chance.sample(range(100_000), 400)
        other = [*one[:kept], *chance.sample(range(100_000, 200_000), new)]
        texts = [text(*one), text(*other)]
        sets = [shingles(entry) for entry in texts]
        jaccard = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
        equal = float((minima(sketch(texts[0])) == minima(sketch(texts[1]))).mean())
        differences.append(equal - jaccard)
        sizes = [np.array([float(len(entry))]) for entry in sets]
        assert at_most_shared(np.array([equal]), sizes[0], sizes[1])[0] >= shared(*sets)
    assert abs(float(np.mean(differences))) < 0.025
    assert max(map(abs, differences)) < 0.15


def test_the_estimate_of_what_is_shared() -> None:
    """Half of 100 shingles in 150: J = 50 / 200, three standard deviations of 256 trials and one trial above."""
    jaccard = 0.25 + 3 * (0.25 * 0.75 / 256) ** 0.5 + 1 / 128
    expected = jaccard * 250 / ((1 + jaccard) * 100)
    found = at_most_shared(np.array([0.25]), np.array([100.0]), np.array([150.0]))
    assert found[0] == pytest.approx(expected)
    assert at_most_shared(np.array([1.0]), np.array([0.0]), np.array([0.0]))[0] == 0.0
