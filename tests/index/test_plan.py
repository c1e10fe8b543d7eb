from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from briefqa.corpus.scan import ScannedFile
from briefqa.index.plan import Changes, compare
from briefqa.index.states import FileState

SECOND = 10**9
OLD = 1000 * SECOND
NOW = 2000 * SECOND


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def file(folder: Path, key: str, text: str = "Text.", *, mtime: int = OLD, source: int = 0) -> ScannedFile:
    path = folder / key
    path.write_text(text, encoding="utf-8")
    return ScannedFile(source, key, str(path), len(text.encode()), mtime)


def state(key: str, text: str = "Text.", *, mtime: int = OLD, source: int = 0, sha: str | None = "") -> FileState:
    known = sha256(text) if sha == "" else sha
    return FileState(source, key, len(text.encode()), mtime, known, range(1), ())


def changes(files: list[ScannedFile], states: list[FileState], *, hashing: bool = True) -> Changes:
    return compare(files, states, created_ns=NOW, source_of={0: 0}, hashing=hashing)


def test_everything_is_new_without_an_index(tmp_path: Path) -> None:
    found = compare([file(tmp_path, "b.md"), file(tmp_path, "a.md")], (), created_ns=0, source_of={})
    assert found == Changes({}, ((0, "b.md"), (0, "a.md")), (), ())
    assert found.any


def test_kept_new_changed_and_removed_are_told_apart(tmp_path: Path) -> None:
    kept = state("kept.md")
    files = [file(tmp_path, "kept.md"), file(tmp_path, "new.md"), file(tmp_path, "longer.md", "Longer text.")]
    states = [kept, state("longer.md"), state("z.md"), state("gone.md")]
    assert changes(files, states) == Changes(
        {(0, "kept.md"): kept}, ((0, "new.md"),), ((0, "longer.md"),), ("gone.md", "z.md")
    )


@pytest.mark.parametrize(
    ("files", "states", "any_change"),
    [(["a.md"], ["a.md"], False), (["a.md"], [], True), ([], ["a.md"], True), ([], [], False)],
)
def test_any_tells_whether_there_is_something_to_do(
    tmp_path: Path, files: list[str], states: list[str], any_change: bool
) -> None:
    assert changes([file(tmp_path, key) for key in files], [state(key) for key in states]).any is any_change


def test_a_file_of_old_time_and_same_size_is_not_opened(tmp_path: Path) -> None:
    listed = file(tmp_path, "a.md", "Text.")
    listed.path.unlink()
    assert not changes([listed], [state("a.md")]).any


def test_a_touched_file_is_kept_by_its_content(tmp_path: Path) -> None:
    assert not changes([file(tmp_path, "a.md", mtime=OLD + 1)], [state("a.md")]).any
    assert changes([file(tmp_path, "a.md", "Tent.", mtime=OLD + 1)], [state("a.md")]).changed == ((0, "a.md"),)


def test_an_earlier_time_is_a_change_too(tmp_path: Path) -> None:
    assert changes([file(tmp_path, "a.md", "Tent.", mtime=OLD - 1)], [state("a.md")]).changed == ((0, "a.md"),)


@pytest.mark.parametrize(
    ("before_the_scan", "changed"), [(0, True), (1, True), (2 * SECOND, True), (2 * SECOND + 1, False), (-SECOND, True)]
)
def test_a_file_written_just_before_the_scan_is_compared_by_content(
    tmp_path: Path, before_the_scan: int, changed: bool
) -> None:
    time = NOW - before_the_scan
    listed = file(tmp_path, "a.md", "Tent.", mtime=time)
    assert changes([listed], [state("a.md", "Text.", mtime=time)]).any is changed
    assert not changes([file(tmp_path, "a.md", mtime=time)], [state("a.md", mtime=time)]).any


def test_without_hashing_nothing_is_opened(tmp_path: Path) -> None:
    listed = file(tmp_path, "a.md", "Tent.", mtime=NOW)
    touched = file(tmp_path, "b.md", mtime=OLD + 1)
    listed.path.unlink()
    touched.path.unlink()
    found = changes([listed, touched], [state("a.md", mtime=NOW), state("b.md")], hashing=False)
    assert (list(found.kept), found.changed) == ([(0, "a.md")], ((0, "b.md"),))


def test_a_file_that_could_not_be_read_is_tried_again(tmp_path: Path) -> None:
    unread = state("a.md", sha=None)
    assert changes([file(tmp_path, "a.md")], [unread]).changed == ((0, "a.md"),)
    missing = file(tmp_path, "a.md")
    missing.path.unlink()
    assert changes([missing], [unread]).kept == {(0, "a.md"): unread}
    assert not changes([file(tmp_path, "a.md")], [unread], hashing=False).any


def test_a_file_that_can_no_longer_be_read_is_changed(tmp_path: Path) -> None:
    listed = file(tmp_path, "a.md", mtime=OLD + 1)
    listed.path.unlink()
    assert changes([listed], [state("a.md")]).changed == ((0, "a.md"),)


def test_sources_are_matched_by_the_map_and_keys_within_them(tmp_path: Path) -> None:
    os.makedirs(tmp_path, exist_ok=True)
    files = [file(tmp_path, "a.md", source=0), file(tmp_path, "a.md", source=1), file(tmp_path, "b.md", source=2)]
    states = [state("a.md", source=0), state("b.md", source=1)]
    found = compare(files, states, created_ns=NOW, source_of={1: 0, 0: 1})
    assert found == Changes({(1, "a.md"): states[0]}, ((0, "a.md"), (2, "b.md")), (), ("b.md",))
