"""Which documents of an index are copies, excerpts or versions of each other: groups, kept in `duplicates.npy`. It has
a row for every document that is in one: its number and its group's, which is the lowest number of the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from briefqa.errors import damaged
from briefqa.index.arrays import open_array

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

DUPLICATES_FILE = "duplicates.npy"


class Duplicates:
    """The groups, by document. Raises IndexDamaged when `rows`, read from `path`, are no groups."""

    def __init__(self, rows: NDArray[np.int64], path: Path) -> None:
        self._documents, self._groups = rows[:, 0], rows[:, 1]
        if (self._documents[1:] <= self._documents[:-1]).any() or (self._groups > self._documents).any():
            raise damaged(path)

    def __len__(self) -> int:
        return len(self._documents)

    def group_of(self, document: int) -> int | None:
        """The group that the numbered document is in, if any."""
        place = int(np.searchsorted(self._documents, document))
        found = place < len(self._documents) and self._documents[place] == document
        return int(self._groups[place]) if found else None

    def members(self, group: int) -> list[int]:
        """The numbers of the group's documents, rising."""
        found: list[int] = self._documents[self._groups == group].tolist()
        return found

    def groups(self) -> dict[int, list[int]]:
        """All groups with their documents, in rising order."""
        found: dict[int, list[int]] = {}
        for document, group in zip(self._documents.tolist(), self._groups.tolist(), strict=True):
            found.setdefault(group, []).append(document)
        return dict(sorted(found.items()))


def read_duplicates(folder: Path) -> Duplicates:
    """The groups of the generation in `folder`. Raises IndexDamaged."""
    path = folder / DUPLICATES_FILE
    rows = open_array(path, np.int64, axes=2)
    if rows.shape[1] != 2:
        raise damaged(path)
    return Duplicates(rows, path)


def wrong_groups(duplicates: Duplicates, documents: Iterable[int]) -> Iterator[str]:
    """What is wrong with groups of an index that holds these documents, a phrase each."""
    held = set(documents)
    for group, members in duplicates.groups().items():
        if len(members) < 2 or members[0] != group or not held.issuperset(members):
            yield f"the group {group} of {DUPLICATES_FILE} is none of documents that the index holds"
