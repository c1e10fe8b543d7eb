"""Opening a source: a file in the reader's editor at its line, a file without lines or a page in the browser."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.addresses import file_of
from briefqa.errors import UsageError
from briefqa.fragments import quote_link

if TYPE_CHECKING:
    from briefqa.types import Document

_PLUS_LINE = frozenset(
    {"emacs", "emacsclient", "ex", "gedit", "gvim", "jed", "jmacs", "joe", "kak", "mg", "micro", "mvim", "nano", "ne",
     "neovide", "nvi", "nvim", "pico", "rnano", "vi", "view", "vim", "vim.basic", "vim.tiny"}
)  # fmt: skip
_GOTO = frozenset({"code", "code-insiders", "codium", "cursor", "vscodium", "windsurf"})
_COLON_LINE = frozenset({"helix", "hx", "subl", "sublime_text", "zed", "zeditor"})
# Debian's and its heirs' own choice first.
_USUAL = ("sensible-editor", "editor", "nano", "vi")


def open_source(document: Document, line: int, page: int | None) -> None:
    """Open the document's file: in $VISUAL, $EDITOR or a usual editor at `line`, or, if it has no lines of its own, as
    a PDF has not, in the browser at `page`. Waits for an editor that stays in the terminal.

    Raises UsageError if the file is gone, or nothing is there to open it with.
    """
    file = Path(file_of(document)).absolute()
    if not file.is_file():
        raise UsageError(f"{file_of(document)} is not there any more. Its text in the index: s, or briefqa show.")
    if document.lines_of == "text":
        _browse(file.as_uri() + (f"#page={page}" if page else ""))
        return
    command = editor_command(_editor(), str(file), line)
    try:
        subprocess.run(command, check=False)  # noqa: S603 - the user's own editor
    except OSError as error:
        raise UsageError(f"The editor {command[0]} can't be started. Set VISUAL or EDITOR to another.") from error


def open_web_page(document: Document, quote: str) -> None:
    """Open the document's web address in the browser, at the quote. Raises UsageError if there is none to open."""
    address = quote_link(document, quote)
    if address is None:
        raise UsageError("This article names no web address. Its file: o.")
    _browse(address)


def editor_command(editor: str, file: str, line: int) -> list[str]:
    """How `editor`, a command with its options, is told to show `file` at `line`; one that is not known gets the file
    alone. Raises UsageError for what is no command."""
    try:
        command = shlex.split(editor)
    except ValueError:
        command = []
    if not command:
        raise UsageError(f"The editor {editor!r} can't be read as a command. Set VISUAL or EDITOR to another.")
    name = Path(command[0]).name.lower().removesuffix(".exe")
    if name in _GOTO:
        return [*command, "-g", f"{file}:{line}"]
    if name in _COLON_LINE:
        return [*command, f"{file}:{line}"]
    if name in _PLUS_LINE or name in _USUAL:
        return [*command, f"+{line}", file]
    return [*command, file]


def _editor() -> str:
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    found = chosen or next((name for name in _USUAL if shutil.which(name)), None)
    if not found:
        raise UsageError("There is no editor to open it with. Set VISUAL or EDITOR to one.")
    return found


def _browse(address: str) -> None:
    if not webbrowser.open(address):
        raise UsageError(f"There is no browser to open it with: {address}")
