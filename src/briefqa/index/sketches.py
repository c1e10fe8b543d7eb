"""The sketches of a segment's documents, and which documents' sketches are so alike that a look into them is due.

`sketches.npy` has a column for each document, by rising number, with the number on top; column 0 is the sketch of a
text that never changes, which tells what all were made by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from briefqa.corpus.duplicates import KEYS, at_most_shared, probe, sketch
from briefqa.errors import damaged
from briefqa.index.arrays import new_array, open_array

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from briefqa.index.tombstones import Numbers

    Columns = NDArray[np.uint32]
    Row = Callable[[int], NDArray[np.uint32]]

SKETCHES_FILE = "sketches.npy"
NUMBER, SIZE, HASH, FIRST_KEY = 0, 1, 2, 4
"""The rows: a document's number, how many shingles it has, two for the hash of its words, and its keys."""
ROWS = FIRST_KEY + KEYS
# A document is compared with so many of those before it with which it shares a key: a boilerplate that thousands share
# would make millions of pairs, and copies, however many, share most of their keys with the copy before them, too.
_WINDOW = 16
_MOST_PENDING = 4_000_000  # pairs, before equal ones are made one


class SketchRows:
    """Sketches as they are made, by rising number."""

    def __init__(self) -> None:
        self._data = bytearray()

    def add(self, number: int, text: str) -> None:
        """The sketch of the numbered document's text."""
        self._data += np.concatenate([np.array([number], dtype=np.uint32), sketch(text)]).tobytes()

    def write(self, folder: Path) -> None:
        """Into the folder of a segment."""
        write_sketches(folder, [np.frombuffer(self._data, dtype=np.uint32).reshape(-1, ROWS).T])


def write_sketches(folder: Path, parts: Sequence[Columns]) -> None:
    """Write columns, which follow each other."""
    shape = (ROWS, 1 + sum(part.shape[1] for part in parts))
    columns = new_array(folder / SKETCHES_FILE, np.uint32, shape)
    columns[1:, 0] = probe()
    start = 1
    for part in parts:
        columns[:, start : start + part.shape[1]] = part
        start += part.shape[1]
    columns.flush()


def read_sketches(folder: Path) -> Columns:
    """All columns but the first. Raises IndexDamaged."""
    columns = _open(folder)[:, 1:]
    numbers = columns[NUMBER]
    if (numbers[1:] <= numbers[:-1]).any():
        raise damaged(folder / SKETCHES_FILE)
    return columns


def are_comparable(folder: Path) -> bool:
    """Whether sketches made now compare with those of the segment. Raises IndexDamaged."""
    return bool((_open(folder)[1:, 0] == probe()).all())


def likely_pairs(row: Row, new: NDArray[np.bool_], *, least: float) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Which of the documents whose sketches' rows `row` gives may be alike to the share `least`: pairs of places in the
    rows, in rising order, as an array of the lower places, one of the higher, and whether the two have equal words. At
    least one of the two is `new`."""
    found = np.empty(0, dtype=np.int64)
    pending: list[NDArray[np.int64]] = []
    total = len(new)
    hashes = row(HASH).astype(np.uint64) << np.uint64(32) | row(HASH + 1)
    for number in range(FIRST_KEY - 1, ROWS):
        pending.append(_equal_pairs(hashes if number < FIRST_KEY else row(number), new, total))
        if sum(map(len, pending)) > _MOST_PENDING:
            found, pending = np.unique(np.concatenate([found, *pending])), []
    found = np.unique(np.concatenate([found, *pending]))
    first, second = found // max(1, total), found % max(1, total)
    equal = hashes[first] == hashes[second]
    chosen = equal | (_most_shared(row, first, second) >= least)
    return first[chosen], second[chosen], equal[chosen]


def _open(folder: Path) -> Columns:
    path = folder / SKETCHES_FILE
    columns: Columns = open_array(path, np.uint32, axes=2)
    if columns.shape[0] != ROWS or not columns.shape[1]:
        raise damaged(path)
    return columns


def _equal_pairs(values: NDArray[np.generic], new: NDArray[np.bool_], total: int) -> NDArray[np.int64]:
    """The pairs of places with equal values, as first * total + second."""
    places = np.arange(total)
    if not new.all():
        # Not np.isin, which sorts all of the values.
        wanted = np.sort(values[new])
        at = np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)
        places = np.flatnonzero(wanted[at] == values) if len(wanted) else places[:0]
    order = places[np.argsort(values[places], kind="stable")]
    values = values[order]
    found = []
    for distance in range(1, min(_WINDOW + 1, len(order))):
        same = values[distance:] == values[:-distance]
        if not same.any():
            break
        first, second = order[:-distance][same], order[distance:][same]
        wanted = new[first] | new[second]
        found.append(first[wanted] * total + second[wanted])
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def _most_shared(row: Row, first: Numbers, second: Numbers) -> NDArray[np.float64]:
    """What each pair of documents shares at most, by the estimate from their sketches."""
    same = np.zeros(len(first), dtype=np.int64)
    for number in range(FIRST_KEY, ROWS):
        values = row(number)
        differing = values[first] ^ values[second]
        same += (differing & np.uint32(0xFFFF)) == 0
        same += (differing >> np.uint32(16)) == 0
    sizes = row(SIZE).astype(np.float64)
    return at_most_shared(same / (2 * KEYS), sizes[first], sizes[second])
