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


def told_at(moments: list[tuple[float, int]], *, total: int = 100_000) -> list[str]:
    """What is written when so many are done at such a time."""
    written: list[str] = []
    clock = iter([now for now, _ in moments for _ in range(2)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("briefqa.cli.output.print_message", written.append)
        with ProgressBars(shown=False, lines=True, clock=lambda: next(clock)) as bars:
            for _, done in moments:
                bars("encoding passages", done, total)
    return written


def test_a_line_every_half_minute_where_there_are_no_bars() -> None:
    assert told_at([(0.0, 0), (10.0, 1500), (29.0, 4400), (31.0, 4650), (40.0, 6000), (62.0, 9300)]) == [
        "encoded 4,650 of 100,000 passages, 150/s, 11 min left",
        "encoded 9,300 of 100,000 passages, 150/s, 10 min left",
    ]


def test_a_short_run_says_nothing_and_the_last_passage_needs_no_line() -> None:
    assert told_at([(0.0, 0), (29.9, 400)], total=500) == []
    assert told_at([(0.0, 0), (31.0, 500)], total=500) == []


def test_the_rate_is_that_of_the_last_minute() -> None:
    # 50,000 were known already.
    moments = [(0.0, 0), (1.0, 50_000), (61.0, 50_060), (121.0, 50_120)]
    assert told_at(moments) == [
        "encoded 50,060 of 100,000 passages, 1.0/s, 13 h 52 min left",
        "encoded 50,120 of 100,000 passages, 1.0/s, 13 h 51 min left",
    ]


def test_seconds_at_the_end_and_nothing_about_a_standstill() -> None:
    assert (
        told_at([(0.0, 0), (40.0, 400), (80.0, 800)], total=900)[-1] == "encoded 800 of 900 passages, 10/s, 10 s left"
    )
    assert told_at([(0.0, 0), (40.0, 0)], total=900) == ["encoded 0 of 900 passages"]


def test_other_stages_and_other_runs_write_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter(range(0, 1000, 40))
    with ProgressBars(shown=False, lines=True, clock=lambda: float(next(clock))) as bars:
        for done in range(4):
            bars("reading articles", done, 9)
    with ProgressBars(shown=False, clock=lambda: float(next(clock))) as bars:
        for done in range(4):
            bars("encoding passages", done, 9)
    assert capsys.readouterr() == ("", "")


def test_a_bar_tells_rate_and_time_left(made: list[Progress]) -> None:
    clock = iter([0.0, 10.0, 20.0, 21.0])
    with ProgressBars(shown=True, clock=lambda: next(clock)) as bars:
        bars("encoding passages", 0, 4000)
        assert made[0].tasks[0].fields["pace"] == ""
        bars("encoding passages", 1520, 4000)
        assert made[0].tasks[0].fields["pace"] == "152/s 16 s left"
        bars("encoding passages", 3040, 4000)
        bars("writing the lexical index", 0, 1)
        assert [task.fields["pace"] for task in made[0].tasks] == ["152/s 6 s left", ""]
