"""Commands whose modules are loaded when they are called, and not before: `--help`, and every other command, would wait
for them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = {
    "index": "Make the index hold exactly these articles; only what is new or changed is encoded.",
    "fetch": "Save web pages and PDFs as files, to be indexed.",
    "ask": "Answer a question with quotes from the articles, or say that nothing in them answers it.",
    "search": "List the passages that fit a question or some keywords best, with their scores.",
    "show": "Show a passage, or a whole document, as numbered lines of its file.",
    "eval": "Measure retrieval and answers on your own questions; compare, gate and grow.",
    "status": "Tell what the index holds, how it was made, and whether the articles have moved on since.",
    "verify": "Check every file of the index against its checksum, and every passage against its document.",
    "repair": "Mend a damaged index from what is whole of it, without reading or encoding the articles again.",
    "schema": "Print the JSON Schema of an output, or list those that there are.",
    "mcp": "Serve the index to agents by the Model Context Protocol, over stdin and stdout or over HTTP.",
}
"""Command -> how its help begins."""
GROUPS = {"eval": "briefqa.cli.evaluation"}
"""Command of commands -> the module whose `app` it is. The others are functions of modules named like them."""


class LazyGroup(TyperGroup):
    """Calls commands by way of their modules; for a list of commands, what stands for them will do."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is called, and its arguments."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None else load(name), rest


def add_stand_ins(app: typer.Typer) -> None:
    """Add what stands for the commands in a list of them."""
    for name, text in COMMANDS.items():
        app.command(name, help=text)(_nothing)


def load(name: str) -> Any:
    """The command that is called `name`."""
    if name in GROUPS:
        app = import_module(GROUPS[name]).app
    else:
        app = typer.Typer(rich_markup_mode="markdown", add_completion=False)
        app.command(name)(getattr(import_module(f"briefqa.cli.{name}"), name))
    command = typer.main.get_command(app)
    command.name = name
    return command


def _nothing() -> None:
    pass
