"""What a run that fails leaves behind: the old index, whole, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from briefqa.config import Settings
from briefqa.errors import IndexBusy, IndexMissing, IndexNotWritable
from briefqa.index import build as build_module
from briefqa.index import publish as publish_module
from briefqa.index.publish import sweep
from briefqa.index.reader import open_generation
from briefqa.index.update import update
from tests.conftest import Build
from tests.fakes import OTHER_ENCODER, FakeEncoders
from tests.index.folders import INDEX, contents, names

WHOLE = {"CURRENT", "encoders", "gen-000001"}


def edit(articles: Path) -> None:
    """Changes two passages, so that one can be encoded before the other fails."""
    (articles / "osce.txt").write_text("The group was dissolved.\n", encoding="utf-8")
    (articles / "new.md").write_text("# New\n\nA new article.\n", encoding="utf-8")


def refuse(error: BaseException) -> object:
    def raising(*_: object, **__: object) -> None:
        raise error

    return raising


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("failure", [RuntimeError("out of memory"), KeyboardInterrupt()], ids=["error", "interrupt"])
def test_an_encoder_that_fails_in_the_middle_leaves_the_old_index(
    build: Build, encoders: FakeEncoders, articles: Path, failure: BaseException, after: int
) -> None:
    build()
    before = contents()
    edit(articles)
    encoders.fail_with(failure, after=after)
    with pytest.raises(type(failure)) as caught:
        build()
    assert caught.value is failure
    assert encoders.encoded == 6 + after
    assert contents() == before
    assert names() == WHOLE
    encoders.failure = None
    assert (build().generation, encoders.encoded) == (2, 6 + after + 2)


def test_a_first_run_that_fails_leaves_no_index(build: Build, encoders: FakeEncoders) -> None:
    encoders.fail_with(KeyboardInterrupt(), after=3)
    with pytest.raises(KeyboardInterrupt):
        build()
    assert names() <= {"encoders"}
    with pytest.raises(IndexMissing, match=r"^There is no index in index\. Make one with: briefqa index$"):
        open_generation(INDEX)
    encoders.failure = None
    assert (build().generation, names()) == (1, WHOLE)


def test_an_export_that_fails_leaves_the_old_index(
    build: Build, encoders: FakeEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    before = contents()
    monkeypatch.setattr("tests.fakes.FakeEncoder.export", refuse(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        build(encoder=OTHER_ENCODER)
    assert contents() == before
    assert names() == WHOLE
    assert [path.name for path in (INDEX / "encoders").iterdir()] == [encoders.find("all-MiniLM-L6-v2").sha256]


@pytest.mark.parametrize("part", ["write_lexical", "write_dense", "encode_pending", "publish", "record_files"])
def test_a_full_disk_is_told_and_leaves_the_old_index(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    build()
    before = contents()
    edit(articles)
    with monkeypatch.context() as patch:
        patch.setattr(build_module, part, refuse(OSError(28, "No space left on device")))
        with pytest.raises(IndexNotWritable) as caught:
            build()
    assert str(caught.value) == "The index in index can't be written: no space left on device. It is as it was."
    assert contents() == before
    assert names() == WHOLE
    assert build().generation == 2


def test_a_crash_before_current_moves_leaves_the_old_index_live(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    before = contents()
    edit(articles)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            build()
    assert contents() == before
    report = build()
    assert (INDEX / "CURRENT").read_text(encoding="utf-8") == f"gen-{report.generation:06d}\n"
    assert names() == {"CURRENT", "encoders", f"gen-{report.generation:06d}"}


def test_everything_is_on_the_disk_before_current_moves(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    moved: list[set[int]] = []
    replace = os.replace

    def note_sync(handle: int) -> None:
        synced.add(os.fstat(handle).st_ino)

    def note_replace(old: Path, new: Path) -> None:
        if Path(new).name == "CURRENT":
            generation = INDEX / Path(old).read_text(encoding="utf-8").strip()
            encoders = INDEX / "encoders"
            needed = [old, generation, *generation.rglob("*"), encoders, *encoders.rglob("*")]
            moved.append({path.stat().st_ino for path in needed} - synced)
        replace(old, new)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    build()
    edit(articles)
    build()
    assert moved == [set(), set()]
    assert INDEX.stat().st_ino in synced


def test_a_second_writer_is_told_and_waits_for_nothing(build: Build, articles: Path) -> None:
    build()
    before = contents()
    edit(articles)
    with FileLock(INDEX / ".lock"), pytest.raises(IndexBusy) as caught:
        build()
    assert str(caught.value) == (
        "Another briefqa is writing the index in index."
        " Run it again when that is done, or wait for it with: briefqa index --wait"
    )
    assert caught.value.exit_code == 2
    assert contents() == before
    assert build().generation == 2


def test_the_lock_of_another_process_counts_and_goes_with_it(build: Build, articles: Path) -> None:
    build()
    edit(articles)
    program = (
        "import sys; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire();"
        " print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(INDEX / ".lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy):
            build()
        # It need not be left tidily: the lock goes with its process.
        other.kill()
    assert build().generation == 2


def test_a_run_that_has_nothing_to_do_needs_no_lock(build: Build) -> None:
    build()
    with FileLock(INDEX / ".lock"):
        assert not build().changed_index


def test_what_crashed_runs_left_is_swept(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build()
    for name in (".work-gen-17", ".work-encoder-17", "gen-000009", "gen-000000", "encoders/" + "0" * 64):
        (INDEX / name / "lexical").mkdir(parents=True)
        (INDEX / name / "lexical" / "x").write_text("x", encoding="utf-8")
    (INDEX / ".work-CURRENT").write_text("gen-00", encoding="utf-8")
    (INDEX / "notes.txt").write_text("The user's own.", encoding="utf-8")
    (INDEX / "gen-x").mkdir()
    assert not build().changed_index
    assert names() == {"CURRENT", "encoders", "notes.txt", "gen-x", "gen-000001"}
    edit(articles)
    report = build()
    assert names() == {"CURRENT", "encoders", "notes.txt", "gen-x", f"gen-{report.generation:06d}"}
    assert [path.name for path in (INDEX / "encoders").iterdir()] == [encoders.find("all-MiniLM-L6-v2").sha256]


def test_a_run_without_changes_leaves_another_writer_its_work(build: Build) -> None:
    build()
    with FileLock(INDEX / ".lock"):
        (INDEX / ".work-gen-17").mkdir()
        assert not build().changed_index
        assert (INDEX / ".work-gen-17").is_dir()


def test_what_can_not_be_removed_now_is_left_for_the_next_run(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    edit(articles)
    remove = shutil.rmtree

    def hold(path: Path, **rest: Any) -> None:
        if path.name == "gen-000001":
            raise PermissionError(13, "The process cannot access the file")
        remove(path, **rest)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", hold)
        assert build().generation == 2
        assert names() == {"CURRENT", "encoders", "gen-000001", "gen-000002"}
    sweep(INDEX)
    assert names() == {"CURRENT", "encoders", "gen-000002"}


def test_nothing_is_swept_while_nobody_knows_what_is_live(build: Build, articles: Path) -> None:
    build()
    (INDEX / "CURRENT").write_text("gen-00", encoding="utf-8")
    (INDEX / ".work-gen-17").mkdir()
    for path in articles.rglob("*.*"):
        path.write_text("", encoding="utf-8")
    sweep(INDEX)
    assert names() == WHOLE
    (INDEX / "CURRENT").write_text("gen-000001\n", encoding="utf-8")
    assert len(open_generation(INDEX)) == 6


def test_a_file_in_the_place_of_the_index_is_told(build: Build) -> None:
    INDEX.write_text("The user's own.", encoding="utf-8")
    with pytest.raises(IndexNotWritable) as caught:
        build()
    assert str(caught.value) == "The index folder index can't be written: file exists."
    with pytest.raises(IndexNotWritable) as caught:
        build(index="index/below")
    assert str(caught.value) == "The index folder index/below can't be written: not a directory."
    assert INDEX.read_text(encoding="utf-8") == "The user's own."


def test_missing_folders_above_the_index_are_made(build: Build) -> None:
    assert build(index="a/b/index").generation == 1
    assert len(open_generation(Path("a/b/index"))) == 6


def test_two_runs_that_met_make_one_index(build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    edit(articles)
    writing = publish_module.writing
    other = FakeEncoders()

    def late(index: Path, **rest: Any) -> object:
        monkeypatch.setattr(publish_module, "writing", writing)
        update(Settings(), encoders=other)  # another run ends between our first look and the lock
        return writing(index, **rest)

    monkeypatch.setattr(publish_module, "writing", late)
    report = build()
    assert other.encoded == 2
    assert (report.changed_index, report.encoded, report.kept, report.changed, report.added) == (False, 0, 6, 0, 0)


def test_a_model_that_a_crash_left_goes_with_the_next_run_even_if_nothing_changed(
    build: Build, encoders: FakeEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    with monkeypatch.context() as patch:
        patch.setattr(build_module, "sweep", lambda index: None)  # as if it was killed before
        build(encoder=OTHER_ENCODER)
    assert len(list((INDEX / "encoders").iterdir())) == 2
    assert not build().changed_index
    kept = encoders.find(OTHER_ENCODER).sha256
    assert [path.name for path in (INDEX / "encoders").iterdir()] == [kept]
    assert names() == {"CURRENT", "encoders", "gen-000002"}
