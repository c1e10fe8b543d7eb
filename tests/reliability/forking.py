"""Actions in processes of their own, forked. The process that forks must have started no thread."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

# More than an action takes, and an end for one that hangs.
PATIENCE = 60.0
_HEAVY = ("briefqa.index.build", "briefqa.chunking", "briefqa.index.verify", "sentencex", "rensa", "faiss")


def load_heavy() -> None:
    """Import what takes long, once and not in every process; it starts no thread."""
    for name in _HEAVY:
        import_module(name)


def fork(action: Callable[[], object]) -> int:
    """Begin `action` in a new process, and give the process."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        action()
        code = 0
    except BaseException:  # a forked process must not go on as its parent
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def wait(process: int) -> int:
    """The exit code, or minus the signal that ended it. Raises TimeoutError when it has to be killed."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    raise TimeoutError("a run hangs")


def found_apart(action: Callable[[], Any], path: Path) -> Any:
    """What `action`, called in another process, returns, which is handed over as JSON in a file at `path`."""
    code = wait(fork(lambda: path.write_text(json.dumps(action()), encoding="utf-8")))
    assert code == 0, f"a process ended with {code}"
    found = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    return found
