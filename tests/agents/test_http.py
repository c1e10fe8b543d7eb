"""`briefqa mcp --http`: streamable HTTP, on this machine alone."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from typing import TYPE_CHECKING

import httpx
import uvicorn
from mcp import Client

from briefqa.agents.running import serve_http
from briefqa.config import Settings
from tests.cli.runner import Runner

if TYPE_CHECKING:
    import pytest
    from mcp import StdioServerParameters

    from tests.conftest import Build

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


async def test_over_http(server: StdioServerParameters, build: Build) -> None:
    build()
    process = await asyncio.create_subprocess_exec(
        server.command,
        *server.args,
        "--http",
        "0",
        env={**os.environ, **(server.env or {})},
        cwd=server.cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    line = (await process.stderr.readline()).decode()
    assert line.startswith("Serving the Model Context Protocol at http://127.0.0.1:")
    address = line.split()[6]
    try:
        async with Client(address) as client:
            result = await client.call_tool("search", {"query": "exercise soldiers"})
            assert not result.is_error
            assert result.structured_content["schema"] == "briefqa.hits/1"
        async with httpx.AsyncClient(headers=HEADERS) as plain:
            assert (await plain.post(address, json=INITIALIZE)).status_code == 200
            foreign = await plain.post(address, json=INITIALIZE, headers={"Host": "evil.example"})
            assert (foreign.status_code, foreign.text) == (421, "Invalid Host header")
            foreign = await plain.post(address, json=INITIALIZE, headers={"Origin": "https://evil.example"})
            assert (foreign.status_code, foreign.text) == (403, "Invalid Origin header")
            assert (await plain.post(address, content=b"x" * 5_000_000)).status_code == 413
    finally:
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), 20)
    assert out == b""
    assert b"Traceback" not in err
    assert process.returncode in (0, 130)


def test_who_reads_the_address_can_come_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def not_yet(_: uvicorn.Server, sockets: list[socket.socket]) -> None:
        address = capsys.readouterr().err.split()[6]
        assert address == f"http://127.0.0.1:{sockets[0].getsockname()[1]}/mcp"
        with socket.create_connection(sockets[0].getsockname(), timeout=10):
            pass

    monkeypatch.setattr(uvicorn.Server, "run", not_yet)
    serve_http(Settings(), 0)


def test_a_port_that_is_taken(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = Runner(monkeypatch, capsys)("mcp", "--http", str(port))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"error: Port {port} of 127.0.0.1 can't be had: Address already in use. Choose another.\n"
