"""Printing: results on stdout, everything else on stderr, colour and links only where a person looks."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from briefqa.rendering.style import Style

_WIDEST = 100


def print_result(text: str) -> None:
    """One result on stdout."""
    _write(sys.stdout, text)


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout, on one line."""
    _write(sys.stdout, json.dumps(value, ensure_ascii=False))


def print_message(text: str) -> None:
    """A remark on stderr."""
    _write(sys.stderr, text)


def terminal_style() -> Style:
    """How stdout takes text: plain unless it is a terminal; NO_COLOR and TERM=dumb are honoured."""
    from briefqa.rendering.style import Style

    fancy = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    return Style(color=fancy, links=fancy, width=width)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()
