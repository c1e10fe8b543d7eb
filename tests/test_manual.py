"""The manual of the command line is made from its help, and says what the help says."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from tools.manual import MAN, MARKER, PAGE, commands, man, page

from briefqa.cli.lazy import COMMANDS

STALE = "The help has changed. Make the manual anew with: python -m tools.manual"


def test_the_page_is_current() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert page(written) == written, STALE
    with pytest.raises(ValueError, match=r"has no line '<!-- Made by"):
        page("# Without a marker\n")


def test_the_man_page_is_current() -> None:
    assert MAN.read_text(encoding="utf-8") == man(), STALE


def test_every_command_is_in_both_with_its_options() -> None:
    found = {command.name: command for command in commands()}
    assert {name.split()[1] for name in found} == COMMANDS.keys()
    assert {"briefqa eval run", "briefqa eval import csv"} <= found.keys()
    made = PAGE.read_text(encoding="utf-8").partition(MARKER)[2]
    headings = re.findall(r"^##+ (.*)", made, re.MULTILINE)
    assert headings == list(found)
    ask = found["briefqa ask"]
    assert ask.usage == "briefqa ask [OPTIONS] [QUESTION]"
    assert ask.examples[0] == 'briefqa ask "Which CIS members are not members of the CSTO?"'
    told = {entry.written: entry.text for entry in ask.parameters}
    assert told["-n, --quotes N"] == "At most so many quotes. At least 1 and at most 20. Default: 5."
    assert told["--rerank, --no-rerank"] == "Have the index's reranker reorder the best passages. Default: no."
    assert "| `-n, --quotes N` | At most so many quotes. At least 1 and at most 20. Default: 5. |\n" in made


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff here")
def test_the_man_page_can_be_set() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-ww", str(MAN)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    plain = re.sub(r".\x08|\x1b\[[\d;]*m", "", done.stdout)
    assert re.search(r"^   briefqa eval import csv$", plain, re.MULTILINE)
    assert "-n, --quotes N" in plain
    assert re.search(r"^EXIT STATUS\n +0 +Answered, found or done\.$", plain, re.MULTILINE)
