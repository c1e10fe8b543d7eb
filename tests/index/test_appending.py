"""What a change of a larger index writes, leaves alone, and leaves behind when it fails."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from briefqa.errors import IndexDamaged
from briefqa.index import appending as appending_module
from briefqa.index import build as build_module
from briefqa.index import merging
from briefqa.index.merging import Limits
from briefqa.index.reader import open_generation
from briefqa.index.verify import verify
from tests.conftest import Build
from tests.index.folders import INDEX, names
from tests.index.meaning import meaning, segment_sizes, write_article

APART = Limits(whole=3, least=0, factor=0, dead_share=1.0)
MERGING = Limits(whole=3, least=100, factor=0, dead_share=1.0)


@pytest.fixture
def grown(build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of three segments and a tombstone; articles that are to change it once more."""
    monkeypatch.setattr(merging, "LIMITS", APART)
    chance = random.Random(11)
    for number in range(30):
        write_article(articles / f"base{number}.md", chance)
    build()
    for number in range(2):
        write_article(articles / f"new{number}.md", chance)
        (articles / f"base{number}.md").unlink()
        build()
    assert len(segment_sizes()) == 3
    write_article(articles / "last.md", chance)
    write_article(articles / "base7.md", chance)
    (articles / "new0.md").unlink()
    return articles


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Inode and content of each file."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_does_not_change_is_linked_and_little_is_written(
    build: Build, grown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_module, "sweep", lambda index: None)
    before = files(INDEX / "gen-000003")
    hashed: list[str] = []
    digest = hashlib.file_digest

    def noting(file: Any, kind: str) -> object:
        hashed.append(file.name)
        return digest(file, kind)

    monkeypatch.setattr(hashlib, "file_digest", noting)
    build()
    after = files(INDEX / "gen-000004")
    assert files(INDEX / "gen-000003") == before
    shared = {name for name, (inode, _) in after.items() if before.get(name, (0,))[0] == inode}
    segments = {name for name in before if name.startswith("seg-")}
    assert segments <= shared
    new = after.keys() - shared
    assert {name.split("/")[0] for name in new} == {
        "clutter.json",
        "duplicates.npy",
        "files.sqlite",
        "manifest.json",
        "tombstones.npy",
        "lexical",
        "seg-000004",
    }
    # Tantivy's large files stay, and one of deletions and some of the new passages' come to them.
    assert len([name for name in shared if name.startswith("lexical/")]) >= 12
    inside = [name for name in new if name.endswith((".faiss", ".idx", ".term", ".npy"))]
    assert sum(len(after[name][1]) for name in inside) < 0.5 * sum(
        len(data) for name, (_, data) in before.items() if name.endswith((".faiss", ".idx", ".term", ".npy"))
    )
    written = {Path(name).name for name in new - {"manifest.json"}}
    assert {Path(name).name for name in hashed if "gen-000004" in name or ".work" in name} == written
    manifests = [json.loads((INDEX / f"gen-{n:06d}" / "manifest.json").read_text(encoding="utf-8")) for n in (3, 4)]
    assert all(manifests[1]["files"][name] == manifests[0]["files"][name] for name in shared)
    assert {name: value["sha256"] for name, value in manifests[1]["files"].items()} == {
        name: hashlib.sha256(data).hexdigest() for name, (_, data) in after.items() if name != "manifest.json"
    }
    assert verify(INDEX)[1] == []


def test_readers_of_the_old_generation_go_on(build: Build, grown: Path) -> None:
    reader = open_generation(INDEX)
    numbers = reader.numbers()
    before = (reader.passages(numbers), reader.segments.vectors(numbers).tobytes(), reader.lexical_top(["jade"], 99))
    build()
    assert not reader.folder.exists()
    after = (reader.passages(numbers), reader.segments.vectors(numbers).tobytes(), reader.lexical_top(["jade"], 99))
    assert after == before
    reader.close()


@pytest.mark.parametrize("limits", [APART, MERGING], ids=["appended", "merged"])
def test_where_nothing_can_be_linked_files_are_copied(
    build: Build, grown: Path, monkeypatch: pytest.MonkeyPatch, limits: Limits
) -> None:
    monkeypatch.setattr(merging, "LIMITS", limits)
    monkeypatch.setattr(build_module, "sweep", lambda index: None)

    def refuse(source: Path, target: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    synced: set[int] = set()
    monkeypatch.setattr(os, "fsync", lambda handle: synced.add(os.fstat(handle).st_ino))
    before = files(INDEX / "gen-000003")
    build()
    after = files(INDEX / "gen-000004")
    assert files(INDEX / "gen-000003") == before
    assert not {inode for inode, _ in before.values()} & {inode for inode, _ in after.values()}
    assert {inode for inode, _ in after.values()} <= synced
    build(index="fresh")
    assert meaning() == meaning(Path("fresh"))


STEPS = [
    (build_module, "write_states"),
    (build_module, "write_dense"),
    (build_module, "encode_pending"),
    (appending_module, "extend_lexical"),
    (appending_module, "link_all"),
    (appending_module, "merge"),
    (appending_module, "remove"),
    (appending_module, "write_tombstones"),
    (appending_module, "deleted_share"),
    (build_module, "LexicalIndex"),
    (build_module, "record_files"),
    (build_module, "publish"),
    (os, "rename"),
    (os, "replace"),
]


@pytest.mark.parametrize("killed", [False, True], ids=["interrupted", "killed"])
@pytest.mark.parametrize(("module", "step"), STEPS, ids=[step for _, step in STEPS])
def test_a_crash_between_any_two_steps_leaves_the_old_index(
    build: Build, grown: Path, monkeypatch: pytest.MonkeyPatch, module: object, step: str, killed: bool
) -> None:
    before, there = meaning(), names()

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    @contextmanager
    def left_lying(index: Path, name: str) -> Iterator[Path]:
        folder = index / f".work-{name}"
        folder.mkdir()
        yield folder  # and nobody cleans up

    with monkeypatch.context() as patch:
        # The last segment is merged with the new one, and the others go on.
        patch.setattr(merging, "LIMITS", Limits(whole=3, least=0, factor=4, dead_share=0.9))
        patch.setattr(module, step, crash)
        if killed:
            patch.setattr(build_module, "work_folder", left_lying)
        with pytest.raises(KeyboardInterrupt):
            build()
    assert meaning() == before
    if not killed:
        assert {name for name in names() - there if not name.startswith("gen-")} <= {".work-CURRENT"}
    build()
    assert {name for name in names() if name.startswith((".work", "gen-"))} == {
        (INDEX / "CURRENT").read_text(encoding="utf-8").strip()
    }
    build(index="fresh")
    assert meaning() == meaning(Path("fresh"))


def test_a_damaged_segment_is_named(build: Build, grown: Path) -> None:
    build()
    folder = INDEX / "gen-000004"
    for name in ("seg-000001/catalog.sqlite", "seg-000003/sentences.npy", "tombstones.npy", "files.sqlite"):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert verify(INDEX)[1] == [f"{folder / name} is altered: its checksum is not the recorded one"]
        (folder / name).write_bytes(data)
    assert verify(INDEX)[1] == []


def test_damage_stays_damage_in_the_next_generation(build: Build, unchecked: None, grown: Path) -> None:
    path = INDEX / "gen-000003" / "seg-000001" / "sentences.npy"
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    build()
    assert verify(INDEX)[1] == [
        "index/gen-000004/seg-000001/sentences.npy is altered: its checksum is not the recorded one"
    ]


@pytest.mark.parametrize(
    ("documents", "passages"), [([999], []), ([], [999]), ([0], []), ([0, 1, 2], [0, 5000])], ids=str
)
def test_tombstones_that_fit_nothing_are_damage(
    build: Build, grown: Path, documents: list[int], passages: list[int]
) -> None:
    path = INDEX / "gen-000003" / "tombstones.npy"
    np.save(path, np.array([len(documents), *documents, *passages], dtype=np.int64))
    record_again(path)
    with pytest.raises(IndexDamaged) as caught:
        open_generation(INDEX)
    assert str(caught.value) == (
        "The parts of the index in index do not belong together. Make the index again with: briefqa index --rebuild"
    )
    assert verify(INDEX)[1] == [str(caught.value)]


@pytest.mark.parametrize(
    "numbers",
    [[], [2, 1], [-1], [1, -5], [0, 7, 7], [2, 3, 1]],
    ids=["none", "short", "less", "below", "twice", "falling"],
)
def test_tombstones_that_can_not_be_read_are_damage(build: Build, grown: Path, numbers: list[int]) -> None:
    path = INDEX / "gen-000003" / "tombstones.npy"
    np.save(path, np.array(numbers, dtype=np.int64))
    record_again(path)
    with pytest.raises(IndexDamaged) as caught:
        open_generation(INDEX)
    assert str(caught.value) == f"{path} is damaged. Make the index again with: briefqa index --rebuild"


def record_again(path: Path) -> None:
    """Make the manifest agree with the file."""
    manifest = path.parent / "manifest.json"
    table = json.loads(manifest.read_text(encoding="utf-8"))
    data = path.read_bytes()
    table["files"][path.name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    del table["sha256"]
    manifest.write_text(json.dumps(table), encoding="utf-8")
