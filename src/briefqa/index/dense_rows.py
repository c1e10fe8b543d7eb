"""Passage vectors by number, in two forms: float32 as they are, or rounded to a byte a dimension."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING, Protocol

import numpy as np

from briefqa.errors import damaged
from briefqa.index.arrays import open_array

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.protocols import Vectors

    Numbers = NDArray[np.int64]

FLAT = b"IxFI"
# How FAISS writes an IndexFlatIP: the name of the form, dimension, count, two numbers that are no longer used, whether
# it is trained, the metric (0: inner product), and how many floats follow. Read and written here, as to import FAISS
# takes longer than to search some ten thousand vectors.
_HEADER = struct.Struct("<4siqqqBiQ")
_UNUSED = 1 << 20
_BLOCK = 256  # rows scored at once: they stay in the processor's cache


class Rows(Protocol):
    """Passage vectors by number. What a row's cosine is depends on the row and the vector alone, to the last digit."""

    def __len__(self) -> int:
        """How many there are."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def cosines(self, vector: Vectors, numbers: Numbers | None = None) -> Vectors:
        """The cosine of `vector`, of length 1, with each numbered row, or with each of all."""

    def vectors(self, numbers: Sequence[int] | Numbers) -> Vectors:
        """The numbered rows, float32 of shape (len(numbers), dimension)."""


def write_flat(path: Path, vectors: Vectors) -> None:
    """Write the rows as FAISS writes an IndexFlatIP of them."""
    count, dimension = vectors.shape
    with path.open("wb") as file:
        file.write(_HEADER.pack(FLAT, dimension, count, _UNUSED, _UNUSED, 1, 0, count * dimension))
        for start, stop in blocks(count, _BLOCK):
            file.write(np.ascontiguousarray(vectors[start:stop], dtype="<f4").tobytes())


def write_rounded(path: Path, parts: Iterator[Vectors], count: int, dimension: int) -> None:
    """Write `count` rows, which come in parts, as int8, each as large as it can be.

    A row's length is 1, so its codes alone tell its scale; and rounded again, a row that was read has the same codes.
    """
    header = {"descr": "|i1", "fortran_order": False, "shape": (count, dimension)}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for rows in parts:
            highest = np.abs(rows).max(axis=1, keepdims=True)
            codes = np.rint(rows * (127.0 / np.where(highest > 0.0, highest, 1.0)))
            file.write(codes.astype(np.int8).tobytes())


def blocks(count: int, size: int) -> Iterator[tuple[int, int]]:
    """The first number of each block of `size`, and the one after its last."""
    return ((start, min(start + size, count)) for start in range(0, count, size))


class FlatRows:
    """float32 rows in a flat FAISS file. Raises IndexDamaged when the file is no such, or not as long as it says.

    The first search reads through the file; from the second on, the rows are held in memory.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                form, self.dimension, self._count, _, _, trained, metric, floats = _HEADER.unpack(
                    file.read(_HEADER.size)
                )
                size = os.fstat(file.fileno()).st_size
        except (OSError, struct.error) as error:
            raise damaged(path) from error
        shape = (self._count, 4 * self.dimension)
        whole = floats * 4 == shape[0] * shape[1] == size - _HEADER.size
        if form != FLAT or trained != 1 or metric != 0 or self.dimension < 1 or self._count < 0 or not whole:
            raise damaged(path)
        # As bytes, as the floats do not begin where a processor likes them to.
        self._bytes: NDArray[np.uint8] = (
            np.asarray(np.memmap(path, np.uint8, "r", _HEADER.size, shape))
            if self._count
            else np.empty(shape, dtype=np.uint8)
        )
        self._held: Vectors | None = None
        self._searched = False

    def __len__(self) -> int:
        return int(self._count)

    def matrix(self) -> Vectors:
        """All rows, held in memory from now on."""
        if self._held is None:
            self._held = _floats(self._bytes)
        return self._held

    def cosines(self, vector: Vectors, numbers: Numbers | None = None) -> Vectors:
        """See Rows."""
        if numbers is not None:
            return _dots(self.vectors(numbers), vector)
        if self._searched:
            return _dots(self.matrix(), vector)
        self._searched = True
        scores = np.empty(len(self), dtype=np.float32)
        held = np.empty((_BLOCK, self.dimension), dtype="<f4")
        for start, stop in blocks(len(self), _BLOCK):
            rows = held[: stop - start]
            rows.view(np.uint8)[:] = self._bytes[start:stop]
            scores[start:stop] = _dots(rows, vector)
        return scores

    def vectors(self, numbers: Sequence[int] | Numbers) -> Vectors:
        """See Rows."""
        wanted = np.asarray(numbers, dtype=np.int64)
        return self._held[wanted] if self._held is not None else _floats(self._bytes[wanted])


class RoundedRows:
    """int8 rows in a .npy file. Raises IndexDamaged when the file is no such."""

    def __init__(self, path: Path) -> None:
        self._codes: NDArray[np.int8] = open_array(path, np.int8, axes=2)

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def dimension(self) -> int:
        """See Rows."""
        return int(self._codes.shape[1])

    def cosines(self, vector: Vectors, numbers: Numbers | None = None) -> Vectors:
        """See Rows."""
        scores = np.empty(len(self) if numbers is None else len(numbers), dtype=np.float32)
        held = np.empty((_BLOCK, self.dimension), dtype=np.float32)
        for start, stop in blocks(len(scores), _BLOCK):
            rows = held[: stop - start]
            rows[:] = self._codes[start:stop] if numbers is None else self._codes[numbers[start:stop]]
            scores[start:stop] = _dots(rows, vector) / _lengths(rows)
        return scores

    def vectors(self, numbers: Sequence[int] | Numbers) -> Vectors:
        """See Rows."""
        rows = self._codes[np.asarray(numbers, dtype=np.int64)].astype(np.float32)
        rows /= _lengths(rows)[:, None]
        return rows


def _floats(rows: NDArray[np.uint8]) -> Vectors:
    return np.array(rows).view("<f4")


def _dots(rows: Vectors, vector: Vectors) -> Vectors:
    # Row by row: a matrix product's last digit depends on where in the matrix a row stands, and equals would not tie.
    return np.asarray(np.vecdot(rows, vector))


def _lengths(rows: Vectors) -> Vectors:
    lengths = np.sqrt(np.vecdot(rows, rows))
    return np.asarray(np.where(lengths > 0.0, lengths, np.float32(1.0)))
