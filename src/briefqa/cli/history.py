"""The questions that were typed at the prompt, for another time: one a line, in a file that only its owner reads."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

KEPT = 1000
"""So many questions come back."""
_OFF = ("", "none", "off", "0")


def history_file() -> Path | None:
    """$BRIEFQA_HISTORY, or `briefqa/history` in $XDG_STATE_HOME or ~/.local/state; None if it is "none"."""
    named = os.environ.get("BRIEFQA_HISTORY")
    if named is not None:
        return None if named.strip().lower() in _OFF else Path(named).expanduser()
    state = os.environ.get("XDG_STATE_HOME", "")
    try:
        folder = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:  # nobody's home
        return None
    return folder / "briefqa" / "history"


class History:
    """Questions of earlier sessions for readline's arrows and search, and this one's for later ones. A file that can't
    be read or written is no error: there is no history then."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def recall(self) -> None:
        """Give readline the questions there are, and keep it from adding what is no question."""
        with suppress(ImportError):  # not everywhere
            import readline

            readline.clear_history()
            readline.set_auto_history(False)
            for question in self._read():
                readline.add_history(question)

    def add(self, question: str) -> None:
        """One more question, on one line: for the arrows now, and in the file."""
        with suppress(ImportError):
            import readline

            last = readline.get_history_item(readline.get_current_history_length())
            if last == question:
                return
            readline.add_history(question)
        if self._file is None:
            return
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(_opened(self._file, os.O_APPEND), "a", encoding="utf-8") as file:
                file.write(f"{question}\n")

    def _read(self) -> list[str]:
        if self._file is None:
            return []
        try:
            lines = self._file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        if len(lines) > 2 * KEPT:
            with suppress(OSError):
                _shorten(self._file, lines[-KEPT:])
        return lines[-KEPT:]


def _shorten(file: Path, lines: list[str]) -> None:
    """By renaming, so that a session beside this one never sees half a file."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(_opened(beside, os.O_TRUNC), "w", encoding="utf-8") as writing:
        writing.write("".join(f"{line}\n" for line in lines))
    beside.replace(file)


def _opened(file: Path, how: int) -> int:
    """A descriptor of the file, made or turned to be its owner's alone."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with suppress(OSError, AttributeError):  # Windows can't
        os.fchmod(descriptor, 0o600)
    return descriptor
