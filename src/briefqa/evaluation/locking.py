"""One writer at a time of a file that is read, changed and written anew: else of two changes one would be lost."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from briefqa.errors import DatasetError

# A change takes some milliseconds: whoever holds the lock for longer than this has been stopped.
_PATIENCE = 5.0
_POLL = 0.01
_LONGEST_NAME = 200


@contextmanager
def sole_writer(path: str | Path) -> Iterator[None]:
    """Be the only one, of all who ask for it by this function, that changes the file in a `with` block.

    Others, be they threads or processes, wait. The lock is a file beside it, which is gone afterwards. DatasetError,
    before the block is entered, says who has held it for 5 seconds, or why it can't be made.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():  # the lock would make the folder; that it is missing is for the writer to say
        yield
        return
    file = target.with_name(f".{target.name}.lock")
    lock = FileLock(file, poll_interval=_POLL)
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout:
        message = (
            f"{path}: {_holder(file)} is writing this file; nothing was changed: wait until it is done, and run again"
        )
        raise DatasetError(message) from None
    except OSError as error:
        message = f"{path}: can't lock this file ({error.strerror}); nothing was changed: see that you may write there"
        raise DatasetError(message) from error
    try:
        with suppress(OSError):  # where a locked file can't be written, nobody is told who holds it
            file.write_text(f"process {os.getpid()} on {platform.node()}\n", encoding="utf-8")
        yield
    finally:
        # While it is held: filelock tries again if the file that it has locked is gone by then. Once the lock is
        # released, the file may be the next one's.
        with suppress(OSError):
            file.unlink()
        lock.release()


def _holder(file: Path) -> str:
    try:
        name = " ".join(file.read_text(encoding="utf-8", errors="replace").split())
    except OSError:
        name = ""
    return name[:_LONGEST_NAME] or "another process"
