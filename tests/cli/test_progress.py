from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn

from briefqa.cli import progress
from briefqa.cli.progress import ProgressBars


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Progress]:
    """The bars that are made, on a terminal that is none."""
    found: list[Progress] = []

    def make() -> Progress:
        console = Console(file=io.StringIO(), force_terminal=True, width=60)
        found.append(Progress(TextColumn("{task.description}"), MofNCompleteColumn(), console=console))
        return found[-1]

    monkeypatch.setattr(progress, "_make_progress", make)
    return found


def stages(bars: Progress) -> list[tuple[str, float, float | None]]:
    return [(task.description, task.completed, task.total) for task in bars.tasks]


def test_a_bar_for_each_stage(made: list[Progress]) -> None:
    with ProgressBars(shown=True) as bars:
        bars("reading articles", 1, 3)
        (found,) = made
        assert stages(found) == [("reading articles", 1, 3)]
        assert found.live.is_started
        bars("encoding passages", 0, 8)
        bars("reading articles", 3, 3)
        bars("encoding passages", 8, 9)
        assert stages(found) == [("reading articles", 3, 3), ("encoding passages", 8, 9)]
        assert len(made) == 1
    assert not found.live.is_started


def test_nothing_is_made_unless_it_is_shown(made: list[Progress]) -> None:
    with ProgressBars(shown=False) as bars:
        bars("reading articles", 1, 3)
    with ProgressBars(shown=True):
        pass
    assert made == []


def test_the_terminal_is_given_back_after_an_error(made: list[Progress]) -> None:
    def interrupted() -> None:
        with ProgressBars(shown=True) as bars:
            bars("reading articles", 1, 3)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not made[0].live.is_started


def test_the_bars_are_on_stderr_and_leave_no_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with ProgressBars(shown=True) as bars:
        bars("encoding passages", 3, 8)
    out, err = capsys.readouterr()
    assert out == ""
    assert "encoding passages" in err
    assert "3/8" in err
    assert err.endswith("\x1b[2K")  # the line is wiped
