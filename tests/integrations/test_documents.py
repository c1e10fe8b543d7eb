"""The code in docs/integrations.md."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Build
from tests.documented import blocks
from tests.fakes import FakeEncoders


def test_the_code_runs(build: Build, installed_fake: FakeEncoders, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    assert installed_fake.encoded > 0
    printed: list[str] = []
    names: dict[str, Any] = {"__name__": "documented"}
    for code in blocks("integrations.md", "python"):
        exec(compile(code, "docs/integrations.md", "exec"), names)
        printed.append(capsys.readouterr().out)
    passages, chained, nodes, checked = printed
    assert len(passages.splitlines()) == len(nodes.splitlines()) == 3
    assert "corpus/nested/cis.md" in passages
    assert "corpus/nested/cis.md" in nodes
    assert [document.metadata["path"] for document in names["recent"]] == ["corpus/peace.md"]
    assert chained == "Georgia left in 2009 [1].\n"
    assert [checked] == blocks("integrations.md", "text")
    assert names["text"].startswith(names["messages"](names["found"])[0]["content"])
