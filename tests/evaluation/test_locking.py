"""Several writers of one question set: all that they write is there, and nothing else is left."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import pytest
from filelock import FileLock

from briefqa.errors import DatasetError
from briefqa.evaluation import locking
from briefqa.evaluation.datasets import Gold, Question, load_questions
from briefqa.evaluation.judged import Judged, Judgements
from briefqa.evaluation.locking import sole_writer
from briefqa.evaluation.question_files import add_gold, append_question

APPENDING = """
import sys
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.question_files import append_question
sys.stdin.readline()
for number in range(50):
    append_question("q.jsonl", Question("", f"{sys.argv[1]}{number}?", (), (), 1))
"""
HOLDING = """
import sys
from briefqa.evaluation.locking import sole_writer
with sole_writer("q.jsonl"):
    print("held", flush=True)
    sys.stdin.read()
"""
RECORD = '{"id": "q001", "question": "Who?", "tags": [], "gold": [{"document": "a.md", "quote": "It met."}]}\n'


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@contextmanager
def held() -> Iterator[subprocess.Popen[str]]:
    """Another process that holds q.jsonl."""
    with start(HOLDING) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_two_processes_append_fifty_each() -> None:
    writers = [start(APPENDING, name) for name in ("a", "b")]
    for writer in writers:  # both have loaded everything by the time that they may begin
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        with writer:
            assert writer.wait(timeout=120) == 0
    questions = load_questions("q.jsonl")
    assert [question.id for question in questions] == [f"q{number:03}" for number in range(1, 101)]
    for name in ("a", "b"):
        assert [question.text for question in questions if question.text.startswith(name)] == [
            f"{name}{number}?" for number in range(50)
        ]
    assert os.listdir() == ["q.jsonl"]


def test_threads_add_golds_questions_and_judgements() -> None:
    Path("q.jsonl").write_text(RECORD, encoding="utf-8")
    judgements = [Judgements("q.jsonl"), Judgements("q.jsonl")]

    def write(number: int) -> None:
        add_gold("q.jsonl", "q001", Gold("a.md", f"{number}"))
        append_question("q.jsonl", Question("", f"{number}?", (), (), 1))
        judgements[number % 2].add(Judged("q001", "a.md", f"{number}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(20)))
    first, *others = load_questions("q.jsonl")
    assert {gold.quote for gold in first.gold} == {"It met.", *map(str, range(20))}
    assert {question.text for question in others} == {f"{number}?" for number in range(20)}
    known = Judgements("q.jsonl")
    assert all(known.knows("q001", [f"{number}"]) for number in range(20))
    assert sorted(os.listdir()) == ["q.jsonl", "q.judged.jsonl"]


def test_who_waits_in_vain_is_told_for_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 0.05)
    Path("q.jsonl").write_text(RECORD, encoding="utf-8")
    with held() as holder:
        with pytest.raises(DatasetError) as caught:
            append_question("q.jsonl", Question("", "Where?", (), (), 1))
        assert str(caught.value) == (
            f"q.jsonl: process {holder.pid} on {platform.node()} is writing this file; nothing was changed: wait until"
            " it is done, and run again"
        )
        assert Path("q.jsonl").read_text(encoding="utf-8") == RECORD


def test_the_lock_of_a_process_that_was_killed_is_nobodys() -> None:
    with held() as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert os.listdir() == [".q.jsonl.lock"]
    append_question("q.jsonl", Question("", "Where?", (), (), 1))
    assert os.listdir() == ["q.jsonl"]


def test_a_lock_that_says_nothing_is_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 0.05)
    other = FileLock(".q.jsonl.lock", thread_local=False)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(other.acquire).result()
        with (
            pytest.raises(DatasetError, match=r"^q\.jsonl: another process is writing this file; "),
            sole_writer("q.jsonl"),
        ):
            raise AssertionError
        other.release()


def test_a_link_and_its_file_have_one_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 0.05)
    Path("sets").mkdir()
    Path("sets/link.jsonl").symlink_to("../q.jsonl")
    with held(), pytest.raises(DatasetError, match=r"^sets/link\.jsonl: process "):
        append_question("sets/link.jsonl", Question("", "Where?", (), (), 1))


def test_no_lock_is_left_after_an_error() -> None:
    Path("q.jsonl").write_text(RECORD, encoding="utf-8")
    with suppress(ZeroDivisionError), sole_writer("q.jsonl"):
        assert sorted(os.listdir()) == [".q.jsonl.lock", "q.jsonl"]
        raise ZeroDivisionError
    assert os.listdir() == ["q.jsonl"]
    with pytest.raises(DatasetError, match="there is no question 'q7' in this set"):
        add_gold("q.jsonl", "q7", Gold("a.md", "x"))
    assert os.listdir() == ["q.jsonl"]


def test_a_folder_that_is_missing_is_not_made() -> None:
    with pytest.raises(DatasetError, match=r"^no/q\.jsonl: can't write the question set \(No such file or directory\)"):
        append_question("no/q.jsonl", Question("", "Where?", (), (), 1))
    assert os.listdir() == []


def test_a_lock_that_can_not_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.raises(DatasetError) as caught:
        append_question("q.jsonl", Question("", "Where?", (), (), 1))
    assert str(caught.value) == (
        "q.jsonl: can't lock this file (Permission denied); nothing was changed: see that you may write there"
    )
    assert os.listdir() == []
