"""Generations on disk: which one is live. CURRENT names it, and moves only when a new one is whole (see `publish`)."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, TypeVar

from briefqa.errors import REBUILD, IndexDamaged, damaged
from briefqa.index.manifest import MANIFEST_FILE, Making, Manifest, read_making, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

CURRENT_FILE = "CURRENT"
CLUTTER_FILE = "clutter.json"
ENCODERS_FOLDER = "encoders"
RERANKERS_FOLDER = "rerankers"
ENCODED_FOLDER = "encoded"
WORK_PREFIX = ".work-"
GENERATION_NAME = re.compile(r"gen-(\d{6,})")
# Each time a newer generation is published meanwhile: more than there ever will be in a row.
_TRIES = 50


def live_generation(index: Path) -> Path | None:
    """The live generation's folder, or None when there is no index. Raises IndexDamaged for a broken CURRENT."""
    try:
        name = (index / CURRENT_FILE).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{index / CURRENT_FILE} can't be read. {REBUILD}") from error
    if not GENERATION_NAME.fullmatch(name):
        raise damaged(index / CURRENT_FILE)
    return index / name


def generations(index: Path) -> list[Path]:
    """The folders of all generations that are there, live or not."""
    return sorted(entry for entry in index.iterdir() if GENERATION_NAME.fullmatch(entry.name) and entry.is_dir())


def open_manifest(index: Path) -> tuple[Path, Manifest]:
    """The live generation's folder and manifest. Raises IndexMissing, IndexDamaged or IndexMismatch."""
    folder = live_generation(index)
    if folder is None:
        if left_over(index):
            raise IndexDamaged(f"{index / CURRENT_FILE} is missing. Mend that with: briefqa repair. {REBUILD}")
        from briefqa.index.nearby import missing  # noqa: PLC0415 - rarely needed

        raise missing(index)
    return folder, manifest_of(folder)


def manifest_of(folder: Path) -> Manifest:
    """The manifest of the generation in `folder`. Raises IndexDamaged or IndexMismatch."""
    try:
        return read_manifest(folder)
    except OSError as error:
        raise IndexDamaged(
            f"The index in {folder.parent} is damaged: {folder.name}/manifest.json can't be read."
            " Make it again with: briefqa index --rebuild"
        ) from error


def of_live(index: Path, action: Callable[[], T]) -> T:
    """What `action` gives, which reads the live generation by its path. A writer may publish and sweep between two of
    its reads: where it finds files missing, and another generation is live than before, it is called again."""
    for _ in range(_TRIES):
        before = live_generation_name(index)
        try:
            return action()
        except (IndexDamaged, OSError):
            if live_generation_name(index) == before:
                raise
    return action()


def live_making(index: Path) -> Making:
    """How the live generation was made, even one that can't be used otherwise; empty where that can't be told."""
    try:
        folder = live_generation(index)
    except IndexDamaged:
        return Making()
    return read_making(folder) if folder else Making()


def live_generation_name(index: Path) -> str | None:
    """The live generation's name, None when there is none or CURRENT is broken."""
    try:
        folder = live_generation(index)
    except IndexDamaged:
        return None
    return folder.name if folder else None


def fingerprint(folder: Path) -> tuple[int, int, int] | None:
    """What tells a generation from another of its name, as an index that was deleted and made anew has; None when it is
    not there."""
    try:
        found = (folder / MANIFEST_FILE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


def left_over(index: Path) -> bool:
    """Whether CURRENT is missing, though there is a generation."""
    return not os.path.lexists(index / CURRENT_FILE) and index.is_dir() and bool(generations(index))


def left_behind(index: Path, manifest: Manifest) -> list[Path]:
    """What a crashed run left in a readable index, whose live generation says `manifest`: work folders, other
    generations, and models that are not its own."""
    live = live_generation_name(index)
    if live is None or not index.is_dir():
        return []
    found = [
        entry
        for entry in index.iterdir()
        if entry.name.startswith(WORK_PREFIX) or (GENERATION_NAME.fullmatch(entry.name) and entry.name != live)
    ]
    reranker = manifest.reranker and manifest.reranker.sha256
    for models, used in ((ENCODERS_FOLDER, manifest.encoder.sha256), (RERANKERS_FOLDER, reranker)):
        if (index / models).is_dir():
            found += [entry for entry in (index / models).iterdir() if entry.name != used]
    return found
