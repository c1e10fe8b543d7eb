"""A 1-bit vector for every sentence of every passage: 48 bytes a sentence at 384 dimensions."""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING

import numpy as np

from briefqa.errors import REBUILD, IndexDamaged
from briefqa.index.arrays import open_array

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.protocols import Vectors

    Codes = NDArray[np.uint8]

CODES_FILE = "sentences.npy"
OFFSETS_FILE = "sentence-offsets.npy"


def code_width(dimension: int) -> int:
    """Bytes in the code of a vector."""
    return -(-dimension // 8)


def pack(vectors: Vectors) -> Codes:
    """The codes of `vectors`, a row each: a bit a dimension, set where it is not negative, the first one highest."""
    return np.packbits(vectors >= 0, axis=1)


class SentenceVectorsWriter:
    """Writes the codes of passages' sentences into `folder`, passage by passage in the order of their numbers; a `with`
    block that ends well finishes the files. Codes are `width` bytes."""

    def __init__(self, folder: Path, width: int) -> None:
        self._folder, self._width = folder, width
        self._ends = array("q", [0])
        self._file = (folder / CODES_FILE).open("wb")
        self._write_header()

    def __enter__(self) -> SentenceVectorsWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._file:
            if kind is None:
                self._file.seek(0)
                self._write_header()
        if kind is None:
            np.save(self._folder / OFFSETS_FILE, np.array(self._ends, dtype=np.int64), allow_pickle=False)

    def add(self, codes: Codes) -> None:
        """Add a passage's codes, uint8 of shape (sentences, width)."""
        self._file.write(codes.tobytes())
        self._ends.append(self._ends[-1] + len(codes))

    def _write_header(self) -> None:
        # NumPy leaves room in it for any number of rows.
        header = {"descr": "|u1", "fortran_order": False, "shape": (self._ends[-1], self._width)}
        np.lib.format.write_array_header_1_0(self._file, header)


def write_sentence_vectors(folder: Path, codes: Sequence[Codes]) -> None:
    """Write the codes of every passage's sentences, uint8 of shape (sentences, width), by passage number."""
    with SentenceVectorsWriter(folder, codes[0].shape[1] if codes else 0) as writer:
        for rows in codes:
            writer.add(rows)


class SentenceVectors:
    """Opened sentence vectors. Raises IndexDamaged when a file can't be read or the two don't belong together."""

    def __init__(self, folder: Path) -> None:
        self._codes: Codes = open_array(folder / CODES_FILE, np.uint8, axes=2)
        self._offsets: NDArray[np.int64] = open_array(folder / OFFSETS_FILE, np.int64, axes=1)
        offsets = self._offsets
        if not len(offsets) or offsets[0] != 0 or (offsets[1:] < offsets[:-1]).any() or offsets[-1] != len(self._codes):
            raise IndexDamaged(f"{folder / OFFSETS_FILE} does not belong to {CODES_FILE} beside it. {REBUILD}")

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self._offsets) - 1

    @property
    def width(self) -> int:
        """Bytes in a code."""
        return int(self._codes.shape[1])

    def counts(self) -> list[int]:
        """How many sentences each passage has, by number."""
        return [int(count) for count in np.diff(self._offsets)]

    def codes(self, numbers: Sequence[int]) -> list[Codes]:
        """The codes of each numbered passage's sentences, as they were written."""
        return [self._codes[self._offsets[number] : self._offsets[number + 1]] for number in numbers]

    def cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[list[float]]:
        """The estimated cosine of `vector`, float32 of shape (dimension,) and length 1, with each sentence of each
        numbered passage, within [-1, 1].

        The estimate is (v · s) / (sqrt(d) * sqrt(2 / pi)) with s in {-1, +1}^d, the sentence's signs. It is asymmetric:
        only the sentence is cut to its signs. sqrt(2 / pi) is what that leaves, on average, of a unit vector whose
        components are Gaussian: its cosine with its own signs (cf. RaBitQ, Gao and Long 2024).
        """
        if not numbers:
            return []
        asked = np.asarray(numbers, dtype=np.int64)
        first = self._offsets[asked]
        counts = self._offsets[asked + 1] - first
        ends = np.cumsum(counts)
        rows = np.repeat(first - (ends - counts), counts) + np.arange(ends[-1])
        dimension = len(vector)
        bits = np.unpackbits(self._codes[rows], axis=1, count=dimension)
        signs = bits.astype(np.float32) * 2 - 1
        estimates = np.clip(signs @ vector / math.sqrt(2 * dimension / math.pi), -1, 1).tolist()
        return [estimates[end - count : end] for end, count in zip(ends.tolist(), counts.tolist(), strict=True)]
