"""The kinds of dense indexes that dense_curve.py compares."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from briefqa.index.dense import DENSE_FILE, ROWS_FILE, DenseIndex, write_dense
from briefqa.index.dense_rows import RoundedRows

if TYPE_CHECKING:
    from pathlib import Path

    from briefqa.config import DenseKind
    from briefqa.protocols import Vectors

K = 201  # what hybrid retrieval asks for
BLOCK = 65_536  # vectors looked at at once
OURS: dict[str, DenseKind] = {"flat": "flat", "int8": "int8"}
_CANDIDATES = 1_608
_CELL = 4_096  # vectors in a cell of an inverted file, about
_SAMPLE = 16_384
_GRAPHS_UP_TO = 100_000  # larger graphs take a quarter of an hour to build


@dataclass(frozen=True)
class Kind:
    """A kind of index, built: how it finds the K nearest numbers, its bytes a passage, and the seconds it took."""

    name: str
    find: Callable[[Vectors], Sequence[int]]
    size: float
    seconds: float


def kinds(vectors: Vectors, folder: Path) -> Iterator[Kind]:
    """Every kind, built of the vectors, in turn."""
    for name, kind in OURS.items():
        place = folder / name
        place.mkdir()
        began = time.perf_counter()
        write_dense(place, vectors, kind)
        seconds = time.perf_counter() - began
        index = DenseIndex(place)
        yield Kind(f"briefqa {name}", _ours(index), _bytes(place) / len(vectors), seconds)
    flat: Any = faiss.read_index(str(folder / "flat" / DENSE_FILE), faiss.IO_FLAG_MMAP_IFC)
    yield Kind("FAISS flat, mapped", _theirs(flat), _bytes(folder / "flat") / len(vectors), 0.0)
    rows, count, dimension = RoundedRows(folder / "int8" / ROWS_FILE), len(vectors), vectors.shape[1]
    cells = max(1, count // _CELL)
    factories = {
        "8-bit scan": ("SQ8", {}),
        "RaBitQ scan +rows": ("RaBitQfs", {}),
        "PQ scan, half the bits +rows": (f"PQ{dimension // 8}x4fs", {}),
        f"{cells} cells, RaBitQ, {_part(cells, 4)} probed +rows": (f"IVF{cells},RaBitQ", {"nprobe": _part(cells, 4)}),
        f"{cells} cells, PQ, {_part(cells, 4)} probed +rows": (
            f"IVF{cells},{_pq(dimension)}",
            {"nprobe": _part(cells, 4)},
        ),
        f"{cells} cells, PQ, {_part(cells, 2)} probed +rows": (
            f"IVF{cells},{_pq(dimension)}",
            {"nprobe": _part(cells, 2)},
        ),
    }
    if count <= _GRAPHS_UP_TO:
        factories |= {f"HNSW, 8-bit, {ef} seen": ("HNSW32,SQ8", {"efSearch": ef}) for ef in (256, 1024)}
    built: dict[str, tuple[Any, float, float]] = {}
    for name, (factory, parameters) in factories.items():
        if factory not in built:
            built[factory] = _built(factory, vectors, folder)
        index, size, seconds = built[factory]
        with_rows = name.endswith("+rows")
        find = _theirs(index, parameters, rows if with_rows else None)
        yield Kind(name, find, size / count + (dimension if with_rows else 0), seconds)
    signs: Any = faiss.IndexBinaryFlat(dimension)
    for block in _blocks(vectors):
        signs.add(np.packbits(block >= 0, axis=1))
    yield Kind("signs scan +rows", _by_signs(signs, rows), dimension / 8 + dimension, 0.0)


def _ours(index: DenseIndex) -> Callable[[Vectors], Sequence[int]]:
    return lambda question: [number for number, _ in index.top(question, K)]


def _theirs(
    index: Any, parameters: dict[str, int] | None = None, rows: RoundedRows | None = None
) -> Callable[[Vectors], Sequence[int]]:
    def find(question: Vectors) -> Sequence[int]:
        holder = index.hnsw if hasattr(index, "hnsw") else index
        for name, value in (parameters or {}).items():
            setattr(holder, name, value)
        found = index.search(question[None], _CANDIDATES if rows else K)[1][0]
        return _scored(rows, question, found[found >= 0]) if rows else [int(number) for number in found]

    return find


def _by_signs(index: Any, rows: RoundedRows) -> Callable[[Vectors], Sequence[int]]:
    return lambda question: _scored(
        rows, question, index.search(np.packbits(question[None] >= 0, axis=1), _CANDIDATES)[1][0]
    )


def _scored(rows: RoundedRows, question: Vectors, numbers: Any) -> list[int]:
    return [int(number) for number in numbers[np.argsort(-rows.cosines(question, numbers), kind="stable")][:K]]


def _built(factory: str, vectors: Vectors, folder: Path) -> tuple[Any, float, float]:
    began = time.perf_counter()
    index: Any = faiss.index_factory(vectors.shape[1], factory, faiss.METRIC_INNER_PRODUCT)
    index.train(np.ascontiguousarray(vectors[:: max(1, len(vectors) // _SAMPLE)][:_SAMPLE]))
    for block in _blocks(vectors):
        index.add(block)
    seconds = time.perf_counter() - began
    path = folder / "built.faiss"
    faiss.write_index(index, str(path))
    return index, path.stat().st_size, seconds


def _blocks(vectors: Vectors) -> Iterator[Vectors]:
    return (np.ascontiguousarray(vectors[start : start + BLOCK]) for start in range(0, len(vectors), BLOCK))


def _pq(dimension: int) -> str:
    return f"PQ{dimension // 4}x4fs"


def _part(cells: int, divisor: int) -> int:
    return max(1, cells // divisor)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())
