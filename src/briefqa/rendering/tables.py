"""Tables as comma-separated values (RFC 4180)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from briefqa.rendering.escape import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table, without a newline at its end; None is empty, and a text that a spreadsheet would run gets a ' before
    it. What could steer a terminal is replaced, as the table may be printed on one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_cell(value) for value in row] for row in (header, *rows))
    return text.getvalue().rstrip("\n")


def _cell(value: object) -> object:
    if isinstance(value, str):
        return safe(f"'{value}" if value.startswith(_FORMULA) else value)
    return repr(value) if isinstance(value, float) else value
