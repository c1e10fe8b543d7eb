"""A program in a pseudo-terminal: what a person types, and what stands on the screen then."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

_PATIENCE = 30.0
_COLUMNS = 80
ROOT = Path(__file__).parents[2]


class Terminal:
    """`command` runs in a terminal of its own, of `rows`, while in the `with` block."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None, *, rows: int = 24) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, _COLUMNS, 0, 0))
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=_environment(environment or {}),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self._seen = ""
        self._told = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._master)

    def until(self, text: str) -> str:
        """What has come to stand on the screen since the last call, up to and with `text`."""
        while (found := self._seen.find(text, self._told)) < 0:
            assert self._read(), f"{text!r} never came, but {self._seen[self._told :]!r}"
        told, self._told = self._told, found + len(text)
        return self._seen[told : self._told]

    def type(self, keys: str) -> None:
        """Press these."""
        os.write(self._master, keys.encode())

    def interrupt(self) -> None:
        """Ctrl-C, a moment after what came last: a signal that comes just before a program waits for keys is not seen
        before the next one."""
        time.sleep(0.3)
        self.type("\x03")

    def end(self) -> tuple[int, str]:
        """The exit status, and what came last."""
        while self._read():
            pass
        return self._process.wait(_PATIENCE), self._seen[self._told :]

    def _read(self) -> bool:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if select.select([self._master], [], [], 1.0)[0]:
                try:
                    read = os.read(self._master, 65536)
                except OSError:  # Linux's way of saying that nobody writes any more
                    return False
                self._seen += read.decode().replace("\r\n", "\n")
                return bool(read)
        raise TimeoutError(self._seen[self._told :])


def briefqa(*arguments: str) -> Sequence[str]:
    """The command line of this interpreter's briefqa."""
    return sys.executable, "-m", "briefqa", *arguments


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    ours = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])}
    dropped = ("PAGER", "LESS", "VISUAL", "EDITOR", "BROWSER", "NO_COLOR", "COLUMNS", "LINES", "INPUTRC")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "TERM": "xterm-256color", "INPUTRC": os.devnull, **ours, **given}
