"""Where an index may be meant that is not where it was looked for."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.errors import IndexMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

_CURRENT = "CURRENT"
_GENERATION = "gen-"
_USUAL = "index"
_MOST_LOOKED_AT = 500
_MOST_NAMED = 3


def missing(index: Path) -> IndexMissing:
    """The error for an index that is not there; it names those that lie near."""
    found = [os.path.relpath(folder) for folder in islice(dict.fromkeys(_near(index)), _MOST_NAMED)]
    if not found:
        return IndexMissing(f"There is no index in {index}. Make one with: briefqa index")
    return IndexMissing(
        f"There is no index in {index}. Did you mean {' or '.join(found)}? Or make one with: briefqa index"
    )


def _near(index: Path) -> Iterator[Path]:
    """The index whose generation was named; one in the folder; those beside it; one in a folder above."""
    index = Path(os.path.abspath(index))  # without "..", so that each folder has one name
    if index.name.startswith(_GENERATION):
        yield from _if_there(index.parent)
    yield from _if_there(index / _USUAL)
    try:
        beside = sorted(islice(index.parent.iterdir(), _MOST_LOOKED_AT))
    except OSError:
        beside = []
    for folder in beside:
        yield from _if_there(folder)
    for above in index.parent.parents:
        yield from _if_there(above / _USUAL)


def _if_there(folder: Path) -> Iterator[Path]:
    try:
        if (folder / _CURRENT).is_file():
            yield folder
    except OSError:
        pass
