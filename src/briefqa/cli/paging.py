"""Long output through a pager: $BRIEFQA_PAGER, else $PAGER, else less."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

from briefqa.rendering.columns import columns

OFF = ("", "cat", "none")
"""What switches paging off as the pager's name."""
_DEFAULT = "less"
# Leave at once what fits a screen, let colours and links through, and keep the text on the screen.
_LESS_OPTIONS = "FRX"
# Colours (CSI) and links (OSC 8) take no room on the screen.
_SEQUENCES = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def show_paged(text: str) -> bool:
    """Show `text` in a pager and wait until it is left; False, and nothing is shown, where it fits the screen or there
    is no pager to be had. A pager that is left early has shown enough."""
    size = shutil.get_terminal_size()
    if os.environ.get("TERM", "dumb") == "dumb" or not exceeds(text, size.columns, size.lines - 1):
        return False
    command = _pager()
    if not command:
        return False
    encoding = sys.stdout.encoding or "utf-8"
    environment = {"LESS": _LESS_OPTIONS, **os.environ}
    if encoding.lower() == "utf-8":  # whatever less makes of the locale
        environment.setdefault("LESSCHARSET", "utf-8")
    sys.stdout.flush()
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603 - the user's own pager
    except OSError:
        return False
    # Ctrl-C is the pager's, from after it was started: it would inherit that it is ignored.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pager.communicate(f"{text}\n".encode(encoding, "replace"))
    finally:
        signal.signal(signal.SIGINT, before)
    return True


def exceeds(text: str, width: int, rows: int) -> bool:
    """Whether the text takes more than so many rows of a screen that is so wide, its longer lines broken."""
    taken = 0
    for line in _SEQUENCES.sub("", text).split("\n"):
        taken += max(1, -(-columns(line) // width))
        if taken > rows:
            return True
    return False


def _pager() -> list[str]:
    """The pager's command; none where it is switched off, or can't be read as one."""
    named = os.environ.get("BRIEFQA_PAGER", os.environ.get("PAGER"))
    if named is None:
        return [_DEFAULT] if shutil.which(_DEFAULT) else []
    if named.strip() in OFF:
        return []
    try:
        return shlex.split(named)
    except ValueError:
        return []
