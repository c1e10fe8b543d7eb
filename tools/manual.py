"""Makes the manual of the command line from its help:

    python -m tools.manual

It writes docs/briefqa.1, the man page, and the part of docs/cli.md that stands below its marker; what stands above is
written by hand. Tests hold both to the help.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import briefqa
from briefqa.cli.lazy import COMMANDS, load
from briefqa.cli.main import app

DOCS = Path(__file__).parents[1] / "docs"
PAGE, MAN = DOCS / "cli.md", DOCS / "briefqa.1"
MARKER = "<!-- Made by `python -m tools.manual` from here on. -->\n"
EXITS = {
    0: "Answered, found or done.",
    1: "Nothing in the index answers this.",
    2: "The call or an article is wrong; an article that can't be read is named, and the rest indexed.",
    3: "The index is missing, damaged, of another format or encoder, lacks a reranker, or is stale under --strict.",
    4: "briefqa eval gate: a condition is not met.",
    130: "Interrupted with Ctrl-C.",
}
VARIABLES = {
    "BRIEFQA_*": "Settings, as briefqa.toml has them: BRIEFQA_INDEX, BRIEFQA_RETRIEVER and so on.",
    "BRIEFQA_PAGER, PAGER": "What shows output that is longer than the screen, in place of less; cat or nothing: none.",
    "LESS": "Options for less, in place of FRX.",
    "BRIEFQA_HISTORY": "The file for the history of the prompt; none: it is not kept.",
    "XDG_STATE_HOME": "Where the history is kept otherwise, in briefqa/history; ~/.local/state if it is not set.",
    "VISUAL, EDITOR": "What the prompt opens a source with.",
    "BROWSER": "What the prompt opens a web page with.",
    "NO_COLOR": "If it is set: no colours and no links.",
}


@dataclass(frozen=True)
class Parameter:
    """An argument or option: how it is written, what it says, and the panel of the help that it stands in."""

    written: str
    text: str
    panel: str


@dataclass(frozen=True)
class Command:
    """A command: its name with those of the groups above, and the parts of its help."""

    name: str
    usage: str
    paragraphs: list[str]
    examples: list[str]
    parameters: list[Parameter]


def commands() -> Iterator[Command]:
    """All commands, in the order of the help; a group comes before its own."""
    for name in COMMANDS:
        yield from _described(f"briefqa {name}", load(name))


def page(written: str) -> str:
    """docs/cli.md, with what stands above the marker in `written`."""
    by_hand, marker, _ = written.partition(MARKER)
    if not marker:
        raise ValueError(f"{PAGE} has no line {MARKER!r}")
    return "".join([by_hand, MARKER, *(_as_markdown(command) for command in commands())])


def man() -> str:
    """docs/briefqa.1, in roff."""
    lines = [f'.TH BRIEFQA 1 "" "briefqa {briefqa.__version__}" "User Commands"', ".SH NAME"]
    lines += [f"briefqa \\- {_roff(_first_down(str(app.info.help).rstrip('.')))}", ".SH SYNOPSIS"]
    lines += [".B briefqa", ".I COMMAND", ".RI [ OPTIONS ]", ".SH DESCRIPTION", *_man_text(str(app.info.help))]
    lines += [".SH OPTIONS", *_man_list({"--version": "Print the version.", "-h, --help": "Help, with examples."})]
    lines += [".SH COMMANDS"]
    for command in commands():
        lines += [f".SS {_roff(command.name)}", f".B {_roff(command.usage)}", ".PP"]
        for paragraph in command.paragraphs:
            lines += [*_man_text(paragraph), ".PP"]
        for parameter in command.parameters:
            lines += [".TP", f".B {_roff(parameter.written)}", *_man_text(parameter.text)]
        if command.examples:
            lines += [".PP", "For example:", ".PP", ".RS 4", ".nf", *map(_man_line, command.examples), ".fi", ".RE"]
    lines += [".SH EXIT STATUS", *_man_list({str(code): text for code, text in EXITS.items()})]
    lines += [".SH ENVIRONMENT", *_man_list(VARIABLES)]
    lines += [".SH FILES", *_man_list({"briefqa.toml": "Settings, in the current folder."})]
    return "\n".join(lines) + "\n"


def _described(name: str, command: Any) -> Iterator[Command]:
    text = str(command.help or "").replace("**", "")
    told, _, examples = text.partition("For example:")
    paragraphs = [" ".join(part.split()) for part in told.split("\n\n") if part.strip()]
    inner = getattr(command, "commands", {})
    parameters = [] if inner else [_parameter(entry) for entry in command.params if not entry.hidden]
    parts = [_of_argument(entry) for entry in command.params if entry.param_type_name == "argument"]
    usage = [name, "COMMAND" if inner else "[OPTIONS]", *([] if inner else parts)]
    yield Command(
        name, " ".join(usage), paragraphs, [line.strip() for line in examples.split("\n") if line.strip()], parameters
    )
    for below, one in inner.items():
        yield from _described(f"{name} {below}", one)


def _of_argument(entry: Any) -> str:
    return str(entry.metavar or entry.name.upper())


def _parameter(entry: Any) -> Parameter:
    if entry.param_type_name == "argument":
        return Parameter(_of_argument(entry), _text(entry), entry.rich_help_panel or "")
    names = ", ".join([*sorted(entry.opts, key=len), *entry.secondary_opts])
    return Parameter(f"{names} {entry.metavar}" if entry.metavar else names, _text(entry), entry.rich_help_panel or "")


def _text(entry: Any) -> str:
    text = " ".join(str(entry.help or "").split())
    least, most = getattr(entry.type, "min", None), getattr(entry.type, "max", None)
    if least is not None or most is not None:
        bounds = [f"at least {least}"] if least is not None else []
        bounds += [f"at most {most}"] if most is not None else []
        text += f" {' and '.join(bounds).capitalize()}."
    default = entry.show_default if isinstance(entry.show_default, str) else entry.default
    if default not in (None, False, (), []):
        text += f" Default: {' '.join(map(str, default)) if isinstance(default, list | tuple) else default}."
    return text


def _as_markdown(command: Command) -> str:
    lines = [f"\n{'##' if command.name.count(' ') == 1 else '###'} {command.name}\n", f"```\n{command.usage}\n```\n"]
    lines += [f"{paragraph}\n" for paragraph in command.paragraphs]
    if command.parameters:
        rows = [f"| {_cell(f'`{entry.written}`')} | {_cell(entry.text)} |" for entry in _by_panel(command.parameters)]
        lines.append("\n".join(["| argument or option | |", "| --- | --- |", *rows, ""]))
    if command.examples:
        lines.append("\n".join(["```", *command.examples, "```", ""]))
    return "\n".join(lines)


def _by_panel(parameters: list[Parameter]) -> list[Parameter]:
    return sorted(parameters, key=lambda entry: entry.panel != "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _first_down(text: str) -> str:
    return text[:1].lower() + text[1:]


def _man_list(entries: dict[str, str]) -> Iterator[str]:
    for name, text in entries.items():
        yield from (".TP", f".B {_roff(name)}", *_man_text(text))


def _man_text(text: str) -> Iterable[str]:
    """A sentence a line, as man pages are written."""
    return [_man_line(sentence) for sentence in re.split(r"(?<=[.:]) (?=[A-Z])", text) if sentence]


def _man_line(text: str) -> str:
    line = _roff(text)
    return f"\\&{line}" if line.startswith((".", "'")) else line


def _roff(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")


def main() -> None:
    """Write both."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    MAN.write_text(man(), encoding="utf-8")


if __name__ == "__main__":
    main()
