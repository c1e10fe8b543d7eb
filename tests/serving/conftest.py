"""The server over the small corpus: in this process with the fake encoder, and as a process by words alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="the extra web is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")
from starlette.testclient import TestClient

from briefqa.config import Settings
from briefqa.serving.access import Access
from briefqa.serving.app import make_app
from briefqa.serving.library import Library
from tests.cli.runner import Runner
from tests.fakes import FakeEncoders
from tests.serving.served import Served, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Build

    Connect = Callable[..., TestClient]

BASE = "http://127.0.0.1:8617"


@pytest.fixture
def library(build: Build, installed_fake: FakeEncoders) -> Iterator[Library]:
    """The small corpus, indexed; whatever has a quote is answered."""
    assert build().documents
    assert installed_fake.encoded
    with closing(Library(Settings(min_confidence=0.0))) as opened:
        yield opened


@pytest.fixture
def connect(library: Library) -> Iterator[Connect]:
    """`connect(access, limits=…)`: a client of the server."""
    opened: list[TestClient] = []

    def made(access: Access | None = None, **more: Any) -> TestClient:
        app = make_app(library, access or Access("127.0.0.1", token=None), **more)
        client = TestClient(app, base_url=BASE, raise_server_exceptions=False, client=("127.0.0.1", 50000))
        opened.append(client)
        return client.__enter__()

    yield made
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def client(connect: Connect) -> TestClient:
    """A client of a server on loopback."""
    return connect()


@pytest.fixture
def served(build: Build, articles: Path) -> Iterator[Served]:
    """A process `briefqa serve` that finds by words alone, in the folder of the small corpus."""
    build()
    with serving(articles.parent) as process:
        yield process


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], installed_fake: FakeEncoders) -> Runner:
    """The command line, with the fake encoder in the real one's place."""
    assert installed_fake.encoded == 0
    return Runner(monkeypatch, capsys)
