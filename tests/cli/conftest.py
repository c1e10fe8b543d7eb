"""The command line over the small corpus, with the fake encoder in the real one's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import Runner

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes import FakeEncoders


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], installed_fake: FakeEncoders) -> Runner:
    """`run("ask", "Who?", stdin=b"")`."""
    assert installed_fake.encoded == 0
    return Runner(monkeypatch, capsys)


@pytest.fixture
def indexed(run: Runner, articles: Path) -> Runner:
    """`run`, in a folder with the small corpus and its index."""
    assert articles.is_dir()
    assert run("index").code == 0
    return run
