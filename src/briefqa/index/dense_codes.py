"""Half a byte for every four dimensions of a passage vector, in FAISS: which passages are worth a closer look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from briefqa.errors import damaged

if TYPE_CHECKING:
    from mmap import mmap
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.protocols import Vectors

_SEED = 20181121
_TRAINED_ON = 16_384
_BITS = 4
# FAISS's type hints know none of these ways to be made.
_SELECTOR: Any = faiss.IDSelectorBitmap
_PARAMETERS: Any = faiss.SearchParametersIVF
_READER: Any = faiss.PyCallbackIOReader  # type: ignore[attr-defined]


class CodesWriter:
    """Writes the codes of vectors that are added in parts, by number. They are the same whenever the vectors are."""

    def __init__(self, sample: Vectors) -> None:
        dimension = sample.shape[1]
        index: Any = faiss.index_factory(dimension, f"IVF1,PQ{_parts(dimension)}x{_BITS}fs", faiss.METRIC_INNER_PRODUCT)
        index.by_residual = False
        index.cp.seed = index.pq.cp.seed = _SEED
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(1)  # several threads add up in whichever order they end
        try:
            index.train(sample)
        finally:
            faiss.omp_set_num_threads(threads)
        self._index = index

    def add(self, vectors: Vectors) -> None:
        """Add the vectors of the next passages."""
        self._index.add(vectors)

    def write(self, path: Path) -> None:
        """Write what was added."""
        # Not faiss.write_index, which tells of a full disk in words.
        path.write_bytes(faiss.serialize_index(self._index).data)


class ShortCodes:
    """Codes of `count` passages, read from the mapped file `path`. Raises IndexDamaged when they can't be read, or are
    others than these.

    They are of a product quantiser whose tables fit into registers (André, Kermarrec and Le Scouarnec, "Cache locality
    is not enough", 2015): FAISS's PQ fast-scan. All codes are looked at; they stand in one cell of an inverted file,
    as FAISS's flat form can't leave passages out.
    """

    def __init__(self, path: Path, data: mmap, count: int, dimension: int) -> None:
        self._path, self._count = path, count
        try:
            data.seek(0)
            self._index: Any = faiss.read_index(_READER(data.read))
        except (RuntimeError, MemoryError) as error:
            raise damaged(path) from error
        if not _fits(self._index, count, dimension):
            raise damaged(path)

    def nearest(self, vectors: Vectors, k: int, allowed: NDArray[np.bool_] | None = None) -> list[NDArray[np.int64]]:
        """The numbers of about the k nearest to each vector, shape (n, dimension), best first; only those for which
        `allowed` is true."""
        selector = None if allowed is None else _SELECTOR(np.packbits(allowed, bitorder="little"))
        try:
            _, found = self._index.search(vectors, k, params=_PARAMETERS(sel=selector, nprobe=1))
        except (RuntimeError, MemoryError) as error:
            raise damaged(self._path) from error
        if found.size and found.max() >= self._count:
            raise damaged(self._path)
        return [row[row >= 0] for row in found]


def training_sample(vectors: Vectors) -> Vectors:
    """Some thousand of the vectors, evenly."""
    places = training_places(len(vectors))
    return np.ascontiguousarray(vectors[places.start : places.stop : places.step])


def training_places(count: int) -> range:
    """The numbers of the sample among `count` vectors."""
    return range(0, count, max(1, count // _TRAINED_ON))[:_TRAINED_ON]


def _parts(dimension: int) -> int:
    """Into how many equal parts a vector is cut: of four dimensions, or of fewer where that does not come out."""
    return next(dimension // size for size in (4, 3, 2, 1) if dimension % size == 0)


def _fits(index: Any, count: int, dimension: int) -> bool:
    """Whether the index is one that a CodesWriter made: FAISS trusts what it reads, and looks beyond its end."""
    if not isinstance(index, faiss.IndexIVFPQFastScan) or index.invlists is None or index.quantizer is None:
        return False
    parts = _parts(dimension)
    return (
        (index.d, index.ntotal, index.nlist, index.metric_type) == (dimension, count, 1, faiss.METRIC_INNER_PRODUCT)
        and (index.M, index.M2, index.nbits, index.ksub) == (parts, parts + parts % 2, _BITS, 1 << _BITS)
        and (index.pq.d, index.pq.M, index.pq.nbits) == (dimension, parts, _BITS)
        and index.pq.centroids.size() == dimension << _BITS
        and index.bbs == 32
        and (index.quantizer.d, index.quantizer.ntotal) == (dimension, 1)
        and index.invlists.list_size(0) == count
    )
