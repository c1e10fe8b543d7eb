"""Printing: results on stdout, everything else on stderr, colour and links only where a person looks."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any, TextIO

import typer

from briefqa.errors import UsageError

if TYPE_CHECKING:
    import re

    from briefqa.rendering.style import Style

UNREAD = 141
"""The exit status where the output's reader has gone, as a shell has it: 128 and the number of SIGPIPE."""
_WIDEST = 100
_LARGEST_UNIT = 0xFFFF
"""Above it, JSON writes a character as two."""


def open_closed_streams() -> None:
    """Have the three standard streams be there, whatever the shell closed (`>&-`): Python gives None for one that was,
    and the next file that is opened would take its number, for anything that prints to write into. What was stdout
    takes nothing, so that a result which can't be written is told; what was stderr swallows, and stdin is empty."""
    for number, name, how in ((0, "stdin", os.O_RDONLY), (1, "stdout", os.O_RDONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, how)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))


def print_result(text: str) -> None:
    """One result on stdout."""
    _write(sys.stdout, text)


def print_long(text: str, *, pager: bool) -> None:
    """One result on stdout, through a `pager` where a person looks and it is longer than the screen."""
    if pager and sys.stdout.isatty():
        from briefqa.cli.paging import show_paged

        if show_paged(text):
            return
    print_result(text)


def print_records(text: str) -> None:
    """Tab-separated records on stdout; nothing is lost where stdout can't take all of Unicode."""
    from briefqa.rendering.porcelain import as_code

    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = "".join(mark if mark.isascii() else as_code(mark) for mark in text)
    _write(sys.stdout, text)


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout, on one line; nothing is lost where stdout can't take all of Unicode."""
    text = json_line(value)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value)
    _write(sys.stdout, text)


def json_line(value: dict[str, Any]) -> str:
    """`value` as JSON on one line, with the characters that could steer a terminal written as escapes."""
    from briefqa.rendering.escape import UNSAFE

    return UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code <= _LARGEST_UNIT else json.dumps(found[0])[1:-1]


def print_message(text: str) -> None:
    """A remark on stderr."""
    _write(sys.stderr, text)


def terminal_style(*, stderr: bool = False) -> Style:
    """How stdout, or `stderr`, takes text: plain unless it is a terminal; NO_COLOR and TERM=dumb are honoured."""
    from briefqa.rendering.style import Style

    stream = sys.stderr if stderr else sys.stdout
    fancy = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    return Style(color=fancy, links=fancy, width=width)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        stream.flush()
    except BrokenPipeError:  # whoever reads has seen enough: as a program ends that SIGPIPE ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise typer.Exit(UNREAD) from None
    except OSError as error:
        raise UsageError(f"The output can't be written: {(error.strerror or str(error)).lower()}.") from error
