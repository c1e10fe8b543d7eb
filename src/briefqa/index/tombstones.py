"""Which documents and passages no longer count, though they still lie in a segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from briefqa.errors import damaged
from briefqa.index.arrays import open_array

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.types import Span

    Numbers = NDArray[np.int64]

TOMBSTONES_FILE = "tombstones.npy"


@dataclass(frozen=True, slots=True, eq=False)
class Tombstones:
    """The numbers of deleted documents and passages, each rising."""

    documents: Numbers
    passages: Numbers

    def with_more(self, documents: Iterable[int], passages: Iterable[int]) -> Tombstones:
        """These and others."""
        return Tombstones(_merged(self.documents, documents), _merged(self.passages, passages))

    def within(self, documents: Span, passages: Span) -> Tombstones:
        """Those in the ranges, counted from where the ranges start."""
        return Tombstones(_slice(self.documents, documents), _slice(self.passages, passages))

    def among(self, ranges: Iterable[tuple[Span, Span]]) -> Tombstones:
        """Those in one of the pairs of ranges of documents and passages, which rise."""
        pairs = list(ranges)
        documents = [_slice(self.documents, documents) + documents[0] for documents, _ in pairs]
        passages = [_slice(self.passages, passages) + passages[0] for _, passages in pairs]
        return Tombstones(np.concatenate([_NOTHING, *documents]), np.concatenate([_NOTHING, *passages]))


_NOTHING = np.empty(0, dtype=np.int64)
NONE = Tombstones(_NOTHING, _NOTHING)


def write_tombstones(folder: Path, tombstones: Tombstones) -> None:
    """Write the numbers of documents, then those of passages, with how many are documents in front."""
    parts = ([len(tombstones.documents)], tombstones.documents, tombstones.passages)
    np.save(folder / TOMBSTONES_FILE, np.concatenate(parts).astype(np.int64), allow_pickle=False)


def read_tombstones(folder: Path) -> Tombstones:
    """What `write_tombstones` wrote. Raises IndexDamaged."""
    path = folder / TOMBSTONES_FILE
    numbers: Numbers = open_array(path, np.int64, axes=1)
    rest = numbers[1:]
    if not len(numbers) or not 0 <= numbers[0] <= len(rest):
        raise damaged(path)
    found = Tombstones(rest[: numbers[0]], rest[numbers[0] :])
    if any((part[1:] <= part[:-1]).any() or (part[:1] < 0).any() for part in (found.documents, found.passages)):
        raise damaged(path)
    return found


def contains(numbers: Numbers, number: int) -> bool:
    """Whether the rising `numbers` hold `number`."""
    place = int(np.searchsorted(numbers, number))
    return place < len(numbers) and int(numbers[place]) == number


def _merged(numbers: Numbers, more: Iterable[int]) -> Numbers:
    # Not np.union1d: it would load numpy.ma.
    return np.array(sorted({*numbers.tolist(), *more}), dtype=np.int64)


def _slice(numbers: Numbers, span: Span) -> Numbers:
    low, high = np.searchsorted(numbers, span)
    return numbers[low:high] - span[0]
