"""`briefqa mcp`."""

from __future__ import annotations

import gc
import signal
import sys
from typing import Annotated

import typer

from briefqa.cli.lasting import hold_memory
from briefqa.cli.options import (
    CopiesOption,
    IndexOption,
    RecencyOption,
    RerankOption,
    RetrieverOption,
    settings,
)
from briefqa.cli.output import print_message


def mcp(
    index: IndexOption = None,
    http: Annotated[
        int | None,
        typer.Option("--http", min=0, max=65535, metavar="PORT", help="Serve HTTP on this machine's PORT instead."),
    ] = None,
    retriever: RetrieverOption = None,
    rerank: RerankOption = None,
    max_quotes: Annotated[
        int | None,
        typer.Option("--quotes", "-n", min=1, max=20, metavar="N", help="At most so many quotes.", show_default="5"),
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, metavar="SHARE", help="Answer only if at least this sure, 0 to 1."),
    ] = None,
    recency: RecencyOption = None,
    once: CopiesOption = None,
) -> None:
    """Serve the index to agents by the Model Context Protocol, over stdin and stdout or over HTTP.

    It only reads. Agents start it by themselves once it is in their settings. Needs: pip install "briefqa[mcp]"

    For example:

        briefqa mcp --index /home/me/index
        briefqa mcp --http 8765

    """
    hold_memory()
    gc.disable()  # a tenth of the start: what is loaded now stays
    from briefqa.agents.running import serve_http, serve_pipes

    gc.freeze()
    gc.enable()
    chosen = settings(
        index=index,
        retriever=retriever,
        rerank=rerank,
        max_quotes=max_quotes,
        min_confidence=min_confidence,
        recency=recency,
        once=once,
    )
    if http is None:
        # Whoever reads stdin is not woken by an interruption, and there is nothing to tidy up.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if sys.stdin.isatty():
            print_message("Waiting for an agent on stdin. Agents start this by themselves; end it with Ctrl-C.")
        serve_pipes(chosen)
    else:
        serve_http(chosen, http)
