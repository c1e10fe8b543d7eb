"""Two that write one index: the second is told who the first is, or waits; a dead one is in nobody's way."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from filelock import FileLock

from briefqa.config import Settings
from briefqa.errors import IndexBusy
from briefqa.index.holder import HOLDER_FILE, holder
from briefqa.index.publish import LOCK_FILE
from briefqa.index.reader import open_generation
from briefqa.index.update import refresh, update
from tests.cli.runner import Runner
from tests.conftest import Build
from tests.fakes import FakeEncoders
from tests.index.folders import INDEX, names

WHOLE = {"CURRENT", "encoders", "gen-000001"}
HOLDING = """
import sys
from pathlib import Path
from briefqa.index.publish import writing
with writing(Path("index")):
    print("held", flush=True)
    sys.stdin.read()
"""
Process = subprocess.Popen[str]


def add(articles: Path, name: str = "ferry.md") -> None:
    (articles / name).write_text("A ferry crosses the lake.\n", encoding="utf-8")


@pytest.fixture
def other(build: Build, articles: Path) -> Iterator[Process]:
    """A process that is writing the index, until its stdin is closed; an article is new meanwhile."""
    build()
    add(articles)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def named(process: Process) -> str:
    return rf"\(process {process.pid} on {re.escape(platform.node())}, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\)"


def test_a_second_writer_is_told_who_writes(build: Build, other: Process) -> None:
    with pytest.raises(IndexBusy) as caught:
        build()
    assert re.fullmatch(
        f"Another briefqa {named(other)} is writing the index in index."
        " Run it again when that is done, or wait for it with: briefqa index --wait",
        str(caught.value),
    )
    # Who only reads is in nobody's way.
    assert len(open_generation(INDEX)) == 6


def test_a_writer_that_was_killed_is_in_nobody_s_way(build: Build, other: Process) -> None:
    other.kill()
    other.wait()
    assert (INDEX / HOLDER_FILE).exists()
    assert build().generation == 2
    assert names() == {"CURRENT", "encoders", "gen-000002"}


def test_what_a_killed_writer_left_is_swept_by_a_run_without_changes(
    build: Build, other: Process, articles: Path
) -> None:
    (articles / "ferry.md").unlink()
    other.kill()
    other.wait()
    assert not build().changed_index
    assert names() == WHOLE


def test_who_waits_goes_on_when_the_other_is_done(other: Process, encoders: FakeEncoders) -> None:
    told = []

    def waiting(text: str) -> None:
        told.append(text)
        other.communicate()  # its stdin is closed

    report = update(Settings(), encoders=encoders, waiting=waiting)
    assert (report.generation, report.added) == (2, 1)
    (text,) = told
    assert re.fullmatch(f"Waiting until another briefqa {named(other)} is done with the index in index.", text)
    assert names() == {"CURRENT", "encoders", "gen-000002"}


def test_who_waited_for_one_that_did_it_all_has_nothing_to_do(
    build: Build, articles: Path, encoders: FakeEncoders
) -> None:
    build()
    add(articles)
    lock = FileLock(INDEX / LOCK_FILE)
    lock.acquire()

    def waiting(text: str) -> None:
        assert text == "Waiting until another briefqa is done with the index in index."
        lock.release()
        assert build().added == 1

    report = update(Settings(), encoders=encoders, waiting=waiting)
    assert (report.changed_index, report.generation, report.kept) == (False, 2, 6)


def test_index_wait_says_whom_it_waits_for(run: Runner, other: Process) -> None:
    assert other.stdin is not None
    release = Timer(0.5, other.stdin.close)
    release.start()
    outcome = run("index", "--wait")
    release.join()
    assert outcome.code == 0
    assert outcome.out.startswith("Indexed 6 documents, 7 passages into index in ")
    assert re.match(f"Waiting until another briefqa {named(other)} is done with the index in index.\n", outcome.err)


def test_index_wait_is_quiet_with_json(run: Runner, other: Process) -> None:
    assert other.stdin is not None
    release = Timer(0.5, other.stdin.close)
    release.start()
    found = run("index", "--wait", "--json").json
    release.join()
    assert found["generation"] == 2


def test_a_refresh_is_told_who_writes_and_can_be_left_out(run: Runner, other: Process) -> None:
    question = ("ask", "When did Georgia leave the commonwealth?", "-r", "lexical", "--min-confidence", "0")
    outcome = run(*question, "--refresh")
    assert (outcome.code, outcome.out) == (2, "")
    assert re.match(f"error: Another briefqa {named(other)} is writing the index in index. ", outcome.err)
    assert run(*question).code == 0


def test_a_refresh_with_nothing_to_do_minds_no_writer(other: Process, articles: Path, encoders: FakeEncoders) -> None:
    (articles / "ferry.md").unlink()
    assert not refresh(Settings(), encoders=encoders).changed_index
    assert other.poll() is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"process": "x", "host": "desk", "since": "2026-11-25T14:02:05+00:00"}',
        b'{"process": 1, "host": "desk", "since": "yesterday"}',
        b'{"process": 1, "host": "desk"}',
        b'{"process": 1, "since": "2026-11-25T14:02:05+00:00", "host": "' + b"x" * 5000 + b'"}',
    ],
)
def test_a_holder_that_can_not_be_read_has_no_name(tmp_path: Path, content: bytes) -> None:
    assert holder(tmp_path) == "another briefqa"
    (tmp_path / HOLDER_FILE).write_bytes(content)
    assert holder(tmp_path) == "another briefqa"


def test_a_holder_s_name_steers_no_terminal(run: Runner, build: Build, articles: Path) -> None:
    build()
    add(articles)
    told = '{"process": 17, "host": "\\u001b[31mdesk", "since": "2026-11-25T14:02:05+00:00"}'
    (INDEX / HOLDER_FILE).write_text(told, encoding="utf-8")
    with FileLock(INDEX / LOCK_FILE):
        outcome = run("index")
    assert outcome.code == 2
    assert "(process 17 on \N{REPLACEMENT CHARACTER}[31mdesk, since 2026-11-2" in outcome.err


def test_a_run_whose_holder_can_not_be_named_goes_on(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_text

    def refuse(path: Path, *arguments: Any, **rest: Any) -> int:
        if path.name == HOLDER_FILE:
            raise OSError(28, "No space left on device")
        return write(path, *arguments, **rest)

    monkeypatch.setattr(Path, "write_text", refuse)
    assert build().generation == 1
    assert names() == WHOLE
