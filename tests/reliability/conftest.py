"""The command line over the small corpus, as for the tests of its commands."""

from __future__ import annotations

import pytest

from tests.cli.runner import Runner
from tests.fakes import FakeEncoders


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], installed_fake: FakeEncoders) -> Runner:
    """`run("ask", "Who?", stdin=b"")`."""
    assert installed_fake.names
    return Runner(monkeypatch, capsys)
