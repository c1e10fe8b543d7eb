"""The `briefqa` command: its subcommands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import briefqa
from briefqa.cli import ask, evaluate, index, search, show, status, verify
from briefqa.errors import BriefqaError

_EXITS = "Exit codes: 0 answered, found, done · 1 nothing answers · 2 wrong call or input · 3 index missing, damaged, other or stale."

app = typer.Typer(
    name="briefqa",
    help="Ask a folder of articles a question, offline, and get exact, checkable quotes.",
    epilog=_EXITS,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("index")(index.index)
app.command("ask")(ask.ask)
app.command("search")(search.search)
app.command("show")(show.show)
app.command("eval")(evaluate.evaluate)
app.command("status")(status.status)
app.command("verify")(verify.verify)


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


def main() -> int:
    """Run the command line; the return value is the exit status."""
    try:
        app()
    except BriefqaError as error:
        _print_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        return 130
    return 0


def _print_error(error: BriefqaError) -> None:
    if "--json" in sys.argv[1:]:
        import json

        from briefqa.rendering.jsonout import error_json

        typer.echo(json.dumps(error_json(error), ensure_ascii=False), err=True)
    else:
        from briefqa.rendering.escape import safe

        typer.echo(f"error: {safe(str(error))}", err=True)
