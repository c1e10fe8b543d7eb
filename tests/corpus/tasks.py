"""What files do to the processes that read them, by their names."""

from __future__ import annotations

import os
import signal
import stat
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from briefqa.corpus.loading import take_in

if TYPE_CHECKING:
    from briefqa.corpus.loading import Job, Outcome


def misbehave(job: Job) -> Outcome:
    """Read the file as usual, unless its name says otherwise."""
    name = job.file.key
    if "hangs" in name:
        time.sleep(600)
    elif "segfaults" in name:
        os.kill(os.getpid(), signal.SIGSEGV)
    elif "exits" in name:
        os._exit(7)
    elif "hoards" in name:
        _ = bytearray(10**12)
    elif "forges" in name:
        _forge()
    elif "prints" in name:
        os.write(1, b"no answer")
    return replace(take_in(job), mtime_ns=os.getpid())


def _forge() -> None:
    """What a process would write that a hostile file has taken over: an answer that would run code, as a pickle."""
    data = b"cos\nsystem\n(S'touch forged'\ntR."
    for handle in range(3, 64):
        with suppress(OSError):
            if stat.S_ISFIFO(os.fstat(handle).st_mode):
                os.write(handle, len(data).to_bytes(8, "little") + data)
    time.sleep(600)
