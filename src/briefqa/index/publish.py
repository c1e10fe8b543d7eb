"""Writing an index: one writer at a time, and a new generation that takes the old one's place whole or not at all.

A generation is made in a work folder, synced, renamed into place, and only then does CURRENT move, by the rename of
a synced temporary file; so a crash at any moment leaves the old or the new one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from briefqa.errors import BriefqaError, IndexBusy, IndexDamaged, IndexNotWritable
from briefqa.index.disk import is_of_disk
from briefqa.index.generation import (
    CURRENT_FILE,
    ENCODERS_FOLDER,
    GENERATION_NAME,
    RERANKERS_FOLDER,
    WORK_PREFIX,
    live_generation,
)
from briefqa.index.holder import holder, named_holder
from briefqa.index.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from filelock import BaseFileLock

LOCK_FILE = ".lock"
_POLL = 0.2  # seconds between two looks whether a lock that is waited for is free


@contextmanager
def writing(index: Path, *, sweeping: bool = True, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the index's one write lock, the folder made and, with `sweeping`, swept of what a crash left. The lock goes
    with its process, however that ends. When another process holds it, `waiting` is told who, and it is waited for.

    Raises IndexBusy at once when another process holds it and nobody waits, IndexNotWritable when the folder can't be
    written.
    """
    lock = _lock(index, waiting)
    try:
        if sweeping:
            sweep(index)
        with named_holder(index):
            yield
    except OSError as error:
        raise IndexNotWritable(f"The index in {index} can't be written: {_reason(error)}. It is as it was.") from error
    except sqlite3.Error as error:
        if not is_of_disk(error):
            raise
        raise IndexNotWritable(f"The index in {index} can't be written: {error}. It is as it was.") from error
    finally:
        lock.release()


def _lock(index: Path, waiting: Callable[[str], None] | None) -> BaseFileLock:
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / LOCK_FILE, poll_interval=_POLL)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            told = holder(index)
            if waiting is None:
                raise IndexBusy(
                    f"{told[0].upper()}{told[1:]} is writing the index in {index}."
                    " Run it again when that is done, or wait for it with: briefqa index --wait"
                ) from None
            waiting(f"Waiting until {told} is done with the index in {index}.")
            lock.acquire()
    except OSError as error:
        raise IndexNotWritable(f"The index folder {index} can't be written: {_reason(error)}.") from error
    return lock


def sweep(index: Path) -> None:
    """Remove work folders, generations that are not live, and encoders and rerankers that the live one does not use.

    Readers that opened an older generation keep its files open and go on; call this under the write lock. What can't
    be removed now (Windows holds files that are open) is left for the next run.
    """
    try:
        folder_of_live = live_generation(index)
    except IndexDamaged:  # then nobody knows which one is live, and nothing is an orphan before a new one is
        _remove_work(index)
        return
    live = folder_of_live.name if folder_of_live else None
    _remove_work(index)
    for folder in index.iterdir():
        if GENERATION_NAME.fullmatch(folder.name) and folder.name != live:
            _remove_if_possible(folder)
    encoder = reranker = None
    if live is not None:
        try:
            manifest = read_manifest(index / live)
        except (BriefqaError, OSError):
            return
        encoder, reranker = manifest.encoder.sha256, manifest.reranker and manifest.reranker.sha256
    for models, used in ((index / ENCODERS_FOLDER, encoder), (index / RERANKERS_FOLDER, reranker)):
        for folder in models.iterdir() if models.is_dir() else ():
            if folder.name != used:
                _remove_if_possible(folder)


def tidy(index: Path) -> None:
    """Sweep the index unless somebody is writing it or it can't be written."""
    with suppress(IndexBusy, IndexNotWritable), writing(index):
        pass


def next_number(index: Path) -> int:
    """The number that the next generation gets."""
    matches = (GENERATION_NAME.fullmatch(folder.name) for folder in index.iterdir())
    return 1 + max((int(match[1]) for match in matches if match), default=0)


@contextmanager
def work_folder(index: Path, name: str) -> Iterator[Path]:
    """A new empty folder below `index`, removed at the end unless it was published."""
    folder = index / f"{WORK_PREFIX}{name}"
    folder.mkdir()
    try:
        yield folder
    finally:
        if folder.exists():
            remove(folder)


def publish(index: Path, work: Path, number: int, *, synced: Container[str] = ()) -> Path:
    """Make the whole folder `work` the live generation `number`. Its files `synced`, by path with forward slashes, are
    on the disk already."""
    final = index / f"gen-{number:06d}"
    move_into_place(work, final, synced=synced)
    point_to(index, final.name)
    return final


def point_to(index: Path, name: str) -> None:
    """Make the generation of that name the live one."""
    temporary = index / f"{WORK_PREFIX}{CURRENT_FILE}"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    if (index / CURRENT_FILE).is_dir():
        remove(index / CURRENT_FILE)
    os.replace(temporary, index / CURRENT_FILE)
    sync_folder(index)


def move_into_place(work: Path, final: Path, *, synced: Container[str] = ()) -> None:
    """Sync the folder `work` with all that is in it but the files `synced`, and rename it to `final`, in place of what
    a crash left there."""
    for path in sorted(work.rglob("*")):
        if path.is_dir():
            sync_folder(path)
        elif path.relative_to(work).as_posix() not in synced:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(work)
    if final.exists():
        remove(final)
    if final.parent.exists() and not final.parent.is_dir():
        remove(final.parent)
    final.parent.mkdir(exist_ok=True)
    os.rename(work, final)
    sync_folder(final.parent)


def sync_folder(path: Path) -> None:
    """Make the entries of a folder durable, where the system allows folders to be synced."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_work(index: Path) -> None:
    for path in index.iterdir():
        if path.name.startswith(WORK_PREFIX):
            remove(path)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _remove_if_possible(path: Path) -> None:
    with suppress(OSError):
        remove(path)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
