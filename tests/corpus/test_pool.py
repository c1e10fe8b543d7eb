from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from briefqa.corpus import pool
from briefqa.corpus.loading import Job, Outcome, take_in
from briefqa.corpus.pool import Limits, load_all
from briefqa.corpus.scan import scan
from briefqa.types import Source

TASK = "tests.corpus.tasks:misbehave"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="tells signals by their names")


def jobs_in(folder: Path) -> list[Job]:
    return [Job(file, "../corpus") for file in scan([Source("corpus", str(folder))]).files]


def write(folder: Path, *names: str) -> list[Job]:
    for name in names:
        (folder / name).write_text(f"Text of {name}.\n", encoding="utf-8")
    return jobs_in(folder)


def texts(outcomes: list[Outcome]) -> list[str | None]:
    return [entry.documents[0].document.text.strip() if entry.documents else entry.reason for entry in outcomes]


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_results_are_those_of_one_process_in_order(tmp_path: Path) -> None:
    jobs = write(tmp_path, *(f"{number:03d}.md" for number in range(90)))
    (tmp_path / "004.md").write_bytes(b"")
    (tmp_path / "007.md").unlink()
    expected = [take_in(job) for job in jobs]
    assert list(load_all(jobs, workers=2)) == expected
    assert list(load_all(jobs, workers=0)) == expected
    assert [expected[4].reason, expected[7].reason] == ["it is empty", "no such file or directory"]
    assert sum(bool(outcome.documents) for outcome in expected) == 88


def test_two_processes_share_the_work_and_end_with_it(tmp_path: Path) -> None:
    jobs = write(tmp_path, *(f"{number:03d}.md" for number in range(60)))
    processes = {outcome.mtime_ns for outcome in load_all(jobs, workers=2, task=TASK)}
    assert len(processes) == 2
    assert os.getpid() not in processes
    assert not any(is_running(process) for process in processes)


def test_processes_end_when_nobody_wants_the_rest(tmp_path: Path) -> None:
    jobs = write(tmp_path, *(f"{number:03d}.md" for number in range(60)))
    outcomes = load_all(jobs, workers=2, task=TASK)
    process = next(outcomes).mtime_ns
    assert is_running(process)
    outcomes.close()
    assert not is_running(process)


def test_a_file_that_misbehaves_costs_only_itself(tmp_path: Path) -> None:
    names = ["a.md", "b-segfaults.md", "c.md", "d-hangs.md", "e.md", "f-exits.md", "g-prints.md", "h-hoards.md", "i.md"]
    jobs = write(tmp_path, *names)
    limits = Limits(seconds=3.0, memory=2_000_000_000)
    assert texts(list(load_all(jobs, workers=1, limits=limits, task=TASK))) == [
        "Text of a.md.",
        "reading it crashed (SIGSEGV)",
        "Text of c.md.",
        "it took longer than 3 s to read",
        "Text of e.md.",
        "reading it crashed (exit status 7)",
        "Text of g-prints.md.",
        "reading it takes more than 2 GB of memory",
        "Text of i.md.",
    ]


def test_an_answer_is_data_whatever_it_would_like_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pool, "_PATIENCE", 0.1)
    jobs = write(tmp_path, "a.md", "b-forges.md", "c.md")
    assert texts(list(load_all(jobs, workers=1, task=TASK))) == [
        "Text of a.md.", "reading it crashed (SIGKILL)", "Text of c.md.",
    ]  # fmt: skip
    assert not (tmp_path / "forged").exists()


def test_a_crash_is_of_the_file_that_was_being_read_whoever_is_next(tmp_path: Path) -> None:
    jobs = write(tmp_path, *(f"{number}-segfaults.md" if number % 3 else f"{number}.md" for number in range(9)))
    found = texts(list(load_all(jobs, workers=2, task=TASK)))
    crashed = "reading it crashed (SIGSEGV)"
    assert found == [crashed if number % 3 else f"Text of {number}.md." for number in range(9)]


def test_time_between_two_results_does_not_count(tmp_path: Path) -> None:
    jobs = write(tmp_path, *(f"{number}.md" for number in range(6)))
    found = []
    for outcome in load_all(jobs, workers=1, limits=Limits(seconds=1.0), task=TASK):
        found.append(outcome)
        if len(found) == 1:
            time.sleep(1.5)
    assert texts(found) == [f"Text of {number}.md." for number in range(6)]


def test_few_files_are_held_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = write(tmp_path, *(f"{number:03d}.md" for number in range(60)))
    held: list[int] = []
    real = pool._Pool._tell

    def note(self: pool._Pool, told: int, due: int) -> int:
        told = real(self, told, due)
        held.append(told - due)
        return told

    monkeypatch.setattr(pool._Pool, "_tell", note)
    assert len(list(load_all(jobs, workers=2))) == 60
    assert max(held) <= 2 * pool._AHEAD
    held.clear()
    monkeypatch.setattr(pool, "_BYTES_AHEAD", 10)  # less than any of the files
    assert len(list(load_all(jobs, workers=2))) == 60
    assert max(held) == 1


def test_a_few_files_of_text_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = write(tmp_path, *(f"{number:03d}.md" for number in range(101)))
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("a process is started"))
    assert len(list(load_all(jobs[:100]))) == 100
    with pytest.raises(pytest.fail.Exception):
        list(load_all(jobs))
    monkeypatch.setattr(pool, "_FEW_BYTES", 10)
    with pytest.raises(pytest.fail.Exception):
        list(load_all(jobs[:1]))
    monkeypatch.undo()
    monkeypatch.setattr(pool, "_HARMLESS", frozenset({"text"}))
    assert [outcome.mtime_ns == os.getpid() for outcome in load_all(jobs[:1], task=TASK)] == [False]


def test_without_processes_files_are_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = write(tmp_path, "a.md", "b.md")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr("subprocess.Popen", refuse)
        assert texts(list(load_all(jobs, workers=2))) == ["Text of a.md.", "Text of b.md."]
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert texts(list(load_all(jobs, workers=2))) == ["Text of a.md.", "Text of b.md."]
