"""Serving: over the pipes that an agent starts the server with, or over HTTP on this machine alone."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from briefqa.agents.library import Library
from briefqa.agents.server import make_server
from briefqa.errors import UsageError
from briefqa.extras import extra

with extra("mcp"):
    import anyio
    import uvicorn
    from mcp.server.stdio import stdio_server

if TYPE_CHECKING:
    from briefqa.config import Settings

HOST = "127.0.0.1"
PATH = "/mcp"
_GRACE = 5  # seconds that calls which run have to end


def serve_pipes(settings: Settings) -> None:
    """Serve until stdin ends. Nothing but the protocol goes to stdout: meanwhile it is the SDK's alone, and what else
    is printed lands on stderr."""
    library = Library(settings)
    server = make_server(library)

    async def serve() -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    try:
        anyio.run(serve)
    finally:
        library.close()


def serve_http(settings: Settings, port: int) -> None:
    """Serve streamable HTTP on the loopback's `port` (0: any that is free), without sessions, until interrupted. The
    SDK refuses a Host or Origin that is not this machine. Raises UsageError for a port that can't be had."""
    library = Library(settings)
    app = make_server(library).streamable_http_app(
        streamable_http_path=PATH, json_response=True, stateless_http=True, host=HOST
    )
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen()  # before the address is told: who reads it may come at once
        except OSError as error:
            raise UsageError(f"Port {port} of {HOST} can't be had: {error.strerror}. Choose another.") from error
        address = f"http://{HOST}:{listening.getsockname()[1]}{PATH}"
        sys.stderr.write(f"Serving the Model Context Protocol at {address} (end with Ctrl-C)\n")
        sys.stderr.flush()
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=_GRACE)
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            library.close()
