"""The settings and the code in docs/agents.md. That the command line in them works, `test_pipe` shows: it uses it."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from mcp import StdioServerParameters

from briefqa.agents.tools import FILTER, TOOLS
from tests.agents.conftest import blocks
from tests.conftest import Build
from tests.examples import DOCS


def started() -> list[dict[str, Any]]:
    """The settings that start a server."""
    tables = [json.loads(block) for block in blocks("json")]
    tables += [tomllib.loads(block) for block in blocks("toml")]
    return [entry["briefqa"] for table in tables for entry in table.values()]


def test_all_settings_start_the_same_server() -> None:
    commands = [(entry["command"], entry["args"]) for entry in started() if "command" in entry]
    assert commands == [("briefqa", ["mcp", "--index", "/path/to/index"])] * 3
    [address] = [entry["url"] for entry in started() if "url" in entry]
    assert address == "http://127.0.0.1:8765/mcp"


def test_every_tool_and_filter_is_told() -> None:
    text = (DOCS / "agents.md").read_text(encoding="utf-8")
    for tool in TOOLS.values():
        [row] = [line for line in text.splitlines() if line.startswith(f"| `{tool.name}` |")]
        assert f"`briefqa.{tool.schema}/1`" in row
        assert all(f"`{name}`" in row for name in tool.inputs if name not in FILTER)
    assert all(f"`{name}`" in text for name in FILTER)


def test_the_code_runs(
    server: StdioServerParameters, build: Build, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    [code] = blocks("python")
    assert server.args[-6:-4] == ["--index", "index"]
    monkeypatch.setattr("mcp.StdioServerParameters", lambda **_: server)
    exec(compile(code, "docs/agents.md", "exec"), {"__name__": "documented"})
    assert "\nGeorgia left the commonwealth in 2009.\n" in capsys.readouterr().out
