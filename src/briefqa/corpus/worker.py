"""A process that reads files for `pool`: a job comes in on stdin, what became of it goes out on stdout, until stdin
ends. Whoever asked gets data only, whatever a hostile file does in here."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import IO, TYPE_CHECKING, TypeVar

from briefqa.corpus.loading import Job, Outcome
from briefqa.corpus.passing import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

LARGEST_ORDER = 10_000_000
"""Bytes of what a process is told at once: the name of a file, and the rules for it."""

# Beyond the time that a task may take, for when nobody is there any more to end it.
_GRACE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Task:
    """The name of a function, "package.module:function", that makes an Outcome of a Job, and what it may take."""

    name: str
    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a job, or None: ready for the first one, or, when `leaving`, out of memory."""

    outcome: Outcome | None = None
    leaving: bool = False


def main() -> None:
    """Serve whoever started this process."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started us, and ends us with them
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    tasks = sys.stdin.buffer
    told = receive(tasks, Task, LARGEST_ORDER)
    _limit(told.memory)
    task = resolve(told.name)
    send(answers, Answer())
    with suppress(EOFError, BrokenPipeError):
        while True:
            job = receive(tasks, Job, LARGEST_ORDER)
            _alarm(told.seconds + _GRACE_SECONDS)
            try:
                answer = Answer(task(job))
                data = packed(answer)
            except MemoryError:
                answer = Answer(leaving=True)  # nobody knows what is left whole
                data = packed(answer)
            _alarm(0)
            _write(answers, data)
            if answer.leaving:
                return


def resolve(name: str) -> Callable[[Job], Outcome]:
    """The function of a name like "package.module:function"."""
    module, _, function = name.partition(":")
    found: Callable[[Job], Outcome] = getattr(import_module(module), function)
    return found


def send(stream: IO[bytes], value: object) -> None:
    """Write a dataclass, for `receive`."""
    _write(stream, packed(value))


def receive(stream: IO[bytes], kind: type[T], most: int) -> T:
    """Read the `kind` that `send` wrote, of `most` bytes. Raises EOFError at the end, ValueError or RecursionError for
    what is no such thing."""
    size = int.from_bytes(_exactly(stream, 8), "little")
    if size > most:
        raise ValueError(f"{size} bytes are too many")
    return unpacked(kind, _exactly(stream, size))


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(8, "little") + data)
    stream.flush()


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
