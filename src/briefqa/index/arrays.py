"""Arrays in files, memory-mapped."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any

import numpy as np

from briefqa.errors import IndexMismatch, damaged
from briefqa.index.disk import take_room

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def open_array(path: Path, kind: type[np.generic], *, axes: int) -> NDArray[Any]:
    """The array in the .npy file at `path`, read-only and read where it is used. Raises IndexDamaged when it can't be
    read, or is no C-contiguous array of `kind` with so many axes, IndexMismatch for one of the other byte order."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        if not isinstance(array, np.ndarray):  # an archive of arrays
            array.close()
        elif array.dtype == kind and array.ndim == axes and array.flags.c_contiguous:
            return np.asarray(array)
        elif array.dtype != kind and array.dtype.newbyteorder() == kind:
            raise other_order(path)
    except IndexMismatch:
        raise
    except Exception as error:  # numpy reads a header as Python, and lets errors of many types through
        raise damaged(path) from error
    raise damaged(path)


def new_array(path: Path, kind: type[np.generic], shape: tuple[int, ...]) -> np.memmap[Any, Any]:
    """A new array of `kind` in the .npy file at `path`, memory-mapped, to be filled. Raises OSError without room."""
    array: np.memmap[Any, Any] = np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape)
    with path.open("r+b") as file:
        take_room(file.fileno())
    return array


def map_file(path: Path) -> mmap.mmap:
    """The bytes of a file, read where they are used. Raises IndexDamaged when there are none."""
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise damaged(path) from error


def other_order(path: Path) -> IndexMismatch:
    """The error for a file of the index that was written on a machine with the other byte order."""
    return IndexMismatch(
        f"{path} was written on a machine with another byte order, and can't be read on this one."
        " Make the index again here with: briefqa index --rebuild"
    )
