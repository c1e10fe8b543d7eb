from __future__ import annotations

import stat
from pathlib import Path

import pytest

from briefqa.cli.history import KEPT, History, history_file

readline = pytest.importorskip("readline")


@pytest.fixture(autouse=True)
def _nothing_left() -> object:
    yield
    readline.clear_history()
    readline.set_auto_history(True)


def remembered() -> list[str]:
    return [readline.get_history_item(place) for place in range(1, readline.get_current_history_length() + 1)]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "~/.local/state/briefqa/history"),
        ({"XDG_STATE_HOME": "/state"}, "/state/briefqa/history"),
        ({"XDG_STATE_HOME": "relative"}, "~/.local/state/briefqa/history"),
        ({"BRIEFQA_HISTORY": "~/asked", "XDG_STATE_HOME": "/state"}, "~/asked"),
        ({"BRIEFQA_HISTORY": "none"}, None),
        ({"BRIEFQA_HISTORY": ""}, None),
        ({"BRIEFQA_HISTORY": "Off"}, None),
    ],
)
def test_where_it_is_kept(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str | None) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/ida")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert history_file() == (Path(expected.replace("~", "/home/ida")) if expected else None)


def test_questions_are_kept_in_order_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "history"
    first = History(file)
    first.recall()
    for question in ("One?", "Two?", "Two?", "One?"):
        first.add(question)
    assert file.read_text(encoding="utf-8") == "One?\nTwo?\nOne?\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.chmod(0o644)
    second = History(file)
    second.recall()
    assert remembered() == ["One?", "Two?", "One?"]
    second.add("Łódź?")
    assert remembered()[-1] == "Łódź?"
    assert file.read_text(encoding="utf-8").endswith("\nŁódź?\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_stays_short(tmp_path: Path) -> None:
    file = tmp_path / "history"
    file.write_text("".join(f"{number}\n" for number in range(2 * KEPT + 1)), encoding="utf-8")
    History(file).recall()
    assert remembered() == [str(number) for number in range(KEPT + 1, 2 * KEPT + 1)]
    assert file.read_text(encoding="utf-8").split() == remembered()
    assert [path.name for path in tmp_path.iterdir()] == ["history"]


def test_without_a_file_the_arrows_know_this_session(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    for file in (None, blocked / "history"):
        history = History(file)
        history.recall()
        history.add("One?")
        assert remembered() == ["One?"]
    assert blocked.read_text(encoding="utf-8") == ""
