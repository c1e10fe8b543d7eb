"""How a run takes its name: what may be in the way, what may fail then, and who else may be at it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefqa.errors import UsageError
from briefqa.evaluation.run_writer import RunWriter
from briefqa.evaluation.runs import read_run
from tests.evaluation.keeping import RUNS, SETTINGS, Keeping, files


def test_a_name_that_is_taken(keeping: Keeping) -> None:
    before = files(keeping.keep("main"))
    keeping.asked.clear()
    with pytest.raises(UsageError) as caught:
        keeping.keep("main", settings={"retriever": "dense"})
    assert str(caught.value) == "runs/main is there already; give another --name, or --replace it"
    assert keeping.asked == []
    assert files(Path("runs/main")) == before
    assert os.listdir("runs") == ["main"]


def test_a_name_that_another_process_took_meanwhile(keeping: Keeping) -> None:
    writer = RunWriter(RUNS, keeping.record())
    before = files(keeping.keep("main"))
    with pytest.raises(UsageError, match=r"^runs/main is there already; "), writer:
        pytest.fail("it was not refused")
    assert files(Path("runs/main")) == before
    assert os.listdir("runs") == ["main"]


def test_replacing_a_run(keeping: Keeping) -> None:
    keeping.keep("main")
    keeping.keep("main", replace=True, settings={"retriever": "dense"})
    assert read_run("main").record.settings == {"retriever": "dense"}
    assert os.listdir("runs") == ["main"]
    keeping.keep("new", replace=True)
    assert sorted(os.listdir("runs")) == ["main", "new"]


def test_the_old_run_stays_until_the_new_one_is_whole(keeping: Keeping) -> None:
    before = files(keeping.keep("main"))
    keeping.stop_at["Where?"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        keeping.keep("main", replace=True, settings={"retriever": "dense"})
    assert files(Path("runs/main")) == before
    keeping.asked.clear()
    keeping.keep("main", replace=True, settings={"retriever": "dense"})
    assert keeping.asked == ["Where?", "Why?"]
    assert read_run("main").record.settings == {"retriever": "dense"}


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_run_is_not_replaced(keeping: Keeping, kind: str) -> None:
    Path("runs").mkdir()
    place = Path("runs/main/articles" if kind == "folder" else "runs/main")
    place.parent.mkdir(exist_ok=True)
    place.write_text("Mine.")
    with pytest.raises(UsageError) as caught:
        keeping.keep("main", replace=True)
    assert str(caught.value) == "runs/main is no run, so it is not replaced; give another --name"
    assert place.read_text() == "Mine."
    assert keeping.asked == []


def rename_that_fails(
    monkeypatch: pytest.MonkeyPatch, source: str, error: BaseException, *, after: bool = False
) -> None:
    """Renaming the folder raises, once, before or after it is done."""
    real = Path.rename
    left = [error]

    def rename(path: Path, target: Path) -> Path:
        if path.name == source and left and not after:
            raise left.pop()
        renamed = real(path, target)
        if path.name == source and left:
            raise left.pop()
        return renamed

    monkeypatch.setattr(Path, "rename", rename)


@pytest.mark.parametrize("source", ["main", "main.partial"])
def test_where_a_rename_fails_the_old_run_stays(keeping: Keeping, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    before = files(keeping.keep("main"))
    rename_that_fails(monkeypatch, source, PermissionError(13, "Permission denied"))
    with pytest.raises(UsageError) as caught:
        keeping.keep("main", replace=True, settings={"retriever": "dense"})
    assert str(caught.value) == (
        "can't keep a run in runs/main (Permission denied); see that there is room, and that you may write there,"
        " and run it again: what was asked is not asked twice"
    )
    assert files(Path("runs/main")) == before
    assert read_run("main").record.settings == SETTINGS
    keeping.asked.clear()
    keeping.keep("main", replace=True, settings={"retriever": "dense"})
    assert keeping.asked == []
    assert read_run("main").record.settings == {"retriever": "dense"}
    assert os.listdir("runs") == ["main"]


def test_a_process_that_ends_between_the_renames_loses_neither_run(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(keeping.keep("main"))

    def end(writer: RunWriter) -> None:
        Path("runs/main").rename("runs/main.replaced.partial")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(RunWriter, "_publish", end)
        with pytest.raises(KeyboardInterrupt):
            keeping.keep("main", replace=True, settings={"retriever": "dense"})
    assert sorted(os.listdir("runs")) == ["main.partial", "main.replaced.partial"]
    with pytest.raises(UsageError, match=r"^runs/main is there already; "):
        keeping.keep("main", settings={"retriever": "dense"})
    assert files(Path("runs/main")) == before
    keeping.asked.clear()
    keeping.keep("main", replace=True, settings={"retriever": "dense"})
    assert keeping.asked == []
    assert read_run("main").record.settings == {"retriever": "dense"}
    assert os.listdir("runs") == ["main"]


@pytest.mark.parametrize("after", [False, True])
def test_an_interruption_at_the_last_rename(keeping: Keeping, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    keeping.keep("main")
    rename_that_fails(monkeypatch, "main.partial", KeyboardInterrupt(), after=after)
    with pytest.raises(KeyboardInterrupt):
        keeping.keep("main", replace=True, settings={"retriever": "dense"})
    assert read_run("main").record.settings == ({"retriever": "dense"} if after else SETTINGS)


def test_two_writers_at_once(keeping: Keeping) -> None:
    with RunWriter(RUNS, keeping.record()) as first:
        with pytest.raises(UsageError) as caught:
            keeping.keep("main")
        assert str(caught.value) == "another process is making runs/main; wait for it, or give another --name"
        assert keeping.asked == []
        keeping.keep("other")
        first.finish(keeping.evaluate(first), keeping.passages_of)
    assert read_run("main").report.overall.questions == 4
    assert sorted(os.listdir("runs")) == ["main", "other"]


def test_the_lock_is_held_until_the_run_has_its_name(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.rename
    refused = []

    def rename(path: Path, target: Path) -> Path:
        with (
            pytest.raises(UsageError, match=r"^another process is making runs/main; "),
            RunWriter(RUNS, keeping.record()),
        ):
            pytest.fail("it was not refused")
        refused.append(path.name)
        return real(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        keeping.keep("main")
    assert refused == ["main.partial"]


def test_a_place_that_can_not_be_written(keeping: Keeping) -> None:
    RUNS.write_text("a file")
    with pytest.raises(UsageError, match=r"^can't keep a run in runs/main \((File exists|Not a directory)\); "):
        keeping.keep("main")
    assert RUNS.read_text() == "a file"
    assert keeping.asked == []
