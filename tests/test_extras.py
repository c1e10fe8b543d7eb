"""What is said where an extra is not installed."""

from __future__ import annotations

import importlib
import sys

import pytest

from briefqa.errors import UsageError
from briefqa.extras import extra
from tests.cli.runner import Runner


@pytest.mark.parametrize(
    ("module", "library", "name"),
    [
        ("briefqa.integrations.langchain", "langchain_core", "langchain"),
        ("briefqa.integrations.llamaindex", "llama_index", "llamaindex"),
        ("briefqa.agents.server", "mcp_types", "mcp"),
    ],
)
def test_a_missing_library_names_its_extra(
    monkeypatch: pytest.MonkeyPatch, module: str, library: str, name: str
) -> None:
    for loaded in [found for found in sys.modules if found.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(UsageError, match=rf'is not installed. Install it with: pip install "briefqa\[{name}\]"$'):
        importlib.import_module(module)


def test_the_command_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for loaded in ("mcp", "mcp_types", "briefqa.agents.running", "briefqa.agents.server"):
        monkeypatch.setitem(sys.modules, loaded, None)
    monkeypatch.delitem(sys.modules, "briefqa.agents.running")
    monkeypatch.delitem(sys.modules, "briefqa.agents.server")
    outcome = Runner(monkeypatch, capsys)("mcp")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.endswith('is not installed. Install it with: pip install "briefqa[mcp]"\n')


def test_a_fault_of_our_own_is_not_taken_for_that() -> None:
    with pytest.raises(ModuleNotFoundError), extra("mcp"):
        importlib.import_module("briefqa.no_such_module")
