"""`briefqa serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from briefqa.cli.lasting import hold_memory
from briefqa.cli.options import IndexOption, RetrieverOption, settings
from briefqa.cli.output import print_message
from briefqa.extras import extra


def serve(
    index: IndexOption = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen; other than here asks for a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, metavar="N", help="0: any free one.")] = 8617,
    browse: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar="BRIEFQA_TOKEN",
            show_envvar=False,
            metavar="TEXT",
            help="What whoever asks must know; BRIEFQA_TOKEN keeps it out of the list of processes.",
            show_default="none on this machine, else made and printed",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="Answer to this name, too, as of a proxy; repeatable."),
    ] = None,
    rate: Annotated[
        int, typer.Option("--rate", min=0, metavar="N", help="Requests a minute from one address; 0: any number.")
    ] = 1200,
    log: Annotated[bool, typer.Option("--log", help="Print each request on stderr, without what was asked.")] = False,
    retriever: RetrieverOption = None,
) -> None:
    """Serve a page to ask and read in, and the same JSON over HTTP, until Ctrl-C.

    Only this machine can reach it, unless --host says otherwise. It follows the index when that is updated. Nothing
    that is asked is written anywhere.

    For example:

        briefqa serve --open
        briefqa serve --port 8080 --index ~/articles-index
        briefqa serve --host 0.0.0.0

    """
    hold_memory()
    with extra("web"):
        from briefqa.serving.listening import Address
        from briefqa.serving.listening import serve as listen_and_serve
    listen_and_serve(
        settings(index=index, retriever=retriever),
        Address(host, port, tuple(allow_host or ())),
        token=token,
        rate=rate,
        browse=browse,
        say=print_message,
        log=print_message if log else None,
    )
