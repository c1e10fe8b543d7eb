"""The command line with the fake encoder, in an empty folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import Runner

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes import FakeEncoders


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], installed_fake: FakeEncoders, tmp_path: Path
) -> Runner:
    """`run("ask", "Who?")`, in a folder with an empty folder "corpus"."""
    assert installed_fake.encoded == 0
    (tmp_path / "corpus").mkdir()
    monkeypatch.chdir(tmp_path)
    return Runner(monkeypatch, capsys)
