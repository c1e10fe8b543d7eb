"""The `briefqa` command: its subcommands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import os
import re
import sys
from contextlib import suppress
from typing import Annotated, Any, NoReturn

import typer

import briefqa
from briefqa.cli.lazy import LazyGroup, add_stand_ins
from briefqa.cli.output import json_line, open_closed_streams
from briefqa.errors import BriefqaError, UsageError

_EXITS = (
    "Exit codes: 0 answered, found or done; 1 nothing answers; 2 the call or an article is wrong;"
    " 3 the index is missing, damaged, other or stale; 4 an evaluation fails its gate."
)
# What typer raises for a wrong call: click's UsageError, which has no public name in every version of typer.
_WrongCall: type[Exception] = typer.BadParameter.__mro__[1]
# How it tells of words that follow a question which lacks its quotes.
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)\.?", re.DOTALL)
_INTERRUPTED = 130
# They only read, and leave nothing to be tidied up.
_READING = frozenset({"ask", "search", "show", "status"})

app = typer.Typer(
    name="briefqa",
    cls=LazyGroup,
    help="Ask a folder of articles a question, offline, and get exact, checkable quotes.",
    epilog=_EXITS,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
add_stand_ins(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"briefqa {briefqa.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Ask a folder of articles a question, offline, and get exact, checkable quotes."""


def run() -> NoReturn:
    """The program `briefqa`: `main`, and out.

    A command that only reads ends without taking the interpreter and its libraries apart, and without looking for
    cycles meanwhile: a tenth of what a cold answer takes.
    """
    open_closed_streams()
    reading = sys.argv[1:2] and sys.argv[1] in _READING
    if reading:
        gc.disable()
    status = main()
    if reading:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):  # then it has been told
                stream.flush()
        os._exit(status)
    sys.exit(status)


def main() -> int:
    """Run the command line; the return value is the exit status."""
    # NumPy's linear algebra starts a thread for each core when it is loaded: 50 ms that no command here gets back.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        if len(sys.argv) == 1:
            app(["--help"], prog_name="briefqa", standalone_mode=False)
            return UsageError.exit_code
        status = int(app(prog_name="briefqa", standalone_mode=False) or 0)
    except BriefqaError as error:
        return _print_error(error)
    except _WrongCall as error:
        return _print_error(_as_usage_error(error))
    except (KeyboardInterrupt, typer.Abort):  # typer makes one of the other two of the first, or the status
        status = _INTERRUPTED
    return _print_failure("Interrupted", "Interrupted.", status) if status == _INTERRUPTED else status


def _as_usage_error(error: Any) -> UsageError:
    command = error.ctx.command_path if error.ctx else "briefqa"
    message = _suggesting(error).rstrip(".")
    return UsageError(f"{message}{'' if message.endswith('?') else '.'} See: {command} --help")


def _suggesting(error: Any) -> str:
    """What is wrong with the call, and what was likely meant instead."""
    if close := getattr(error, "possibilities", None):
        return f"{error.message}. Did you mean {' or '.join(close[:2])}?"
    message = str(error.format_message())
    if message.startswith("Missing argument 'QUESTION'"):
        from briefqa.cli.options import NO_QUESTION

        return NO_QUESTION
    asked = error.ctx.params.get("question") if error.ctx else None
    if asked and (rest := _EXTRA.fullmatch(message)):
        from shlex import quote

        return f"Put the question in quotes: {error.ctx.command_path} {quote(f'{asked} {rest[1]}')}"
    if message.startswith("No such command") and any(" " in word.strip() for word in sys.argv[1:2]):
        from shlex import quote

        return f"{message.rstrip('.')}. To ask a question: briefqa ask {quote(sys.argv[1])}"
    return message


def _print_error(error: BriefqaError) -> int:
    return _print_failure(type(error).__name__, f"error: {error}", error.exit_code)


def _print_failure(kind: str, text: str, code: int) -> int:
    """Tell what went wrong, and return the exit `code`. The options may be what is wrong: --json is looked for here."""
    options = sys.argv[1 : sys.argv.index("--")] if "--" in sys.argv else sys.argv[1:]
    if "--json" in options:
        from briefqa.rendering.jsonout import failure_json

        text = json_line(failure_json(kind, text.removeprefix("error: "), code))
    else:
        from briefqa.rendering.escape import safe

        text = safe(text)
    typer.echo(text, err=True)
    return code
