"""Files that never change again and stand in two folders: on disk once where the file system allows, else copied."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def link(source: Path, target: Path) -> bool:
    """Make `target` the file `source`, in place of what stands there: True for a hard link, False for a copy."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        return False
    return True


def link_all(source: Path, target: Path, names: Iterable[str]) -> set[str]:
    """Link the files `names`, below the folder `source`, to the same places below `target`, and say which of them are
    hard links, and so as durable as they were."""
    linked = set()
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if link(source / name, target / name):
            linked.add(name)
    return linked
