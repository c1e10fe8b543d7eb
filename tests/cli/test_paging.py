"""Long output in a pager, at a terminal; the same text as ever elsewhere."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from briefqa.cli.paging import exceeds, show_paged
from tests.cli.terminal import Terminal, briefqa

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
SEARCH = ("search", "commonwealth Russia border", "-r", "lexical", "-k", "5")


@pytest.fixture
def pager(tmp_path: Path) -> str:
    """A pager that says how less is told to behave, and passes on what it is given."""
    script = tmp_path / "pager"
    script.write_text('#!/bin/sh\necho "paged $1, LESS $LESS"\ncat\n', encoding="utf-8")
    script.chmod(0o755)
    return str(script)


def shown(*options: str, rows: int = 8, **environment: str) -> str:
    with Terminal(briefqa(*SEARCH, *options), environment, rows=rows) as terminal:
        code, text = terminal.end()
    assert code == 0
    assert "The Commonwealth of Independent States" in text
    return text


@pytest.mark.parametrize(
    ("text", "width", "rows", "expected"),
    [
        ("a\nb", 80, 2, False),
        ("a\nb\nc", 80, 2, True),
        ("\n", 80, 1, True),
        ("x" * 80, 80, 1, False),
        ("x" * 81, 80, 1, True),
        ("\x1b[1;33m" + "x" * 80 + "\x1b[22;39m", 80, 1, False),
        ("\x1b]8;;file:///a/long/address\x1b\\" + "x" * 80 + "\x1b]8;;\x1b\\", 80, 1, False),
        ("字" * 41, 80, 1, True),
    ],
)
def test_what_is_longer_than_the_screen(text: str, width: int, rows: int, expected: bool) -> None:
    assert exceeds(text, width, rows) is expected


@pytest.mark.usefixtures("indexed")
def test_long_output_goes_to_the_pager_where_a_person_looks(pager: str) -> None:
    assert shown(PAGER=f"{pager} 'with one option'").startswith("paged with one option, LESS FRX\n")
    assert "paged" not in shown("--no-pager", PAGER=pager)
    assert "paged" not in shown("--porcelain", PAGER=pager)
    with Terminal(briefqa(*SEARCH), {"PAGER": "true"}, rows=8) as terminal:  # it leaves before it has read a thing
        assert terminal.end() == (0, "")


@pytest.mark.parametrize(
    ("variables", "lines", "paged"),
    [
        ({}, 8, True),
        ({}, 7, False),
        ({"PAGER": "/no/such/pager"}, 8, False),
        ({"PAGER": "less '"}, 8, False),
        ({"PAGER": "cat"}, 8, False),
        ({"BRIEFQA_PAGER": ""}, 8, False),
        ({"PAGER": "/no/such/pager", "BRIEFQA_PAGER": "cp /dev/stdin paged"}, 8, True),
        ({"TERM": "dumb"}, 8, False),
    ],
)
def test_when_it_is_paged_and_by_what(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], lines: int, paged: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    size = {"LINES": "8", "COLUMNS": "80", "TERM": "xterm", "PAGER": "cp /dev/stdin paged"}
    for name, value in {**size, **variables}.items():
        monkeypatch.setenv(name, value)
    text = "\n".join(f"Łódź {number}" for number in range(lines))
    assert show_paged(text) is paged
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == [f"{text}\n"] * paged


@pytest.mark.usefixtures("indexed")
@pytest.mark.skipif(not shutil.which("less"), reason="there is no less here")
def test_less_waits_and_leaves_with_q() -> None:
    with Terminal(briefqa(*SEARCH), rows=8) as terminal:
        terminal.until("\n:")
        terminal.interrupt()  # stops no pager, but is answered with a bell
        terminal.until("\a")
        terminal.type("q")
        assert terminal.end()[0] == 0
