"""Opens regular files and nothing else: what was one when it was listed may be a pipe by now, whose opening waits for
somebody who never writes, or a device that never ends."""

from __future__ import annotations

import os
import stat
from typing import IO

NOT_REGULAR = "it is not a regular file"


def open_regular(path: str) -> tuple[IO[bytes], os.stat_result]:
    """The file at `path`, to be read, and its status. Raises OSError, of which `strerror` is NOT_REGULAR for what is no
    such file."""
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - it is the caller's
    status = os.fstat(file.fileno())
    if stat.S_ISREG(status.st_mode):
        return file, status
    file.close()
    raise OSError(None, NOT_REGULAR, path)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
