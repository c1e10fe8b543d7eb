"""What a full or failing disk does, told as an error and not by a signal or as damage."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = re.compile(r"\(os error (\d+)\)|Os \{ code: (\d+)")  # Rust's two ways to write it
_OF_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


def take_room(file: int) -> None:
    """Have all of an open file's bytes on the disk, or raise OSError. Writing to the map of a file with holes, a full
    disk would be told by a signal, which ends the process."""
    size = os.fstat(file).st_size
    if not size or not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(file, 0, size)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):  # not every file system can
            raise


def is_of_disk(error: sqlite3.Error) -> bool:
    """Whether SQLite failed to write, or to open, a file; all its other errors are of what stands in one."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_DISK


@contextmanager
def tantivy_disk_errors() -> Iterator[None]:
    """Raise as OSError what Tantivy tells of the disk: it has one type for all errors, and a number in the text."""
    try:
        yield
    except ValueError as error:
        found = _NUMBER.search(str(error))
        if not found:
            raise
        number = int(found[1] or found[2])
        raise OSError(number, os.strerror(number)) from error
