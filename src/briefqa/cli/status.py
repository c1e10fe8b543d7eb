"""`briefqa status`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.options import IndexOption, JsonOption, PorcelainOption, settings
from briefqa.cli.output import print_json, print_records, print_result
from briefqa.errors import UsageError


def status(
    index: IndexOption = None,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="List the articles that are copies or versions of each other instead.")
    ] = False,
    json: JsonOption = False,
    porcelain: PorcelainOption = False,
) -> None:
    """Tell what the index holds, how it was made, and whether the articles have moved on since.

    Articles are compared by size and time, and by content where these differ; nothing is changed.

    For example:

        briefqa status
        briefqa status --duplicates

    """
    if duplicates and porcelain:
        raise UsageError("--porcelain tells of the index, not of --duplicates: give --duplicates with --json.")
    if duplicates:
        _duplicates(index, json)
        return
    from briefqa.index.status import index_status

    found = index_status(settings(index=index))
    if json:
        from briefqa.rendering.jsonout import status_json

        print_json(status_json(found))
    elif porcelain:
        from briefqa.rendering.porcelain import status_records

        print_records(status_records(found))
    else:
        from briefqa.rendering.indexing import render_status

        print_result(render_status(found))


def _duplicates(index: str | None, json: bool) -> None:
    from briefqa.index.duplicate_groups import duplicate_groups

    found = duplicate_groups(settings(index=index))
    if json:
        from briefqa.rendering.jsonout import duplicates_json

        print_json(duplicates_json(found))
    else:
        from briefqa.rendering.copies import render_duplicates

        print_result(render_duplicates(found))
