"""What the shell offers, by way of the script that `--show-completion` prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefqa.cli import completion
from tests.cli.terminal import ROOT

BASH = shutil.which("bash")
TRIED = """
eval "$(briefqa --show-completion)"
complete -p briefqa
offered() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _briefqa_completion briefqa
    echo "${COMPREPLY[*]}"
}
"""
OFFERED = {
    ("se",): "search serve",
    ("ask", "--re"): "--retriever --rerank --recency --refresh",
    ("ask", "--retriever", ""): "dense lexical hybrid",
    ("search", "'border talks'", "--sort", "d"): "date",
    ("ask", "--collection", ""): "news wire",
    ("ask", "--language", "e"): "en",
    ("ask", "--index", ""): "",  # bash goes on with files
    ("index", "--dense-index", "in"): "int8",
    ("eval", "co"): "compare",
    ("eval", "--js"): "--json",
    ("eval", "run", "--retriever", "h"): "hybrid",
}


@pytest.mark.skipif(not BASH, reason="there is no bash here")
@pytest.mark.usefixtures("indexed")
def test_bash(tmp_path: Path) -> None:
    Path("briefqa.toml").write_text(
        '[collections.news]\npaths = ["corpus"]\n[collections.wire]\npaths = ["wire"]\n', encoding="utf-8"
    )
    command = tmp_path / "bin" / "briefqa"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m briefqa "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    paths = {"PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "src"), "SHELL": str(BASH)}
    lines = [f"offered briefqa {' '.join(repr(word) for word in words)}" for words in OFFERED]
    script = tmp_path / "tried.sh"
    script.write_text(TRIED + "\n".join(lines).replace("\"'", "\"'"), encoding="utf-8")
    done = subprocess.run(
        [str(BASH), str(script)], env={**os.environ, **paths}, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stderr == ""
    first, *offered = done.stdout.split("\n")[:-1]
    assert first == "complete -o default -F _briefqa_completion briefqa"
    assert dict(zip(OFFERED, offered, strict=True)) == OFFERED


@pytest.mark.parametrize(
    ("shell", "line", "expected"),
    [
        ("zsh", "briefqa ask --retriever h", "_arguments '*: :((\"hybrid\"))'\n"),
        ("zsh", "briefqa ask --language ", '_arguments \'*: :(("en":"English"))\'\n'),
        ("zsh", "briefqa ask --index ", "_files\n"),
        ("fish", "briefqa ask --sort ", "score\ndate\n"),
    ],
)
@pytest.mark.usefixtures("indexed")
def test_other_shells(shell: str, line: str, expected: str) -> None:
    asked = {"_BRIEFQA_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line}
    done = subprocess.run(
        [sys.executable, "-m", "briefqa"],
        env={**os.environ, **asked, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == (expected, "")


@pytest.mark.usefixtures("articles")
def test_what_is_wrong_offers_nothing() -> None:
    Path("briefqa.toml").write_text("nonsense", encoding="utf-8")
    assert completion.collections("") == []
