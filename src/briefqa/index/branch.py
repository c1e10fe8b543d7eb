"""A second index to change, made from one that is there: what the two share is on disk once, where the disk allows."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from briefqa.index.generation import CURRENT_FILE, ENCODERS_FOLDER, RERANKERS_FOLDER, open_manifest


def branch(index: Path, target: Path) -> None:
    """Make `target` an index like `index`, unless there is one. Its files are never written to, only replaced, so
    links will do. Raises IndexMissing or IndexDamaged for an `index` that is none."""
    if (target / CURRENT_FILE).exists():
        return
    folder, _ = open_manifest(index)
    target.mkdir(parents=True, exist_ok=True)
    for name in (folder.name, ENCODERS_FOLDER, RERANKERS_FOLDER):
        if (index / name).is_dir():
            shutil.copytree(index / name, target / name, copy_function=_link, dirs_exist_ok=True)
    shutil.copy2(index / CURRENT_FILE, target / CURRENT_FILE)


def _link(source: str, target: str) -> str:
    Path(target).unlink(missing_ok=True)  # half a branch may be there
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
