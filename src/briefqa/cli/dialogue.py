"""Asking whoever sits at the terminal, or a file on stdin, line by line. Everything is said on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

from briefqa.cli.output import print_message
from briefqa.errors import UsageError


class Dialogue:
    """Questions on stderr, answers from stdin; at a terminal with line editing, and Tab for words that are known."""

    def say(self, text: str) -> None:
        """Something to read."""
        print_message(text)

    def ask(self, prompt: str, *, known: Sequence[str] = ()) -> str:
        """One line, without white space around it. EOFError where stdin ends, UsageError where it is not UTF-8."""
        if at_terminal():
            _complete(known)
            return input(prompt).strip()
        sys.stderr.write(prompt)
        sys.stderr.flush()
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError as error:
            message = f"What stands on stdin is not UTF-8 (byte {error.start}). Save it as UTF-8 and run again."
            raise UsageError(message) from error
        if not line:
            print_message("")
            raise EOFError
        return line.strip()


def at_terminal() -> bool:
    """Whether somebody sits there, and nothing catches what a line editor writes to stdout."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _complete(known: Sequence[str]) -> None:
    with suppress(ImportError):  # not everywhere
        import readline

        matches = [f"{word}, " for word in known]
        readline.set_completer_delims(",")
        readline.set_completer(lambda start, number: _nth([w for w in matches if w.startswith(start.lstrip())], number))
        readline.parse_and_bind("tab: complete")


def _nth(words: Sequence[str], number: int) -> str | None:
    return words[number] if number < len(words) else None
