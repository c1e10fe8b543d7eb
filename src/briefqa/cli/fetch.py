"""`briefqa fetch`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.options import JsonOption
from briefqa.cli.output import print_json, print_message, print_result
from briefqa.errors import UsageError


def fetch(
    addresses: Annotated[
        list[str] | None, typer.Argument(metavar="[ADDRESS]...", help="Addresses of pages and PDFs.")
    ] = None,
    into: Annotated[str, typer.Option(metavar="FOLDER", help="Where to save them.")] = "corpus",
    listed: Annotated[
        str | None, typer.Option("--from", metavar="FILE", help="Take the addresses in a file, too, one a line.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from this machine and private networks, too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Save web pages and PDFs as files, to be indexed.

    One request a second goes to a site, robots.txt is honoured, and what is there already is only asked for if it has
    changed. Pages become .mhtml files. Exit code 2: some could not be had (each is named; the others are saved).

    For example:

        briefqa fetch https://example.org/story https://example.org/report.pdf
        briefqa fetch --from addresses.txt --into news

    """
    from briefqa.fetching.client import Client
    from briefqa.fetching.fetch import fetch as fetch_addresses
    from briefqa.fetching.fetch import read_addresses
    from briefqa.rendering.fetching import fetch_json, render_failed, render_fetched

    wanted = [*(addresses or []), *(read_addresses(listed) if listed else [])]
    if not wanted:
        raise UsageError("There is no address to fetch. Name one, for example: briefqa fetch https://example.org/story")
    found = []
    for outcome in fetch_addresses(wanted, into, Client(allow_private=allow_private)):
        found.append(outcome)
        if json:
            continue
        if outcome.state == "failed":
            print_message(render_failed(outcome))
        else:
            print_result(render_fetched(outcome))
    if json:
        print_json(fetch_json(found))
    if any(outcome.state == "failed" for outcome in found):
        raise typer.Exit(2)
