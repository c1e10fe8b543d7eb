"""Reads many files at once, in processes of their own that may fail.

A file that takes too long or too much memory, or crashes the library that reads it, costs that file and nothing else.
Results come in the order of the files, few are held at a time, and for a few files of text no process is started.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from briefqa.corpus.formats import FORMATS
from briefqa.corpus.loading import Outcome
from briefqa.corpus.worker import Answer, Task, receive, resolve, send

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from types import TracebackType

    from briefqa.corpus.loading import Job

TASK = "briefqa.corpus.loading:take_in"
# Formats that nothing but our own code and a YAML parser read.
_HARMLESS = frozenset({"markdown", "text"})
# A process takes as long to start as some hundred files of text to read.
_FEW_FILES, _FEW_BYTES = 100, 4_000_000
# Files that a process has been told of, and files and bytes read ahead of the one that is due.
_TOLD, _AHEAD, _BYTES_AHEAD = 4, 8, 256_000_000
_MOST_WORKERS = 8
# Seconds for a process that has closed its stdout, as in a crash, to be gone.
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: seconds, and bytes of memory (where the system can hold a process to it)."""

    seconds: float = 60.0
    memory: int = 4_000_000_000


LIMITS = Limits()


def load_all(
    jobs: Sequence[Job], *, workers: int | None = None, limits: Limits = LIMITS, task: str = TASK
) -> Generator[Outcome, None, None]:
    """What becomes of each file, in order. `workers` None: one a core, or none for a few files of text. `task` names
    the function that makes an Outcome of a Job. Closing the iterator ends the processes."""
    if workers is None:
        workers = 0 if _few(jobs) else min(os.cpu_count() or 1, _MOST_WORKERS)
    done = 0
    if workers:
        try:
            with _Pool(jobs, min(workers, len(jobs)), limits, task) as pool:
                for outcome in pool.outcomes():
                    yield outcome
                    done += 1
        except _CannotStart:
            pass
    function = resolve(task)
    for job in jobs[done:]:
        try:
            yield function(job)
        except MemoryError:
            yield _failed(job, "reading it takes more memory than there is")


def _few(jobs: Sequence[Job]) -> bool:
    return (
        len(jobs) <= _FEW_FILES
        and sum(job.file.size for job in jobs) <= _FEW_BYTES
        and all(FORMATS.get(job.file.path.suffix.lower()) in _HARMLESS for job in jobs)
    )


def _failed(job: Job, reason: str) -> Outcome:
    return Outcome(job.file.size, job.file.mtime_ns, reason=reason)


class _CannotStart(Exception):
    """No processes can be had on this system, or they can't import what they need."""


_Event = tuple["_Worker", float, Answer | None]
"""What a process answered, and when; None: it has ended, or what it answered is nothing that can be read."""


class _Worker:
    """A process, and the numbers of the jobs that it has been told of, each with when. Since `free` it has had time for
    the first of them."""

    def __init__(self, events: SimpleQueue[_Event], limits: Limits, task: str) -> None:
        paths = [str(Path(__file__).parents[2]), *(path for path in sys.path if path)]
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", "from briefqa.corpus.worker import main; main()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))},
            )
        except OSError as error:
            raise _CannotStart from error
        self.told: deque[tuple[int, float]] = deque()
        self.free, self.ready = time.monotonic(), False
        self._events, self._most = events, limits.memory
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._send(Task(task, limits.seconds, limits.memory))

    @property
    def since(self) -> float:
        """When it could begin with the first of its jobs."""
        return max(self.free, self.told[0][1])

    def tell(self, number: int, job: Job) -> None:
        """Hand over a job."""
        self.told.append((number, time.monotonic()))
        self._send(job)

    def end(self, *, patience: float = 0.0) -> int:
        """End the process, whatever it is doing, or let it end by itself for some seconds; its exit status."""
        try:
            status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self._listener.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:  # what was still to be written to it
                    continue
        return status

    def _send(self, value: object) -> None:
        assert self.process.stdin  # noqa: S101 - for type checkers
        try:
            send(self.process.stdin, value)
        except OSError:  # it has ended, as its listener is about to tell
            return

    def _listen(self) -> None:
        assert self.process.stdout  # noqa: S101 - for type checkers
        while True:
            try:
                answer = receive(self.process.stdout, Answer, self._most)
            except Exception:  # the end, half an answer, or none
                self._events.put((self, time.monotonic(), None))
                return
            self._events.put((self, time.monotonic(), answer))


class _Pool:
    def __init__(self, jobs: Sequence[Job], workers: int, limits: Limits, task: str) -> None:
        self._jobs, self._limits, self._task = jobs, limits, task
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._found: dict[int, Outcome] = {}
        self._workers: list[_Worker] = []
        self._wanted = workers

    def __enter__(self) -> _Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.end()

    def outcomes(self) -> Iterator[Outcome]:
        for _ in range(self._wanted):
            self._workers.append(self._start())
        told = 0
        for due in range(len(self._jobs)):
            told = self._tell(told, due)
            while due not in self._found:
                self._wait()
                told = self._tell(told, due)
            yield self._found.pop(due)

    def _start(self) -> _Worker:
        return _Worker(self._events, self._limits, self._task)

    def _tell(self, told: int, due: int) -> int:
        """Hand out as many jobs as may be under way while the numbered one is due; the number of the next job."""
        ahead = sum(self._jobs[number].file.size for number in range(due, told))
        while told < len(self._jobs) and told - due < _AHEAD * len(self._workers):
            worker = min(self._workers, key=lambda worker: len(worker.told))
            size = self._jobs[told].file.size
            if len(worker.told) >= _TOLD or (told > due and ahead + size > _BYTES_AHEAD):
                break
            worker.tell(told, self._jobs[told])
            ahead += size
            told += 1
        return told

    def _wait(self) -> None:
        """Take note of the next thing that happens, which may be that a file has taken too long."""
        busy = [worker for worker in self._workers if worker.told]
        deadline = min(worker.since for worker in busy) + self._limits.seconds
        try:
            worker, when, answer = self._events.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            late = min(busy, key=lambda worker: worker.since)
            seconds = f"{self._limits.seconds:g}"
            self._replace(late, f"it took longer than {seconds} s to read")
            return
        if worker not in self._workers:
            return
        if answer is None:
            if not worker.ready:
                raise _CannotStart
            self._replace(worker, None)
        elif answer.outcome is not None and worker.told:
            self._found[worker.told.popleft()[0]] = answer.outcome
            worker.free = when
        elif answer.leaving:
            memory = f"{self._limits.memory / 10**9:g} GB"
            self._replace(worker, f"reading it takes more than {memory} of memory")
        else:
            worker.ready, worker.free = True, when

    def _replace(self, worker: _Worker, reason: str | None) -> None:
        """End a process, note why of the job that it was at (None: it ended by itself, in a crash), and have another
        do the rest."""
        crashed = reason is None
        status = worker.end(patience=_PATIENCE if crashed else 0.0)
        place = self._workers.index(worker)
        self._workers[place] = other = self._start()
        if worker.told:
            failed, _ = worker.told.popleft()
            self._found[failed] = _failed(self._jobs[failed], reason or f"reading it crashed ({_named(status)})")
        for number, _ in worker.told:
            other.tell(number, self._jobs[number])


def _named(status: int) -> str:
    """An exit status in words."""
    try:
        return signal.Signals(-status).name if status < 0 else f"exit status {status}"
    except ValueError:
        return f"signal {-status}"
