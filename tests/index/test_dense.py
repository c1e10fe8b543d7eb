from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefqa.errors import IndexDamaged
from briefqa.index import dense
from briefqa.index.dense import DENSE_FILE, DenseIndex, write_dense

if TYPE_CHECKING:
    from briefqa.protocols import Vectors


def unit_vectors(count: int, dimension: int = 24, seed: int = 5) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def vectors() -> Vectors:
    return unit_vectors(300)


@pytest.fixture
def index(tmp_path: Path, vectors: Vectors) -> DenseIndex:
    write_dense(tmp_path, vectors)
    return DenseIndex(tmp_path)


def test_it_is_as_long_and_wide_as_what_was_written(index: DenseIndex) -> None:
    assert (len(index), index.dimension) == (300, 24)


@pytest.mark.parametrize("k", [1, 7, 300, 1000])
def test_the_top_is_that_of_brute_force(index: DenseIndex, vectors: Vectors, k: int) -> None:
    for question in unit_vectors(10, seed=6):
        cosines = vectors.astype(np.float64) @ question.astype(np.float64)
        expected = sorted(range(300), key=lambda number: -cosines[number])[:k]
        found = index.top(question, k)
        assert [number for number, _ in found] == expected
        np.testing.assert_allclose([score for _, score in found], cosines[expected], atol=1e-5)


def test_nothing_is_asked_for_or_there(index: DenseIndex, vectors: Vectors, tmp_path: Path) -> None:
    assert index.top(vectors[0], 0) == []
    assert index.scores(vectors[0], []) == []
    (tmp_path / "empty").mkdir()
    write_dense(tmp_path / "empty", vectors[:0])
    empty = DenseIndex(tmp_path / "empty")
    assert (len(empty), empty.top(vectors[0], 5), empty.median(vectors[0])) == (0, [], 0.0)


def test_many_prepared_at_once_are_what_each_is_alone(
    index: DenseIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "_BATCH", 16)
    questions = unit_vectors(40, seed=6)
    alone = [index.top(question, 9) for question in questions]
    prepared = DenseIndex(tmp_path)
    prepared.prepare(questions, 9)
    searched: list[int] = []
    search = prepared._search

    def counting(vectors: Vectors, k: int, allowed: None) -> list[list[tuple[int, float]]]:
        searched.append(k)
        return search(vectors, k, allowed)

    monkeypatch.setattr(prepared, "_search", counting)
    for question, expected in zip(questions, alone, strict=True):
        for k in (1, 9):
            found = prepared.top(question, k)
            assert [number for number, _ in found] == [number for number, _ in expected[:k]]
            np.testing.assert_allclose([score for _, score in found], [score for _, score in expected[:k]], atol=1e-6)
    assert searched == []
    # More than was prepared, and a question that was not, are looked for.
    assert prepared.top(questions[0], 10)[:9] == alone[0]
    assert len(prepared.top(unit_vectors(1, seed=8)[0], 3)) == 3
    assert searched == [10, 3]


def test_all_of_a_small_index_can_be_prepared(tmp_path: Path, vectors: Vectors) -> None:
    write_dense(tmp_path, vectors[:4])
    small = DenseIndex(tmp_path)
    small.prepare(vectors[:1], 200)
    assert [number for number, _ in small.top(vectors[0], 200)] == [number for number, _ in small.top(vectors[0], 4)]
    write_dense(tmp_path, vectors[:0])
    DenseIndex(tmp_path).prepare(vectors, 200)


def test_scores_are_those_of_the_numbers_asked_for(index: DenseIndex, vectors: Vectors) -> None:
    numbers = [299, 0, 17, 17]
    np.testing.assert_allclose(index.scores(vectors[17], numbers), vectors[numbers] @ vectors[17], atol=1e-5)
    assert index.scores(vectors[17], [17]) == pytest.approx([1.0], abs=1e-5)


def test_vectors_come_back_as_they_went_in(index: DenseIndex, vectors: Vectors) -> None:
    numbers = [5, 299, 5, 0]
    assert index.vectors(numbers).tobytes() == vectors[numbers].tobytes()


def test_the_median_is_over_all_passages(index: DenseIndex, vectors: Vectors) -> None:
    assert index.median(vectors[3]) == pytest.approx(float(np.median(vectors @ vectors[3])), abs=1e-5)


def test_the_median_of_many_is_over_an_even_sample(
    index: DenseIndex, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "_MEDIAN_SAMPLE", 100)
    expected = float(np.median(vectors[::3] @ vectors[3]))
    assert index.median(vectors[3]) == pytest.approx(expected, abs=1e-6)
    assert expected != pytest.approx(float(np.median(vectors @ vectors[3])), abs=1e-6)


@pytest.mark.parametrize("damage", ["missing", "cut", "empty", "other"])
def test_a_file_that_can_not_be_read_is_damaged(tmp_path: Path, vectors: Vectors, damage: str) -> None:
    write_dense(tmp_path, vectors)
    path = tmp_path / DENSE_FILE
    content = {"cut": path.read_bytes()[:-1000], "empty": b"", "other": b"SQLite format 3\0" * 100}
    path.unlink()
    if damage in content:
        path.write_bytes(content[damage])
    with pytest.raises(IndexDamaged) as caught:
        DenseIndex(tmp_path)
    assert str(caught.value) == f"{path} is damaged. Make the index again with: briefqa index --rebuild"


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 1.0])
def test_only_what_is_allowed_is_found(index: DenseIndex, tmp_path: Path, vectors: Vectors, share: float) -> None:
    allowed = np.random.default_rng(9).random(len(vectors)) < share
    numbers = np.flatnonzero(allowed)
    prepared = DenseIndex(tmp_path)
    questions = unit_vectors(5, seed=10)
    prepared.prepare(questions, 20, allowed)
    for question in questions:
        scores = vectors[numbers] @ question
        expected = numbers[np.argsort(-scores)][:20].tolist()
        for opened in (index, prepared):
            assert [number for number, _ in opened.top(question, 20, allowed)] == expected
        assert len(index.top(question, len(vectors) + 1, allowed)) == len(numbers)
