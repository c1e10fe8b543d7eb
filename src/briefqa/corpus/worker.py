"""A process that reads files for `pool`: a task comes in on stdin, what became of it goes out on stdout, until stdin
ends. Nothing of what a hostile file does in here reaches the process that asked."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Beyond the time that a task may take, for when nobody is there any more to end it.
_GRACE_SECONDS = 30


def main() -> None:
    """Serve whoever started this process."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started us, and ends us with them
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    tasks = sys.stdin.buffer
    name, seconds, memory = receive(tasks)
    _limit(memory)
    task = resolve(name)
    send(answers, None)
    with suppress(EOFError, BrokenPipeError):
        while True:
            job = receive(tasks)
            _alarm(seconds + _GRACE_SECONDS)
            try:
                answer, leaving = task(job), False
            except MemoryError:
                answer, leaving = None, True  # nobody knows what is left whole
            _alarm(0)
            send(answers, (answer, leaving))
            if leaving:
                return


def resolve(name: str) -> Callable[[Any], Any]:
    """The function of a name like "package.module:function"."""
    module, _, function = name.partition(":")
    found: Callable[[Any], Any] = getattr(import_module(module), function)
    return found


def send(stream: IO[bytes], value: object) -> None:
    """Write a value, for `receive`."""
    data = pickle.dumps(value)
    stream.write(len(data).to_bytes(8, "little") + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read a value that `send` wrote. Raises EOFError at the end."""
    size = int.from_bytes(_exactly(stream, 8), "little")
    return pickle.loads(_exactly(stream, size))  # noqa: S301 - from a process that we started, or that started us


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _limit(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)  # its signal ends a process that does not expect it
