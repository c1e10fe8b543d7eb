"""A process `briefqa serve`, which is stopped when it is not wanted any more."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.test_architecture import ROOT

LINE = re.compile(r"Serving index on (http://\S+) \(Ctrl-C stops\)\n")


@dataclass
class Served:
    """The process, the address that it printed, and where its errors go."""

    process: subprocess.Popen[str]
    url: str
    stderr: IO[str]

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """The exit code after a signal, and what else stands on stderr."""
        self.process.send_signal(number)
        code = self.process.wait(30)
        return code, self.stderr.read()


@contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[Served]:
    """`briefqa serve` on a free port, standing in `folder`, by words alone."""
    process = subprocess.Popen(
        [sys.executable, "-m", "briefqa", "serve", "--port", "0", "-r", "lexical", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        line = process.stderr.readline()
        found = LINE.fullmatch(line)
        assert found, line
        yield Served(process, found[1], process.stderr)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
