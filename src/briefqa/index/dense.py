"""The dense index: passage vectors by number in FAISS, exact inner product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import faiss
import numpy as np

from briefqa.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.protocols import Vectors

    Mask = NDArray[np.bool_]

DENSE_FILE = "dense.faiss"
# The median over more passages than this is taken over an even sample: it moves in the third digit at most.
_MEDIAN_SAMPLE = 4096
_BATCH = 256  # vectors looked for at once


def write_dense(folder: Path, vectors: Vectors) -> None:
    """Write `vectors`, float32 of shape (passages, dimension) with rows of length 1."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / DENSE_FILE))


class DenseIndex:
    """An opened dense index. Raises IndexDamaged when its file can't be read."""

    def __init__(self, folder: Path) -> None:
        try:
            self._index = faiss.read_index(str(folder / DENSE_FILE))
        except RuntimeError as error:
            raise IndexDamaged(
                f"{folder / DENSE_FILE} is damaged. Make the index again with: briefqa index --rebuild"
            ) from error
        self._sample: Vectors | None = None
        self._prepared: dict[bytes, list[tuple[int, float]]] = {}

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def top(self, vector: Vectors, k: int, allowed: Mask | None = None) -> list[tuple[int, float]]:
        """The k nearest as (number, cosine), best first; where `allowed` (shape (passages,)) is given, of those for
        which it is true."""
        there = len(self) if allowed is None else int(np.count_nonzero(allowed))
        if not there or k < 1:
            return []
        known = self._prepared.get(vector.tobytes())
        if known is not None and len(known) >= min(k, there):
            return known[:k]
        return self._search(vector.reshape(1, -1), min(k, there), allowed)[0]

    def prepare(self, vectors: Vectors, k: int, allowed: Mask | None = None) -> None:
        """Find the k nearest to each of many vectors (shape (n, dimension)) at once, for `top` with the same `allowed`
        to know: as matrices are multiplied, each takes a fraction of the time. Their cosines may differ from those
        found alone in the last digit."""
        there = len(self) if allowed is None else int(np.count_nonzero(allowed))
        for start in range(0, len(vectors) if there else 0, _BATCH):
            batch = vectors[start : start + _BATCH]
            keys = (vector.tobytes() for vector in batch)
            self._prepared.update(zip(keys, self._search(batch, min(k, there), allowed), strict=True))

    def _search(self, vectors: Vectors, k: int, allowed: Mask | None) -> list[list[tuple[int, float]]]:
        params = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
            params = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, numbers = self._index.search(vectors, k, params=params)
        return [list(zip(*row, strict=True)) for row in zip(numbers.tolist(), scores.tolist(), strict=True)]

    def scores(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """The cosine of `vector` with each numbered vector."""
        if not numbers:
            return []
        return [float(score) for score in self.vectors(numbers) @ vector]

    def median(self, vector: Vectors) -> float:
        """The median cosine over the passages, or over an even sample of many; 0.0 without passages."""
        if not len(self):
            return 0.0
        if self._sample is None:
            self._sample = self.vectors(range(0, len(self), max(1, len(self) // _MEDIAN_SAMPLE)))
        # np.median would load numpy.ma, a tenth of a cold answer's imports.
        scores = np.sort(self._sample @ vector)
        return float(scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2.0

    def vectors(self, numbers: Sequence[int]) -> Vectors:
        """The numbered vectors, float32 of shape (len(numbers), dimension)."""
        return np.asarray(self._index.reconstruct_batch(np.asarray(numbers, dtype=np.int64)), dtype=np.float32)
