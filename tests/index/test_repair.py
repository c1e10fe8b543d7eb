"""Mending what the rest of an index tells, without encoding; and saying so of what it does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from briefqa.config import Settings
from briefqa.errors import EncoderError, IndexDamaged, IndexMissing
from briefqa.index import dense, merging
from briefqa.index.merging import Limits
from briefqa.index.repair import repair
from briefqa.index.verify import verify
from briefqa.reports import RepairReport
from tests.conftest import Build
from tests.fakes import EXPORTED_FILE, RERANKER, RERANKER_FILE, FakeEncoders
from tests.index.folders import INDEX, names, snapshot
from tests.index.meaning import bm25, meaning

AGAIN = "Make the index again with: briefqa index --rebuild"
Mend = Callable[[], RepairReport]


@pytest.fixture
def mend(encoders: FakeEncoders) -> Mend:
    return lambda: repair(Settings(), progress=lambda stage, done, total: None, encoders=encoders)


@pytest.fixture
def grown(build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index with two segments, of which the second has holes, tombstones, and copies; the live generation."""
    monkeypatch.setattr(merging, "LIMITS", Limits(whole=3, least=0, factor=0, dead_share=0.3))
    build()
    shutil.copy(articles / "peace.md", articles / "talks.md")
    (articles / "more.txt").write_text("The river rose in March. The bridge held.\n", encoding="utf-8")
    (articles / "less.txt").write_text("The harvest was poor. Bread got dear.\n", encoding="utf-8")
    build()
    (articles / "less.txt").unlink()  # a third of the second segment, which is merged
    (articles / "union.text").unlink()
    build()
    return INDEX / (INDEX / "CURRENT").read_text(encoding="utf-8").strip()


def alter(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_the_index_has_what_is_to_be_tried(grown: Path) -> None:
    found = {path.name for path in grown.rglob("*")}
    assert {"tombstones.npy", "numbers.npy", "duplicates.npy", "homes.npy", "sketches.npy", "files.sqlite"} <= found
    assert len(list(grown.glob("seg-*"))) == 2


@pytest.mark.parametrize(
    "name",
    [
        "tombstones.npy",
        "duplicates.npy",
        "files.sqlite",
        "numbers.npy",
        "homes.npy",
        "sketches.npy",
        "sentence-offsets.npy",
        "meta.json",
    ],
)
@pytest.mark.parametrize("damage", [alter, Path.unlink])
def test_what_the_rest_tells_is_made_of_it(
    grown: Path, build: Build, mend: Mend, encoders: FakeEncoders, name: str, damage: Callable[[Path], None]
) -> None:
    before, encoded = meaning(), encoders.encoded
    number = int(grown.name.removeprefix("gen-"))
    path = sorted(grown.rglob(name))[-1]
    damage(path)
    report = mend()
    assert report == RepairReport(number + 1, (f"{grown.name}/{path.relative_to(grown).as_posix()}",))
    assert meaning() == before
    assert encoders.encoded == encoded
    assert names() == {"CURRENT", "encoders", f"gen-{number + 1:06d}"}
    assert not build().changed_index
    assert mend() == RepairReport(number + 1, ())


def test_a_lexical_index_is_made_anew_without_what_is_deleted(grown: Path, mend: Mend, build: Build) -> None:
    for path in (grown / "lexical").iterdir():
        path.unlink()
    mend()
    scores, deleted = bm25()
    build(rebuild=True)
    assert (scores, deleted) == (bm25()[0], 0.0)


def test_codes_are_made_of_the_rows(build: Build, mend: Mend, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "_LEAST_ROUNDED", 16)
    for number in range(20):
        (articles / f"n{number}.txt").write_text(f"Number {number} of twenty is {number * 7}.\n", encoding="utf-8")
    build(dense_index="int8")
    before = meaning()
    (path,) = INDEX.rglob("dense.faiss")
    assert path.with_name("dense-rows.npy").is_file()
    path.write_bytes(b"")
    assert mend().mended == ("gen-000001/seg-000001/dense.faiss",)
    assert meaning() == before


@pytest.mark.parametrize("name", ["catalog.sqlite", "dense.faiss", "sentences.npy"])
def test_what_nothing_tells_is_named_and_nothing_is_touched(grown: Path, mend: Mend, name: str) -> None:
    path = sorted(grown.rglob(name))[0]
    alter(path)
    alter(grown / "duplicates.npy")
    before = snapshot()
    with pytest.raises(IndexDamaged) as caught:
        mend()
    assert str(caught.value) == f"What was in {path} can't be made of the rest of the index. {AGAIN}"
    after = snapshot()
    assert {name for name in after if after[name] != before.get(name)} <= {"index", "index/.lock"}


def test_files_and_tombstones_tell_each_other_but_not_both(grown: Path, mend: Mend) -> None:
    for name in ("files.sqlite", "tombstones.npy"):
        (grown / name).unlink()
    with pytest.raises(IndexDamaged, match=r"^What was in index/gen-\d+/files\.sqlite can't be made of the rest"):
        mend()


def test_a_manifest_is_not_guessed(grown: Path, mend: Mend) -> None:
    alter(grown / "manifest.json")
    with pytest.raises(IndexDamaged) as caught:
        mend()
    assert str(caught.value) == f"{grown / 'manifest.json'} is damaged. {AGAIN}"


@pytest.mark.parametrize("damage", ["gone", "garbage", "folder", "another"])
def test_current_is_written_anew(build: Build, mend: Mend, damage: str) -> None:
    build()
    before = meaning()
    path = INDEX / "CURRENT"
    if damage in ("gone", "folder"):
        path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        path.write_text({"garbage": "gen-x\n", "another": "gen-000009\n"}[damage], encoding="utf-8")
    assert mend() == RepairReport(1, ("CURRENT",))
    assert path.read_text(encoding="utf-8") == "gen-000001\n"
    assert meaning() == before


def test_of_two_generations_the_whole_one_is_taken_and_of_two_whole_ones_none(build: Build, mend: Mend) -> None:
    build()
    shutil.copytree(INDEX / "gen-000001", INDEX / "gen-000002")
    (INDEX / "CURRENT").unlink()
    with pytest.raises(IndexDamaged) as caught:
        mend()
    assert str(caught.value) == f"index/CURRENT does not tell which generation is live. {AGAIN}"
    assert names() == {"encoders", "gen-000001", "gen-000002"}
    (INDEX / "gen-000002" / "files.sqlite").unlink()
    assert mend() == RepairReport(1, ("CURRENT",))
    assert names() == {"CURRENT", "encoders", "gen-000001"}


def test_an_update_goes_on_from_a_generation_that_current_does_not_name(
    build: Build, articles: Path, encoders: FakeEncoders
) -> None:
    build()
    (INDEX / "CURRENT").unlink()
    with pytest.raises(IndexDamaged) as caught:
        verify(INDEX)
    assert str(caught.value) == f"index/CURRENT is missing. Mend that with: briefqa repair. {AGAIN}"
    (articles / "new.txt").write_text("A new one.\n", encoding="utf-8")
    assert (build().encoded, encoders.encoded) == (1, 7)


def test_models_are_exported_again(build: Build, mend: Mend, encoders: FakeEncoders) -> None:
    build(reranker=RERANKER)
    before = meaning()
    for name in (EXPORTED_FILE, RERANKER_FILE):
        (path,) = INDEX.rglob(name)
        path.write_bytes(b"")
    report = mend()
    assert [name.split("/")[0] for name in report.mended] == ["encoders", "rerankers"]
    assert (report.generation, meaning()) == (1, before)
    assert not mend().mended


def test_a_model_that_is_not_here_is_not_replaced_by_another(build: Build, mend: Mend, encoders: FakeEncoders) -> None:
    build()
    (path,) = INDEX.rglob(EXPORTED_FILE)
    path.unlink()
    encoders.salt = "other weights"
    with pytest.raises(IndexDamaged) as caught:
        mend()
    assert str(caught.value) == (
        f"{path} is missing or unreadable, and the encoder all-MiniLM-L6-v2 here is another. {AGAIN}"
    )
    encoders.names = ("fake-other",)
    with pytest.raises(EncoderError):
        mend()


def test_there_is_nothing_to_mend_without_an_index(articles: Path, mend: Mend) -> None:
    with pytest.raises(IndexMissing) as caught:
        mend()
    assert str(caught.value) == "There is no index in index. Make one with: briefqa index"
    assert not INDEX.exists()
    INDEX.mkdir()
    with pytest.raises(IndexMissing):
        mend()
