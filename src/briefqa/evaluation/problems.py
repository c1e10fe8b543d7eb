"""Telling everything that is wrong with a file at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from briefqa.errors import DatasetError

_MOST_SHOWN = 20


def refuse(path: str | Path, problems: Sequence[str], *, kind: str = "question set") -> NoReturn:
    """Raise a DatasetError that counts the problems of a file of this kind, and lists at most 20 of them."""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = [f"{path}: {count} in the {kind}; correct it and run again", *problems[:_MOST_SHOWN]]
    if len(problems) > _MOST_SHOWN:
        lines.append(f"... and {len(problems) - _MOST_SHOWN} more")
    raise DatasetError("\n".join(lines))
