"""`briefqa show`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.options import IndexOption, JsonOption, NoPagerOption, PorcelainOption, settings
from briefqa.cli.output import print_json, print_long, print_records, terminal_style


def show(
    identity: Annotated[
        str,
        typer.Argument(metavar="ID", help="A passage's or document's id, or the start of one, as search prints it."),
    ],
    context: Annotated[
        int, typer.Option("--context", "-C", min=0, metavar="N", help="Show so many passages before and after it.")
    ] = 0,
    cleaning: Annotated[
        bool, typer.Option("--cleaning", help="Show what was left out of the document, and why.")
    ] = False,
    index: IndexOption = None,
    json: JsonOption = False,
    porcelain: PorcelainOption = False,
    no_pager: NoPagerOption = False,
) -> None:
    """Show a passage, or a whole document, as numbered lines of its file.

    With --context, the passages beside a passage are shown, too.

    For example:

        briefqa show 3f2a9c --context 2
        briefqa show 3f2a9c --cleaning

    """
    import briefqa

    chosen = settings(index=index)
    with briefqa.open(chosen.index, settings=chosen) as opened:
        document, passages, asked = opened.look_up(identity.strip().lower(), context=context)
        cuts = opened.cuts(document) if cleaning else None
    if json:
        from briefqa.rendering.jsonout import passages_json

        print_json(passages_json(document, passages, asked, cuts))
    elif porcelain:
        from briefqa.rendering.porcelain import passages_records

        print_records(passages_records(document, passages, cuts or ()))
    elif cuts is not None:
        from briefqa.rendering.terminal import render_cuts

        print_long(render_cuts(document, cuts, terminal_style()), pager=not no_pager)
    else:
        from briefqa.rendering.terminal import render_passages

        print_long(render_passages(document, passages, asked, terminal_style()), pager=not no_pager)
