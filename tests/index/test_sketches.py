"""Which sketches are looked at together, against a comparison of all with all."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from briefqa.corpus.duplicates import KEYS, at_most_shared, sketch
from briefqa.errors import IndexDamaged
from briefqa.index import sketches
from briefqa.index.sketches import (
    FIRST_KEY,
    HASH,
    NUMBER,
    ROWS,
    SIZE,
    SketchRows,
    are_comparable,
    likely_pairs,
    read_sketches,
    write_sketches,
)


def made_columns(count: int, seed: int) -> np.ndarray:
    """Columns of which each shares some keys with the one before it, some share one with many, and some are equal."""
    chance = np.random.default_rng(seed)
    columns = chance.integers(0, 2**32, (ROWS, count), dtype=np.uint32)
    columns[NUMBER] = np.arange(count)
    columns[SIZE] = chance.integers(20, 300, count)
    for place in range(1, count):
        same = chance.random(ROWS) < chance.choice([0.0, 0.02, 0.2, 0.5])
        same[:FIRST_KEY] = False
        columns[same, place] = columns[same, place - 1]
    columns[HASH : HASH + 2, 7] = columns[HASH : HASH + 2, 3]
    return columns


def by_hand(columns: np.ndarray, new: np.ndarray, least: float) -> list[tuple[int, int, bool]]:
    found = []
    for one, other in combinations(range(columns.shape[1]), 2):
        first, second = columns[:, one], columns[:, other]
        equal = bool((first[HASH : HASH + 2] == second[HASH : HASH + 2]).all())
        share = (first[FIRST_KEY:].copy().view(np.uint16) == second[FIRST_KEY:].copy().view(np.uint16)).mean()
        sizes = [np.array([float(column[SIZE])]) for column in (first, second)]
        likely = (first[FIRST_KEY:] == second[FIRST_KEY:]).any() and at_most_shared(np.array([share]), *sizes)[
            0
        ] >= least
        if (equal or likely) and (new[one] or new[other]):
            found.append((one, other, equal))
    return found


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("first_new", [0, 30, 39, 40])
@pytest.mark.parametrize("pending", [10, 4_000_000])
def test_likely_pairs(monkeypatch: pytest.MonkeyPatch, seed: int, first_new: int, pending: int) -> None:
    monkeypatch.setattr(sketches, "_MOST_PENDING", pending)
    columns = made_columns(40, seed)
    new = np.arange(40) >= first_new
    new[5] |= first_new == 39
    first, second, equal = likely_pairs(lambda row: columns[row], new, least=0.45)
    found = list(zip(first.tolist(), second.tolist(), equal.tolist(), strict=True))
    assert found == by_hand(columns, new, 0.45)
    assert (first_new == 40) == (found == [])


def test_nothing_to_compare() -> None:
    empty = np.empty((ROWS, 0), dtype=np.uint32)
    first, second, equal = likely_pairs(lambda row: empty[row], np.empty(0, dtype=np.bool_), least=0.45)
    assert len(first) == len(second) == len(equal) == 0


def test_of_very_many_that_share_a_key_only_neighbours_are_compared() -> None:
    columns = made_columns(8, 3)[:, :1].repeat(100, axis=1)
    columns[HASH] = np.arange(100)
    first, second, equal = likely_pairs(lambda row: columns[row], np.ones(100, dtype=np.bool_), least=0.45)
    assert sorted(set((second - first).tolist())) == list(range(1, 17))
    assert len(first) == sum(100 - distance for distance in range(1, 17))
    assert not equal.any()


def test_sketches_are_kept(tmp_path: Path) -> None:
    rows = SketchRows()
    rows.add(3, "One two three four five six.")
    rows.add(9, "Seven.")
    rows.write(tmp_path)
    columns = read_sketches(tmp_path)
    assert columns.shape == (4 + KEYS, 2)
    assert columns[NUMBER].tolist() == [3, 9]
    assert (columns[1:, 0] == sketch("one two three four five six")).all()
    assert are_comparable(tmp_path)
    (tmp_path / "merged").mkdir()
    write_sketches(tmp_path / "merged", [columns[:, :1], columns[:, 1:]])
    assert (read_sketches(tmp_path / "merged") == columns).all()


def test_sketches_made_by_other_means_are_not_comparable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SketchRows().write(tmp_path)
    assert read_sketches(tmp_path).shape == (ROWS, 0)
    monkeypatch.setattr(sketches, "probe", lambda: sketch("Something else."))
    assert not are_comparable(tmp_path)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((ROWS, 3), dtype=np.uint32),  # two columns of one number
        np.zeros((ROWS - 1, 3), dtype=np.uint32),
        np.zeros((ROWS, 0), dtype=np.uint32),
        np.zeros((ROWS, 3), dtype=np.int64),
    ],
)
def test_what_is_no_file_of_sketches_is_told(tmp_path: Path, array: np.ndarray) -> None:
    np.save(tmp_path / "sketches.npy", array)
    message = rf"^{tmp_path}/sketches\.npy is damaged\. Make the index again with: briefqa index --rebuild$"
    with pytest.raises(IndexDamaged, match=message):
        read_sketches(tmp_path)
