"""The dense index: passage vectors by number.

Few are held as they are and all looked at. Many are held as a byte a dimension, and beside them stand codes of an
eighth of that, which are all looked at; the passages that they like best are scored by their bytes.
benchmarks/dense_curve.py says from where on that pays, and what it finds.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from briefqa.errors import REBUILD, IndexMismatch, damaged
from briefqa.index.arrays import map_file, other_order
from briefqa.index.dense_rows import FLAT, FlatRows, RoundedRows, blocks, write_flat, write_rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.config import DenseKind
    from briefqa.index.dense_codes import CodesWriter, ShortCodes
    from briefqa.index.dense_rows import Numbers, Rows
    from briefqa.protocols import Vectors

    Allowed = NDArray[np.bool_]
    Found = tuple[Numbers, Vectors]

DENSE_FILE = "dense.faiss"
ROWS_FILE = "dense-rows.npy"
# How FAISS names the form in which the codes are, and how each of its files begins: form, dimension, count.
CODES = b"IwPf"
_START = struct.Struct("<4siq")
MOST_FLAT = 50_000
"""More passages than this are rounded, unless asked for otherwise."""
# Codes are fitted to the vectors, and can't be to fewer.
_LEAST_ROUNDED = 1_000
# So many that the codes like best are scored for the k best: at least, and for each of the k.
_CANDIDATES = 3_200
_CANDIDATES_EACH = 8
# All are scored where they are no more than so many times as many: in order, a row takes a quarter of the time.
_NEARLY_ALL = 4
MEDIAN_SAMPLE = 4096
"""The median over more passages than this is taken over an even sample: it moves in the third digit at most."""
_WRITTEN = 16_384  # vectors written at once
_BATCH = 256  # questions looked for at once
_BATCH_SCORES = 1 << 24


def write_dense(folder: Path, vectors: Vectors, kind: DenseKind = "auto") -> None:
    """Write `vectors`, float32 of shape (passages, dimension) with rows of length 1, or a memory map of them, of which
    only a part is in memory at a time. Of fewer than a thousand, "int8" is written flat."""
    count, dimension = vectors.shape
    if count < (_LEAST_ROUNDED if kind == "int8" else MOST_FLAT + 1) or kind == "flat":
        write_flat(folder / DENSE_FILE, vectors)
        return
    from briefqa.index.dense_codes import CodesWriter, training_sample  # noqa: PLC0415 - faiss: for many only

    codes = CodesWriter(training_sample(vectors))
    write_rounded(folder / ROWS_FILE, _told(vectors, codes), count, dimension)
    codes.write(folder / DENSE_FILE)


def write_codes(folder: Path) -> None:
    """Write the codes anew, of the rows that they stand beside. Raises IndexDamaged."""
    from briefqa.index.dense_codes import CodesWriter, training_places  # noqa: PLC0415 - faiss: for many only

    rows = RoundedRows(folder / ROWS_FILE)
    codes = CodesWriter(rows.vectors(training_places(len(rows))))
    for start, stop in blocks(len(rows), _WRITTEN):
        codes.add(rows.vectors(range(start, stop)))
    codes.write(folder / DENSE_FILE)


def _told(vectors: Vectors, codes: CodesWriter) -> Iterator[Vectors]:
    for start, stop in blocks(len(vectors), _WRITTEN):
        rows = np.ascontiguousarray(vectors[start:stop], dtype=np.float32)
        codes.add(rows)
        yield rows


class DenseIndex:
    """An opened dense index. Raises IndexDamaged when a file of it can't be read, be it when it is first needed, and
    IndexMismatch for one of another form.

    `allowed`, where it is given, is a bool for each passage: those for which it is false are never found.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / DENSE_FILE
        self._flat: FlatRows | None = None
        self._codes: ShortCodes | None = None
        self._rows: Rows
        try:
            with self._path.open("rb") as file:
                start = file.read(_START.size)
            form, dimension, count = _START.unpack(start)
        except (OSError, struct.error) as error:
            raise damaged(self._path) from error
        if form == FLAT:
            self._rows = self._flat = FlatRows(self._path)
        elif form == CODES:
            self._rows = RoundedRows(folder / ROWS_FILE)
            # To be read when many are searched; by then the generation may have been replaced, and the file be gone.
            self._mapped = map_file(self._path)
        elif form[::-1] in (FLAT, CODES):
            raise other_order(self._path)
        elif form[:1] == b"I" and form.isalnum():
            raise IndexMismatch(
                f"{self._path} holds vectors in a form of FAISS that is not read here ({form.decode()}). {REBUILD}"
            )
        else:
            raise damaged(self._path)
        if (len(self._rows), self._rows.dimension) != (count, dimension):
            raise damaged(self._path)
        self._sample: Vectors | None = None
        self._prepared: dict[bytes, Found] = {}
        self._prepared_for: Allowed | None = None

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._rows.dimension

    def top(self, vector: Vectors, k: int, allowed: Allowed | None = None) -> list[tuple[int, float]]:
        """The k nearest of the allowed as (number, cosine), best first; as many as there are, if they are fewer."""
        count = self._count(allowed)
        if not count or k < 1:
            return []
        found = self._prepared.get(vector.tobytes()) if allowed is self._prepared_for else None
        if found is None or len(found[0]) < min(k, count):
            found = self._search(vector, k, allowed, count)
        numbers, scores = found
        self._require_cosines(scores[:k])
        return list(zip(numbers[:k].tolist(), scores[:k].tolist(), strict=True))

    def prepare(self, vectors: Vectors, k: int, allowed: Allowed | None = None) -> None:
        """Find the k nearest to each of many vectors (shape (n, dimension)) at once, for `top` to know when it is
        handed the same `allowed`: each takes a fraction of the time, as matrices are multiplied. What was found
        before is forgotten."""
        self._prepared, self._prepared_for = {}, allowed
        count = self._count(allowed)
        if not count or k < 1:
            return
        for start, stop in blocks(len(vectors), max(1, min(_BATCH, _BATCH_SCORES // len(self)))):
            batch = np.ascontiguousarray(vectors[start:stop])
            for vector, numbers in zip(batch, self._near(batch, k, allowed, count), strict=True):
                self._prepared[vector.tobytes()] = _best(self._rows.cosines(vector, numbers), numbers, k)

    def scores(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """The cosine of `vector` with each numbered vector: that which `top` gives, to the last digit."""
        scores = self._rows.cosines(vector, np.asarray(numbers, dtype=np.int64))
        self._require_cosines(scores)
        found: list[float] = scores.tolist()
        return found

    def median(self, vector: Vectors) -> float:
        """The median cosine over the passages, or over an even sample of many; 0.0 without passages."""
        if self._sample is None:
            self._sample = self.vectors(range(0, len(self), max(1, len(self) // MEDIAN_SAMPLE)))
        return median_cosine(self._sample, vector)

    def vectors(self, numbers: Sequence[int]) -> Vectors:
        """The numbered vectors, float32 of shape (len(numbers), dimension), of length 1."""
        return self._rows.vectors(numbers)

    def _require_cosines(self, scores: Vectors) -> None:
        # One that is no number would come first, and spoil what is made of the others.
        if not np.isfinite(scores).all():
            raise damaged(self._path)

    def _count(self, allowed: Allowed | None) -> int:
        return len(self) if allowed is None else int(np.count_nonzero(allowed))

    def _search(self, vector: Vectors, k: int, allowed: Allowed | None, count: int) -> Found:
        if self._flat is None:
            (numbers,) = self._candidates(vector.reshape(1, -1), k, allowed, count)
            return _best(self._rows.cosines(vector, numbers), numbers, k)
        if allowed is None:
            return _best(self._flat.cosines(vector), None, k)
        numbers = np.flatnonzero(allowed)
        few = count * _NEARLY_ALL < len(self)
        scores = self._flat.cosines(vector, numbers) if few else self._flat.cosines(vector)[numbers]
        return _best(scores, numbers, k)

    def _near(self, vectors: Vectors, k: int, allowed: Allowed | None, count: int) -> Sequence[Numbers | None]:
        """The numbers among which the k nearest to each vector are."""
        if self._flat is None:
            return self._candidates(vectors, k, allowed, count)
        scores = vectors @ self._flat.matrix().T
        if allowed is not None:
            scores[:, ~allowed] = -np.inf
        return list(_highest(scores, min(k, count)))

    def _candidates(self, vectors: Vectors, k: int, allowed: Allowed | None, count: int) -> Sequence[Numbers | None]:
        """What to score for each vector: those that the codes like, or all that are allowed (None: all)."""
        wanted = max(_CANDIDATES, _CANDIDATES_EACH * k)
        if count <= _NEARLY_ALL * wanted:
            return [None if allowed is None else np.flatnonzero(allowed)] * len(vectors)
        if self._codes is None:
            from briefqa.index.dense_codes import ShortCodes  # noqa: PLC0415 - faiss

            self._codes = ShortCodes(self._path, self._mapped, len(self), self.dimension)
        return self._codes.nearest(vectors, wanted, allowed)


def median_cosine(vectors: Vectors, vector: Vectors) -> float:
    """The median cosine of `vector` with `vectors`, all of length 1; 0.0 without any."""
    if not len(vectors):
        return 0.0
    # np.median would load numpy.ma, a tenth of a cold answer's imports.
    scores = np.sort(np.vecdot(vectors, vector))
    return float(scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2.0


def _best(scores: Vectors, numbers: Numbers | None, k: int) -> Found:
    """The k highest scores with the numbers they belong to (None: their places), best first."""
    places = _highest(scores, min(k, len(scores)))
    found = places if numbers is None else numbers[places]
    order = np.lexsort((found, -scores[places]))
    return found[order], scores[places][order]


def _highest(scores: Vectors, k: int) -> Numbers:
    """The places of the k highest along the last axis, in no order."""
    return np.argpartition(scores, scores.shape[-1] - k, axis=-1)[..., scores.shape[-1] - k :]
