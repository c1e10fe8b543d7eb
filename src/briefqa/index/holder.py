"""Who writes an index, told by a small file that stands in it while somebody does.

The lock itself says nothing: on Windows a locked file can't be read. The file has the name of unfinished work, so what
a killed writer leaves is swept by the next one.
"""

from __future__ import annotations

import json
import os
import platform
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from briefqa.index.generation import WORK_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLDER_FILE = f"{WORK_PREFIX}writer"
_LONGEST = 4096
_LONGEST_NAME = 100


@contextmanager
def named_holder(index: Path) -> Iterator[None]:
    """Have the file name this process; call it under the write lock. Where it can't be written, nobody is named."""
    path = index / HOLDER_FILE
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    with suppress(OSError):
        told = {"process": os.getpid(), "host": platform.node(), "since": now}
        path.write_text(json.dumps(told) + "\n", encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()


def holder(index: Path) -> str:
    """Who writes the index, as far as it can be told: "another briefqa (process 17 on desk, since 2026-11-25
    14:02:05)", in local time."""
    try:
        with (index / HOLDER_FILE).open(encoding="utf-8") as file:
            told = json.loads(file.read(_LONGEST))
        process, host = int(told["process"]), str(told["host"])[:_LONGEST_NAME]
        since = datetime.fromisoformat(told["since"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return "another briefqa"
    return f"another briefqa (process {process}{f' on {host}' if host else ''}, since {since})"
