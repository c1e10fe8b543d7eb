"""The README and docs/: what they link to is there, what they have people type is taken, and no page is left out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import typer

from briefqa.cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCED = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)")
# Neither how a command is used, nor how long it took.
_TYPED = re.compile(r"^ *(?:\$ |- run: |.*\| )?(briefqa (?!.*\[OPTIONS\]|.*COMMAND|.* s {3}\()[^\n]*)$", re.MULTILINE)
_ENDS_A_CALL = {"|", ">", ";", "&", "&&"}


def anchors(page: Path) -> set[str]:
    """Those of its headings, as GitHub makes them."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def calls(text: str) -> Iterator[list[str]]:
    """The arguments of the calls of briefqa that stand on lines of their own in code, fenced or indented."""
    indented = "\n".join(re.findall(r"^ {4}\S.*$", _FENCED.sub("", text), re.MULTILINE))
    for block in (*_FENCED.findall(text), indented):
        for line in _TYPED.findall(block):
            words = shlex.split(line, comments=True)
            yield words[1 : next((place for place, word in enumerate(words) if word in _ENDS_A_CALL), None)]


def parse(arguments: list[str]) -> str:
    """Have the arguments parsed, and nothing run; the command's name. Raises what a wrong call raises."""
    command, names = typer.main.get_command(app), ["briefqa"]
    context = command.make_context("briefqa", arguments)
    while hasattr(command, "resolve_command"):
        name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, rest, parent=context)
        names.append(str(name))
    return " ".join(names[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    for target, anchor in _LINK.findall(text):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(there), f"{target} has no heading #{anchor}"


def test_the_readme_names_every_page() -> None:
    linked = {target for target, _ in _LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= linked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_to_be_typed_is_taken(page: Path) -> None:
    for arguments in calls(page.read_text(encoding="utf-8")):
        with suppress(typer.Exit):  # of --help
            parse(arguments)


def test_what_is_not_taken_is_told() -> None:
    lines = ["echo Who | briefqa ask - -n 2 > x  # so", 'briefqa eval sweep --grid "top_k=5"', "$ briefqa serch x"]
    text = "\n".join(["```", *lines, "```", "briefqa x", "    briefqa y z"])
    first, second, third, last = calls(text)
    assert (first, second, third) == (["ask", "-", "-n", "2"], ["eval", "sweep", "--grid", "top_k=5"], ["serch", "x"])
    assert last == ["y", "z"]
    assert (parse(first), parse(second)) == ("ask", "eval sweep")
    with pytest.raises(Exception, match="No such command 'serch'"):
        parse(third)
    with pytest.raises(Exception, match="No such option: --nope"):
        parse(["ask", "Who?", "--nope"])
