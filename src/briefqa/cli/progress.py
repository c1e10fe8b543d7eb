"""Progress on stderr: bars on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.progress import Progress, TaskID

# The stage that takes long, and so is told where there are no bars.
_LONG_STAGE = "encoding passages"
# Seconds between two lines, and those that a rate is measured over: earlier passages may have been known already.
_LINE_SECONDS, _RATE_SECONDS = 30.0, 60.0


class ProgressBars:
    """A bar for each stage on stderr while in a `with` block if they are `shown`; if not, and `lines` are wanted, a
    line every half minute while passages are encoded. `clock` gives seconds."""

    def __init__(self, *, shown: bool, lines: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._shown, self._lines, self._clock = shown, lines, clock
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._paces: dict[str, Pace] = {}
        self._next_line = 0.0

    def __enter__(self) -> ProgressBars:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """So many of so many are done."""
        pace = self._paces.setdefault(stage, Pace())
        pace.note(self._clock(), done)
        rate = pace.rate()
        if not self._shown:
            if self._lines and stage == _LONG_STAGE:
                self._tell(done, total, rate)
            return
        if self._progress is None:
            self._progress = _make_progress()
            self._progress.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=total, pace="")
        told = "" if rate is None else " ".join(_pace(done, total, rate))
        self._progress.update(self._tasks[stage], completed=done, total=total, pace=told)

    def _tell(self, done: int, total: int, rate: float | None) -> None:
        from briefqa.cli.output import print_message

        now = self._clock()
        if rate is None:
            self._next_line = now + _LINE_SECONDS
        elif now >= self._next_line and done < total:
            self._next_line = now + _LINE_SECONDS
            print_message(", ".join([f"encoded {done:,} of {total:,} passages", *_pace(done, total, rate)]))


class Pace:
    """How fast something that is counted goes, over about the last minute."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, int]] = deque()

    def note(self, now: float, done: int) -> None:
        """So many are done at `now`, in seconds of any clock."""
        self._notes.append((now, done))
        while len(self._notes) > 2 and now - self._notes[1][0] >= _RATE_SECONDS:
            self._notes.popleft()

    def rate(self) -> float | None:
        """How many a second; None as long as there is nothing to tell it by."""
        if len(self._notes) < 2:
            return None
        (first, before), (last, done) = self._notes[0], self._notes[-1]
        return (done - before) / (last - first) if last > first else None


def _pace(done: int, total: int, rate: float) -> list[str]:
    """How many are done a second, and the time left, if that can be told."""
    if rate <= 0:
        return []
    told = f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"
    seconds = (total - done) / rate
    minutes = round(seconds / 60)
    if seconds < 60:
        left = f"{seconds:.0f} s left"
    elif minutes < 60:
        left = f"{minutes} min left"
    else:
        left = f"{minutes // 60} h {minutes % 60} min left"
    return [told, left]


def _make_progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description:<26}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        console=Console(stderr=True),
        transient=True,
    )
