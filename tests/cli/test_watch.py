"""`briefqa index --watch`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from briefqa.config import Settings
from briefqa.errors import BriefqaError, CorpusError
from briefqa.index import watching
from briefqa.index.update import update
from briefqa.reports import IndexReport
from tests.cli.runner import Runner


@pytest.fixture
def _watched(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of watching: a change, a failure, and Ctrl-C."""

    def watch(settings: Settings, tell: Callable[[IndexReport | BriefqaError], None]) -> None:
        (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
        (articles / "empty.md").write_bytes(b"")
        tell(update(settings))
        tell(CorpusError("There is no folder \x1b[1m."))
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "watch", watch)


@pytest.mark.usefixtures("_watched")
def test_each_update_is_a_line(run: Runner) -> None:
    outcome = run("index", "--watch")
    assert outcome.code == 130
    first, second, line, end = outcome.out.split("\n")
    assert first.startswith("Indexed 5 documents, 6 passages into index in ")
    assert second.startswith("Articles: 5 new.")
    assert re.fullmatch(r"\d\d:\d\d:\d\d  2 new: 6 documents, 7 passages \(\d+\.\d s\)", line)
    assert (end, outcome.err) == (
        "",
        "Watching for changes; Ctrl-C ends it.\nnot indexed: empty.md: it is empty\n"
        "error: There is no folder \N{REPLACEMENT CHARACTER}[1m.\nInterrupted.\n",
    )
    assert run("verify").code == 0


@pytest.mark.usefixtures("_watched")
def test_each_update_is_a_json_object(run: Runner) -> None:
    outcome = run("index", "--watch", "--json")
    assert outcome.code == 130
    reports = [json.loads(line) for line in outcome.out.splitlines()]
    assert [(entry["schema"], entry["added"], entry["complete"]) for entry in reports] == [
        ("briefqa.index/1", 5, True),
        ("briefqa.index/1", 2, False),
    ]
    error, interrupted = outcome.err.splitlines()
    assert json.loads(error)["error"] == "CorpusError"
    assert json.loads(interrupted)["error"] == "Interrupted"
