"""The `briefqa` command: its subcommands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import Annotated, Any, NoReturn

import typer

import briefqa
from briefqa.cli import ask, fetch, index, repair, search, show, status, verify
from briefqa.cli.lazy import LazyGroup, stand_in
from briefqa.cli.output import json_line
from briefqa.errors import BriefqaError, UsageError

_EXITS = (
    "Exit codes: 0 answered, found or done; 1 nothing answers; 2 the call or an article is wrong;"
    " 3 the index is missing, damaged, other or stale; 4 an evaluation fails its gate."
)
# What typer raises for a wrong call: click's UsageError, which has no public name in every version of typer.
_WrongCall: type[Exception] = typer.BadParameter.__mro__[1]
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
app.command("index")(index.index)
app.command("fetch")(fetch.fetch)
app.command("ask")(ask.ask)
app.command("search")(search.search)
app.command("show")(show.show)
app.add_typer(stand_in("Measure retrieval and answers on your own questions; compare, gate and grow."), name="eval")
app.command("status")(status.status)
app.command("verify")(verify.verify)
app.command("repair")(repair.repair)


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
    if status == _INTERRUPTED:
        typer.echo("Interrupted.", err=True)
    return status


def _as_usage_error(error: Any) -> UsageError:
    command = error.ctx.command_path if error.ctx else "briefqa"
    message = _suggesting(error).rstrip(".")
    return UsageError(f"{message}{'' if message.endswith('?') else '.'} See: {command} --help")


def _suggesting(error: Any) -> str:
    """What is wrong with the call, and what was likely meant instead."""
    if close := getattr(error, "possibilities", None):
        return f"{error.message}. Did you mean {' or '.join(close[:2])}?"
    message = str(error.format_message())
    if message.startswith("No such command") and any(" " in word.strip() for word in sys.argv[1:2]):
        from shlex import quote

        return f"{message.rstrip('.')}. To ask a question: briefqa ask {quote(sys.argv[1])}"
    return message


def _print_error(error: BriefqaError) -> int:
    if "--json" in sys.argv[1:]:
        from briefqa.rendering.jsonout import error_json

        typer.echo(json_line(error_json(error)), err=True)
    else:
        from briefqa.rendering.escape import safe

        typer.echo(f"error: {safe(str(error))}", err=True)
    return error.exit_code
