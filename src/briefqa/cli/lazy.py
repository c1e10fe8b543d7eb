"""A command of commands whose modules are loaded when it is called, and not before: `--help`, and every other command,
would wait for them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

LAZY = {"eval": "briefqa.cli.evaluation"}
"""Command -> the module whose `app` it is."""


class LazyGroup(TyperGroup):
    """Calls the commands of `LAZY` by way of their modules; for a list of commands, what stands for them will do."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is called, and its arguments."""
        name, command, rest = super().resolve_command(ctx, args)
        if name in LAZY:
            command = typer.main.get_command(import_module(LAZY[name]).app)
            command.name = name
        return name, command, rest


def stand_in(text: str) -> typer.Typer:
    """What stands for a command of `LAZY` in a list of commands, with its `text`."""
    return typer.Typer(help=text, callback=lambda: None)
