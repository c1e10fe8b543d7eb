"""The made vectors and the curves of the dense index, at small sizes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np
import pytest

import dense_curve
import dense_kinds
from neighbours import neighbours, spread

if TYPE_CHECKING:
    from briefqa.protocols import Vectors


def unit(vectors: object) -> Vectors:
    rows = np.asarray(vectors, dtype=np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # on a busy machine, threads wait for each other longer than all this takes
    yield
    faiss.omp_set_num_threads(threads)


@pytest.fixture
def base() -> Vectors:
    """Ten bundles of 20 vectors each, in 16 dimensions."""
    chance = np.random.default_rng(1)
    return unit(np.repeat(chance.normal(size=(10, 16)), 20, axis=0) + 0.3 * chance.normal(size=(200, 16)))


def test_made_vectors_are_of_length_1_and_repeat(base: Vectors) -> None:
    blocks = list(neighbours(base, 500, seed=3, block=200))
    assert [len(block) for block in blocks] == [200, 200, 100]
    made = np.concatenate(blocks)
    assert made.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1.0, atol=1e-5)
    assert np.concatenate(list(neighbours(base, 500, seed=3, block=200))).tobytes() == made.tobytes()
    assert np.concatenate(list(neighbours(base, 500, seed=4, block=200))).tobytes() != made.tobytes()
    assert len(np.unique(made, axis=0)) == 500


def test_made_vectors_stay_among_their_kind(base: Vectors) -> None:
    made = np.concatenate(list(neighbours(base, 1000)))
    # Each lies in the bundle of the real vector nearest to it, and the bundles get their shares.
    cosines = made @ base.T
    assert np.median(cosines.max(axis=1)) > 0.85
    assert np.bincount(cosines.argmax(axis=1) // 20, minlength=10).min() > 50
    real, alike = (spread(vectors, base[::20]) for vectors in (base, made[:200]))
    assert alike["nearest"] == pytest.approx(real["nearest"], abs=0.05)
    assert alike["cosines"][10] == pytest.approx(real["cosines"][10], abs=0.05)


def test_how_vectors_lie_by_hand() -> None:
    # In a plane, at 0, 60 and 90 degrees, and 10 at 180; asked at 0 degrees.
    angles = np.radians([0, 60, 90, *[180] * 10])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = spread(vectors, vectors[:1], ranks=(1, 2))
    # The ten see each other at 1; so do most, and so does the median.
    assert found["vectors"] == 13
    assert found["nearest"] == pytest.approx(1.0)
    assert found["tenth"] == pytest.approx(-0.0, abs=1e-6)
    assert found["cosines"] == pytest.approx({1: 1.0, 2: 0.5})
    assert found["gaps"] == pytest.approx({1: 0.5, 2: 0.5}, abs=1e-6)


def test_brute_force_and_recall_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense_curve, "BLOCK", 2)
    vectors = unit([[1, 0], [0, 1], [3, 4], [4, 3], [-1, 0]])
    assert dense_curve.exact(vectors, unit([[1, 0], [0, 1]]), 3) == [[0, 3, 2], [1, 2, 3]]
    assert dense_curve.recall([[0, 3, 2], [2, 1, 3]], [[0, 2, 3], [1, 2, 3]], 2) == 0.75
    assert dense_curve.recall([[0]], [[0, 2]], 10) == 0.5


def test_every_kind_is_measured(base: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense_kinds, "_CELL", 400)
    vectors = np.concatenate(list(neighbours(base, 1000)))
    figures = dense_curve.measure(vectors, base[:3], tmp_path, runs=1)
    by_kind = {entry["kind"]: entry for entry in figures}
    assert list(by_kind) == [
        "briefqa flat", "briefqa int8", "FAISS flat, mapped", "8-bit scan", "RaBitQ scan +rows",
        "PQ scan, half the bits +rows", "2 cells, RaBitQ, 1 probed +rows", "2 cells, PQ, 1 probed +rows",
        "HNSW, 8-bit, 256 seen", "HNSW, 8-bit, 1024 seen", "signs scan +rows",
    ]  # fmt: skip
    flat = by_kind["briefqa flat"]
    # 16 dimensions of 4 bytes, and FAISS's header of 45.
    assert flat["bytes"] == 64.045
    assert flat["recall"] == {10: 1.0, 200: 1.0}
    assert flat["cold_milliseconds"] > 0.0
    assert by_kind["signs scan +rows"]["bytes"] == 18
    assert by_kind["signs scan +rows"]["cold_milliseconds"] is None
    # More than half of all are scored: all that is lost is what bytes lose.
    assert by_kind["briefqa int8"]["recall"][200] > 0.95
    lines = dense_curve.markdown(figures).splitlines()
    assert len(lines) == 13
    assert lines[2].startswith("| 1,000 | briefqa flat | 64 | 0.")
    assert lines[2].split(" | ")[6:8] == ["1.000", "1.000"]


def test_it_runs_from_indexes_and_questions_to_a_table(
    base: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dense_curve, "_real", lambda indexes, files, each: (base, base[:each]))
    target = tmp_path / "figures.json"
    arguments = ["index", "--questions", "queries.jsonl", "--each", "2", "--sizes", "1000", "--runs", "1"]
    monkeypatch.setattr(sys, "argv", ["dense_curve.py", *arguments, "--json", str(target)])
    dense_curve.main()
    out = capsys.readouterr().out
    assert "| real | " in out
    assert "| 1,000 made | " in out
    assert "| 1,000 | briefqa int8 | " in out
    assert target.read_text(encoding="utf-8").count('"briefqa flat"') == 1
