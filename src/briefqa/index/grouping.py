"""Finds the groups of documents that are copies, excerpts or versions of each other: those that are alike, directly or
by way of others (see `corpus.duplicates`)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from briefqa.corpus.duplicates import LEAST_SHARED, shared, shingles
from briefqa.index.duplicates import DUPLICATES_FILE
from briefqa.index.sketches import likely_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.index.duplicates import Duplicates
    from briefqa.index.segment import Segment
    from briefqa.index.update import Progress

_REMEMBERED_TEXTS = 512
_STAGE = "comparing articles"


def write_duplicates(
    folder: Path,
    segments: Sequence[Segment],
    progress: Progress,
    *,
    earlier: Duplicates | None = None,
    first_new: int = 0,
) -> None:
    """Find the groups of the documents that count in `segments`, and write them into `folder`. Of documents with
    numbers below `first_new` the `earlier` groups hold, but for those that lost a document. Raises IndexDamaged."""
    numbers = np.concatenate([np.empty(0, dtype=np.int64), *(segment.documents for segment in segments)])
    united, new = _go_on(numbers, earlier, first_new)

    def row(number: int) -> NDArray[np.uint32]:
        return np.concatenate([np.empty(0, dtype=np.uint32), *(segment.sketch_row(number) for segment in segments)])

    @lru_cache(maxsize=_REMEMBERED_TEXTS)
    def runs(place: int) -> set[str]:
        number = int(numbers[place])
        home = next(segment for segment in segments if number < segment.record.document_numbers[1])
        return shingles(home.catalog.document(number - home.record.document_numbers[0]).text)

    first, second, equal = likely_pairs(row, new, least=LEAST_SHARED)
    for one, other in zip(first[equal].tolist(), second[equal].tolist(), strict=True):
        united.join(one, other)
    doubtful = list(zip(first[~equal].tolist(), second[~equal].tolist(), strict=True))
    for done, (one, other) in enumerate(doubtful):
        progress(_STAGE, done, len(doubtful))
        # What is in one group already needs no proof.
        if united.find(one) != united.find(other) and shared(runs(one), runs(other)) >= LEAST_SHARED:
            united.join(one, other)
    if doubtful:
        progress(_STAGE, len(doubtful), len(doubtful))
    rows = [(int(numbers[place]), int(numbers[group])) for place, group in united.joined()]
    np.save(folder / DUPLICATES_FILE, np.array(rows, dtype=np.int64).reshape(-1, 2), allow_pickle=False)


def _go_on(numbers: NDArray[np.int64], earlier: Duplicates | None, first_new: int) -> tuple[_Union, NDArray[np.bool_]]:
    """The earlier groups that are whole still, as places in `numbers`; and which places are to be compared with all:
    those of new documents, and of what is left of a group, as those in it may have been alike by way of another."""
    united, new = _Union(), numbers >= first_new
    if earlier is None or not len(earlier):
        return united, new
    places = {number: place for place, number in enumerate(numbers.tolist())}
    for members in earlier.groups().values():
        left = [places[member] for member in members if member in places]
        if len(left) < len(members):
            new[left] = True
        else:
            for place in left[1:]:
                united.join(left[0], place)
    return united, new


class _Union:
    """Disjoint sets of numbers, each named by its lowest; at first every number is alone."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def find(self, number: int) -> int:
        """The name of the number's set."""
        path = []
        while (parent := self._parents.get(number, number)) != number:
            path.append(number)
            number = parent
        self._parents.update(dict.fromkeys(path, number))
        return number

    def join(self, one: int, other: int) -> None:
        """Make one of two sets."""
        low, high = sorted((self.find(one), self.find(other)))
        if low != high:
            self._parents[high] = low

    def joined(self) -> list[tuple[int, int]]:
        """Every number that is not alone, rising, with the name of its set."""
        names = {number: self.find(number) for number in list(self._parents)}
        return sorted({**names, **{name: name for name in names.values()}}.items())
