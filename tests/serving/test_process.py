"""A real process `briefqa serve`, over loopback: its start, its answers, and its end."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from uvicorn.server import ServerState

from briefqa.errors import UsageError
from briefqa.serving import patience
from briefqa.serving.listening import _Server, listen
from tests.serving.served import Served, serving
from tests.test_schemas import problems

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.runner import Runner
    from tests.conftest import Build

QUESTION = {"q": "When did Georgia leave the commonwealth?"}


def test_it_answers_until_it_is_told_to_stop(served: Served) -> None:
    answer = httpx.get(f"{served.url}api/v1/answer", params=QUESTION).json()
    assert problems("answer", answer) == []
    assert answer["hits"][0]["document"]["path"] == "corpus/nested/cis.md"
    page = httpx.get(served.url)
    assert "server" not in page.headers
    assert page.text.startswith("<!doctype html>")
    # Too long for it to be read at all, and no HTTP.
    where = urlsplit(served.url)
    for sent, begun in [
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"HTTP/1.1 400"),
        (b"\0\r\n\r\n", b"HTTP/1.1 400"),
    ]:
        with socket.create_connection((where.hostname, where.port), timeout=10) as raw:
            raw.sendall(sent)
            assert raw.recv(12) == begun
    assert served.stop() == (0, "")


def test_a_token_for_others_and_a_log_without_questions(build: Build, articles: Path) -> None:
    build()
    with serving(articles.parent, "--host", "0.0.0.0", "--log") as served:
        home, _, token = served.url.partition("#token=")
        assert urlsplit(home).hostname == socket.gethostname().lower()
        asked = f"http://127.0.0.1:{urlsplit(home).port}/api/v1/answer"
        assert len(token) == 43
        assert httpx.get(asked, params=QUESTION).status_code == 401
        assert httpx.get(asked, params=QUESTION, headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert httpx.get(asked, params=QUESTION, cookies={"briefqa-token": token}).status_code == 200
        code, told = served.stop(signal.SIGINT)
    lines = [line.rpartition(" ")[0].rpartition(" ")[0] for line in told.splitlines()]
    assert (code, lines) == (0, [f"127.0.0.1 GET /api/v1/answer {status}" for status in (401, 200, 200)])


def test_a_port_that_is_taken_and_an_address_that_is_none(run: Runner, articles: Path) -> None:
    assert articles.is_dir()
    assert run("index").code == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run("serve", "--port", str(port))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        f"error: Port {port} on 127.0.0.1 is taken: another program listens there, perhaps another briefqa serve."
        " Choose another with --port N, or any free one with --port 0.\n"
    )
    with pytest.raises(
        UsageError, match=r"^192\.0\.2\.1 is no address of this machine\. Give one that is with --host\.$"
    ):
        listen("192.0.2.1", 0)
    with pytest.raises(UsageError, match=r"^There is no address 'nowhere\.invalid' to listen on\."):
        listen("nowhere.invalid", 0)
    with listen("::1", 0) as opened:
        assert opened.getsockname()[0] == "::1"


def test_what_is_wrong_is_told_before_anything_listens(
    run: Runner, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert articles.is_dir()
    assert run("serve").code == 3
    assert run("index").code == 0
    monkeypatch.setenv("BRIEFQA_TOKEN", "short")
    assert run("serve", "--port", "0").err == "error: The token has 5 characters; give one of at least 16.\n"
    assert run("serve", "--port", "0", "--token", "").err.startswith("error: The token has 0 characters;")
    # The variable is no setting, and no other command minds it.
    assert run("status").code == 0


def test_without_the_extra_it_says_how_to_get_it(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("briefqa.serving")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    outcome = run("serve")
    assert (outcome.code, outcome.out) == (2, "")
    assert (
        outcome.err
        == 'error: This needs uvicorn, which is not installed. Install it with: pip install "briefqa[web]"\n'
    )


def test_a_second_signal_ends_it_at_once() -> None:
    server = _Server(uvicorn.Config("nothing"))
    assert (server.should_exit, server.force_exit) == (False, False)
    server.handle_exit(signal.SIGTERM, None)
    assert (server.should_exit, server.force_exit) == (True, False)
    server.handle_exit(signal.SIGINT, None)
    assert (server.should_exit, server.force_exit) == (True, True)


async def test_who_does_not_get_on_with_a_request_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.05)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.2)  # what takes long to answer is not what is meant
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(app, http=patience.PatientProtocol, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: patience.PatientProtocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    whole = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    for sent, statuses in [(b"", 0), (b"GET / HT", 0), (whole, 1)]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        if statuses:
            assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).startswith(b"HTTP/1.1 204 ")
            writer.write(b"GET")  # another, of which no more comes
        assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()
    server.close()
