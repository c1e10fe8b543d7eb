"""`briefqa eval`: a command of commands, which runs an evaluation when none of them is named."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from briefqa.cli.evaluation import (
    add,
    compare,
    exports,
    gate,
    gold,
    imports,
    report,
    review,
    run,
    score,
    suggest,
    sweep,
)

_DEFAULT = "run"


class _Group(TyperGroup):
    """`briefqa eval [QUESTIONS] [OPTIONS]` is `briefqa eval run ...`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, with the command that they leave out."""
        if ctx.resilient_parsing and not args:  # a shell asks what can stand here
            return args
        first = args[0] if args else ""
        if first not in self.commands and first not in ctx.help_option_names:
            close = get_close_matches(first, self.commands, n=1)
            if close and not first.startswith("-") and not Path(first).exists():
                ctx.fail(f"There is no command or question set {first!r}. Did you mean {close[0]!r}?")
            args = [_DEFAULT, *args]
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """The commands that begin so; the options of the one that is left out, too."""
        offered: list[Any] = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            there = {item.value for item in offered}
            more = self.commands[_DEFAULT].shell_complete(ctx, incomplete)
            offered += [item for item in more if item.value not in there]
        return offered


app = typer.Typer(
    cls=_Group,
    help="Measure retrieval and answers on your own questions; compare, gate and grow.\n\n"
    "Without a command: **run**, which asks every question of the set.",
    rich_markup_mode="markdown",
    add_completion=False,  # which is for the whole program
)
app.command("run")(run.run)
app.command("compare")(compare.compare)
app.command("gate")(gate.gate)
app.command("report")(report.report)
app.command("sweep")(sweep.sweep)
app.command("score")(score.score)
app.command("add")(add.add)
app.command("review")(review.review)
app.command("suggest")(suggest.suggest)
app.command("gold")(gold.gold)
app.add_typer(imports.app, name="import")
app.add_typer(exports.app, name="export")
