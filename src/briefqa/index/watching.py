"""Follows the folders of an index: brings it up to date after every change. Between updates nothing is held."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from briefqa.encoders.factory import INSTALLED
from briefqa.errors import BriefqaError, IndexBusy
from briefqa.index.places import sources_of
from briefqa.index.update import update

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefqa.config import Settings
    from briefqa.encoders.factory import Encoders
    from briefqa.reports import IndexReport

# Changes are collected until none came for the first of these, or for the second in all.
_QUIET_MS, _LONGEST_MS = 200, 2_000
# How often a look is taken whether the folders themselves are still the same.
_LOOK_MS = 1_000

_Identity = tuple[int, int] | None


def watch(
    settings: Settings,
    tell: Callable[[IndexReport | BriefqaError], None],
    *,
    stop: Event | None = None,
    encoders: Encoders = INSTALLED,
) -> None:
    """Update the index whenever its articles change, and `tell` of each update that did something or failed; it goes on
    in both cases. Folders that go away are waited for, and so is another process that writes the index. Ends when
    `stop` is set, or by KeyboardInterrupt."""
    stop = stop or Event()
    roots = [source.path for source in sources_of(settings)]
    before: list[_Identity] | None = None
    while not stop.is_set():
        now = [_identity(root) for root in roots]
        if now != before:
            # There may have been changes before the folders were watched: the first thing that comes is a look.
            before = now
            there = [root for root, identity in zip(roots, now, strict=True) if identity]
            if there:
                if _follow(there, roots, now, settings, tell, stop, encoders):
                    before = None
            else:
                _update(settings, tell, encoders)
        else:
            stop.wait(_LOOK_MS / 1000)


def _follow(
    there: Sequence[str],
    roots: Sequence[str],
    known: list[_Identity],
    settings: Settings,
    tell: Callable[[IndexReport | BriefqaError], None],
    stop: Event,
    encoders: Encoders,
) -> bool:
    """Follow the folders until one of all `roots` is not what it was; whether one was deleted, which can't be told by
    its identity, as another that is made at once may get the same."""
    import watchfiles  # noqa: PLC0415 - for those who watch

    index = Path(os.path.abspath(settings.index))
    due, busy = True, False
    try:
        for changes in watchfiles.watch(
            *there,
            watch_filter=lambda _, path: not Path(path).is_relative_to(index),
            debounce=_LONGEST_MS,
            step=_QUIET_MS,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            stop_event=stop,
        ):
            if changes or due:
                # Another writer is told of once, and tried again at every look until it is done.
                due = busy = _update(settings, tell, encoders, told_busy=busy)
            if any(change == watchfiles.Change.deleted and path in there for change, path in changes):
                return True
            if [_identity(root) for root in roots] != known:
                return False
    except FileNotFoundError:  # it went away before it could be followed
        pass
    return False


def _update(
    settings: Settings,
    tell: Callable[[IndexReport | BriefqaError], None],
    encoders: Encoders,
    *,
    told_busy: bool = False,
) -> bool:
    """Whether another process writes the index, so that nothing was done; not told again if that was `told_busy`."""
    try:
        report = update(settings, encoders=encoders)
    except BriefqaError as error:
        busy = isinstance(error, IndexBusy)
        if not (busy and told_busy):
            tell(error)
        return busy
    if report.changed_index:
        tell(report)
    return False


def _identity(root: str) -> _Identity:
    try:
        status = os.stat(root)
    except OSError:
        return None
    return status.st_dev, status.st_ino
