"""The server as agents start it: a process, asked by the SDK's client."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest
from mcp import StdioServerParameters

from tests.examples import DOCS


def blocks(language: str) -> list[str]:
    """The fenced blocks of docs/agents.md in this language, in order."""
    text = (DOCS / "agents.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def server(articles: Path) -> StdioServerParameters:
    """The server of docs/agents.md, beside the small corpus. It finds by words alone: so it needs no encoder."""
    [settings] = json.loads(blocks("json")[0])["mcpServers"].values()
    assert settings["command"] == "briefqa"
    arguments = ["index" if argument == "/path/to/index" else argument for argument in settings["args"]]
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "briefqa", *arguments, "--retriever", "lexical", "--min-confidence", "0.5"],
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        cwd=articles.parent,
    )
