"""The server as agents start it: a process, asked by the SDK's client."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from mcp import StdioServerParameters


@pytest.fixture
def server(articles: Path) -> StdioServerParameters:
    """`briefqa mcp` beside the small corpus. It finds by words alone: so it needs no encoder."""
    arguments = ["-m", "briefqa", "mcp", "--retriever", "lexical", "--min-confidence", "0.5"]
    return StdioServerParameters(
        command=sys.executable,
        args=arguments,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        cwd=articles.parent,
    )
