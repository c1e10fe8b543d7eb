"""Arrays in files, memory-mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from briefqa.errors import damaged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def open_array(path: Path, kind: type[np.generic], *, axes: int) -> NDArray[Any]:
    """The array in the .npy file at `path`, read-only and read where it is used. Raises IndexDamaged when it can't be
    read, or is no C-contiguous array of `kind` with so many axes."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        if not isinstance(array, np.ndarray):  # an archive of arrays
            array.close()
        elif array.dtype == kind and array.ndim == axes and array.flags.c_contiguous:
            return np.asarray(array)
    except Exception as error:  # numpy reads a header as Python, and lets errors of many types through
        raise damaged(path) from error
    raise damaged(path)
