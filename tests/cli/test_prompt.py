"""`briefqa ask` without a question, in a real terminal."""

from __future__ import annotations

import re
import stat
import sys
from pathlib import Path

import pytest

from tests.cli.runner import Runner
from tests.cli.terminal import Terminal, briefqa

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals"),
    pytest.mark.usefixtures("indexed"),
]
PROMPT = "briefqa> "
ASK = ("ask", "--retriever", "lexical", "--min-confidence", "0", "--quotes", "2")
MISSING = "There is no question. Type one in quotes, or - to read it from stdin. See: briefqa ask --help"
# As the command, but that the question "slow" takes a minute.
SLOW = """
import sys, time
from briefqa.api import Index
from briefqa.cli import run

asking = Index.ask

def slow(index, question, **how):
    if question == "slow":
        print("thinking", flush=True)
        time.sleep(60)
    return asking(index, question, **how)

Index.ask = slow
sys.argv = ["briefqa", *sys.argv[1:]]
run()
"""


def plain(text: str) -> str:
    """Without colours, links, and what a line editor writes."""
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]|\x1b\]8;[^\x1b]*\x1b\\", "", text)


@pytest.fixture
def tools(tmp_path: Path) -> dict[str, str]:
    """An editor and a browser that write down what they were called with, and a folder for the history."""
    for name in ("vim", "browser"):
        script = tmp_path / "bin" / name
        script.parent.mkdir(exist_ok=True)
        script.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/{name}.called\n', encoding="utf-8")
        script.chmod(0o755)
    return {
        "VISUAL": f"{tmp_path}/bin/vim -R",
        "EDITOR": "/no/such/editor",
        "BROWSER": f"{tmp_path}/bin/browser %s",
        "XDG_STATE_HOME": f"{tmp_path}/state",
    }


def test_a_session(tmp_path: Path, tools: dict[str, str]) -> None:
    with Terminal(briefqa(*ASK), tools, rows=100) as terminal:
        terminal.until(PROMPT)
        terminal.type("When did Georgia leave the commonwealth?\n")
        answer = plain(terminal.until(PROMPT))
        assert "  Georgia left the commonwealth in 2009. [1]\n" in answer
        assert "      corpus/nested/cis.md:3\n" in answer
        terminal.type("o 1\n")
        terminal.until(PROMPT)
        assert (tmp_path / "vim.called").read_text() == f"-R +3 {tmp_path}/corpus/nested/cis.md\n"
        terminal.type("w\n")
        assert "error: This article names no web address. Its file: o.\n" in plain(terminal.until(PROMPT))
        terminal.type("o 7\n")
        assert "error: There is no 7. There are: 1" in plain(terminal.until(PROMPT))
        terminal.type("Who held the post until 2016?\n")
        terminal.until(PROMPT)
        terminal.type("w 1\n")
        terminal.until(PROMPT)
        called = (tmp_path / "browser.called").read_text()
        assert called == "https://example.org/csto#:~:text=Nikolai%20Bordyuzha%20held%20the%20post%20until%202016.\n"
        terminal.type("s 1\n")
        shown = plain(terminal.until(PROMPT))
        assert "> 16  The secretary general serves for three years. Nikolai Bordyuzha held" in shown
        terminal.type("n\n")
        assert re.search(r"^  1  \d\.\d{3}  The CSTO at a glance", plain(terminal.until(PROMPT)), re.MULTILINE)
        terminal.type("n\n")
        assert plain(terminal.until(PROMPT)) == f"n\nThere are no more hits.\n{PROMPT}"
        terminal.type("?\n")
        assert "  o 2   open the source of quote 2 at its line" in plain(terminal.until(PROMPT))
        terminal.type("\n")
        terminal.until(PROMPT)
        terminal.type("Q\n")
        assert terminal.end() == (0, "Q\n")
    history = tmp_path / "state" / "briefqa" / "history"
    assert history.read_text(encoding="utf-8") == (
        "When did Georgia leave the commonwealth?\nWho held the post until 2016?\n"
    )
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


def test_history_comes_back_and_keys_leave(tmp_path: Path, tools: dict[str, str]) -> None:
    history = tmp_path / "state" / "briefqa" / "history"
    history.parent.mkdir(parents=True)
    history.write_text("Who flew the zeppelin?\nWhat was signed in 1999?\n", encoding="utf-8")
    with Terminal(briefqa(*ASK), tools, rows=100) as terminal:
        terminal.until(PROMPT)
        terminal.type("half a line")
        terminal.until("half a line")
        terminal.interrupt()
        terminal.until(PROMPT)
        terminal.type("\x1b[A\x1b[A\x1b[B\n")
        assert "Its treaty was signed in 1999. [1]" in plain(terminal.until(PROMPT))
        terminal.type("zebras\n")
        assert "Nothing in these articles answers this." in plain(terminal.until(PROMPT))
        terminal.type("s\n")
        assert "error: Nothing has been quoted yet." in plain(terminal.until(PROMPT))
        terminal.type("n\n")
        assert "There are no hits." in plain(terminal.until(PROMPT))
        terminal.type(f"{'x' * 2001}\n")
        assert "error: The question is 2,001 characters long" in plain(terminal.until(PROMPT))
        terminal.type("\x04")
        assert terminal.end()[0] == 0
    # What was asked last already stands there once.
    assert history.read_text(encoding="utf-8").splitlines()[1:3] == ["What was signed in 1999?", "zebras"]


def test_a_question_can_be_cancelled(tmp_path: Path, tools: dict[str, str]) -> None:
    quiet = {**tools, "BRIEFQA_HISTORY": "none"}
    with Terminal((sys.executable, "-c", SLOW, *ASK), quiet, rows=100) as terminal:
        terminal.until(PROMPT)
        terminal.type("n\n")
        assert "error: There are no hits yet. Type a question first." in plain(terminal.until(PROMPT))
        terminal.type("slow\n")
        terminal.until("thinking")
        terminal.interrupt()
        assert "Cancelled.\n" in plain(terminal.until(PROMPT))
        terminal.type("When did Georgia leave the commonwealth?\n")
        assert "Georgia left the commonwealth in 2009. [1]" in plain(terminal.until(PROMPT))
        terminal.type("\x04")
        assert terminal.end()[0] == 0
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("form", ["--json", "--porcelain"])
def test_what_programs_read_is_no_prompt(form: str) -> None:
    with Terminal(briefqa("ask", form)) as terminal:
        code, shown = terminal.end()
    assert code == 2
    assert MISSING in shown
    assert PROMPT not in shown


def test_without_a_terminal_the_question_is_missing(indexed: Runner) -> None:
    outcome = indexed("ask", stdin=b"When did Georgia leave the commonwealth?\n")
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {MISSING}\n")


def test_an_index_that_is_missing_is_told_before_anything_is_typed() -> None:
    with Terminal(briefqa("ask", "--index", "no/where")) as terminal:
        code, shown = terminal.end()
    assert (code, PROMPT in shown) == (3, False)
    assert "There is no index in no/where." in shown
