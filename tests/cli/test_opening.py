from __future__ import annotations

import webbrowser
from dataclasses import replace
from pathlib import Path

import pytest

from briefqa.cli.opening import editor_command, open_source, open_web_page
from briefqa.errors import UsageError
from briefqa.types import Document

DOCUMENT = Document("d1", "-a b.md", "-a b.md", "Text.", "", url="https://example.org/a")


@pytest.fixture
def browsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the browser was sent to."""
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: not addresses.append(address))  # type: ignore[func-returns-value]
    return addresses


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the document's file and an editor that writes down its arguments, one a line."""
    (tmp_path / "-a b.md").write_text("Text.\n", encoding="utf-8")
    editor = tmp_path / "vi"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/called\n', encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))
    return tmp_path


@pytest.mark.parametrize(
    ("editor", "expected"),
    [
        ("vi", ["vi", "+7", "/a b.md"]),
        ("/usr/bin/nvim -R", ["/usr/bin/nvim", "-R", "+7", "/a b.md"]),
        ("'/opt/my editors/nano'", ["/opt/my editors/nano", "+7", "/a b.md"]),
        ("emacsclient -t", ["emacsclient", "-t", "+7", "/a b.md"]),
        ("micro", ["micro", "+7", "/a b.md"]),
        ("code --wait", ["code", "--wait", "-g", "/a b.md:7"]),
        ("Code.exe", ["Code.exe", "-g", "/a b.md:7"]),
        ("subl -w", ["subl", "-w", "/a b.md:7"]),
        ("hx", ["hx", "/a b.md:7"]),
        ("mousepad", ["mousepad", "/a b.md"]),
    ],
)
def test_editors_are_told_the_line_in_their_own_way(editor: str, expected: list[str]) -> None:
    assert editor_command(editor, "/a b.md", 7) == expected


@pytest.mark.parametrize("editor", ["vi '", " "])
def test_what_is_no_command(editor: str) -> None:
    with pytest.raises(UsageError, match=r"can't be read as a command. Set VISUAL or EDITOR to another\.$"):
        editor_command(editor, "a.md", 1)


def test_no_shell_and_no_option_is_made_of_a_name(folder: Path) -> None:
    open_source(DOCUMENT, 2, None)
    assert (folder / "called").read_text() == f"+2\n{folder}/-a b.md\n"


def test_a_part_of_a_file_opens_the_file(folder: Path) -> None:
    open_source(replace(DOCUMENT, path="-a b.md#3", part="3"), 9, None)
    assert (folder / "called").read_text() == f"+9\n{folder}/-a b.md\n"


def test_a_file_without_lines_opens_in_the_browser_at_its_page(folder: Path, browsed: list[str]) -> None:
    paged = replace(DOCUMENT, lines_of="text")
    open_source(paged, 2, 5)
    open_source(paged, 2, None)
    file = f"{folder.as_uri()}/-a%20b.md"
    assert browsed == [f"{file}#page=5", file]


def test_a_web_page_opens_at_the_quote(browsed: list[str]) -> None:
    open_web_page(DOCUMENT, "Text.")
    assert browsed == ["https://example.org/a#:~:text=Text."]


@pytest.mark.parametrize("url", [None, "file:///etc/passwd", "javascript:alert(1)"])
def test_only_web_addresses_are_opened(browsed: list[str], url: str | None) -> None:
    with pytest.raises(UsageError, match=r"^This article names no web address\. Its file: o\.$"):
        open_web_page(replace(DOCUMENT, url=url), "Text.")
    assert browsed == []


def test_nothing_to_open_or_to_open_it_with(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    with pytest.raises(UsageError, match=r"^There is no browser to open it with: https://example\.org/a#"):
        open_web_page(DOCUMENT, "Text.")
    monkeypatch.setenv("VISUAL", "/no/such/vi")
    with pytest.raises(UsageError, match=r"^The editor /no/such/vi can't be started\. Set VISUAL or EDITOR"):
        open_source(DOCUMENT, 1, None)
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match=r"^There is no editor to open it with\. Set VISUAL or EDITOR to one\.$"):
        open_source(DOCUMENT, 1, None)
    (folder / "-a b.md").unlink()
    with pytest.raises(UsageError, match=r"^-a b\.md is not there any more\. Its text in the index: s,"):
        open_source(DOCUMENT, 1, None)
