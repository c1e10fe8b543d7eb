"""A branch: an index like another, on the same files, which goes its own way."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path

import pytest

from briefqa.config import Settings
from briefqa.errors import IndexDamaged, IndexMissing, IndexNotWritable
from briefqa.index.branch import branch, inherit
from briefqa.index.update import update
from briefqa.index.verify import verify
from tests.conftest import Build
from tests.fakes import OTHER_ENCODER, OTHER_RERANKER, RERANKER, FakeEncoders
from tests.index.folders import INDEX, contents, names, snapshot

TARGET = Path("far/away/branch")


def read_all(index: Path = INDEX) -> dict[str, str]:
    return {
        path.relative_to(index).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in index.rglob("*")
        if path.is_file()
    }


def test_a_branch_is_the_same_index_on_the_same_files(build: Build) -> None:
    build(reranker=RERANKER)
    before = snapshot()
    branch(INDEX, TARGET)
    assert snapshot() == before
    ours, theirs = contents(), contents(TARGET)
    assert {key for key in ours if ours[key] != theirs[key]} == set()
    assert verify(TARGET)[1] == []
    assert names(TARGET) == {"CURRENT", "gen-000001", "encoders", "rerankers"}
    for path in TARGET.rglob("*"):
        if path.is_file() and path.name != "CURRENT":
            assert path.samefile(INDEX / path.relative_to(TARGET))


def test_where_no_links_are_files_are_copied(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(source: str, target: str) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link", source, target)

    build()
    monkeypatch.setattr(os, "link", link)
    branch(INDEX, TARGET)
    assert contents(TARGET) == contents()
    assert read_all(TARGET) == {name: found for name, found in read_all().items() if name != ".lock"}
    assert not (TARGET / "CURRENT").samefile(INDEX / "CURRENT")


def test_what_the_branch_becomes_is_nothing_to_the_index(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build(reranker=RERANKER)
    before, files = snapshot(), read_all()
    branch(INDEX, TARGET)
    (articles / "peace.md").unlink()
    chosen = Settings(index=str(TARGET), passage_tokens=16, encoder=OTHER_ENCODER, reranker="none")
    update(chosen, encoders=encoders)
    update(chosen, encoders=encoders, rebuild=True)
    assert (snapshot(), read_all()) == (before, files)
    assert contents(TARGET)["counts"][0] == 4
    shutil.rmtree(TARGET)
    assert (snapshot(), read_all()) == (before, files)


def test_a_branch_that_is_there_stays(build: Build, encoders: FakeEncoders) -> None:
    build()
    branch(INDEX, TARGET)
    update(Settings(index=str(TARGET), passage_tokens=16), encoders=encoders)
    before = snapshot(TARGET)
    build(passage_tokens=32)
    branch(INDEX, TARGET)
    assert snapshot(TARGET) == before


@pytest.mark.parametrize("done", [0, 1, 5])
def test_half_a_branch_is_made_whole(build: Build, monkeypatch: pytest.MonkeyPatch, done: int) -> None:
    build()
    real = os.link
    linked: list[str] = []

    def link(source: str, target: str) -> None:
        if len(linked) == done:
            raise KeyboardInterrupt
        linked.append(target)
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", link)
        with pytest.raises(KeyboardInterrupt):
            branch(INDEX, TARGET)
    assert not (TARGET / "CURRENT").exists()
    build(passage_tokens=16)  # meanwhile the index has moved on
    branch(INDEX, TARGET)
    assert contents(TARGET) == contents()
    update(inherit(Settings(), INDEX, TARGET), encoders=FakeEncoders())
    assert names(TARGET) == {"CURRENT", "gen-000003", "encoders"}  # what the first try left is gone


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"^There is no index in no\. Make one with: briefqa index$"):
        branch(Path("no"), tmp_path / "branch")
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_is_damaged(build: Build) -> None:
    build()
    (INDEX / "gen-000001/manifest.json").unlink()
    with pytest.raises(IndexDamaged):
        branch(INDEX, TARGET)
    assert not TARGET.exists()


def test_a_folder_that_cannot_be_made(build: Build) -> None:
    build()
    Path("far").write_text("A file.", encoding="utf-8")
    with pytest.raises(IndexNotWritable) as caught:
        branch(INDEX, TARGET)
    assert str(caught.value) == "The index far/away/branch can't be made from index: not a directory."


def test_settings_of_a_branch_follow_the_index(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build(passage_tokens=48, overlap_tokens=8)
    branch(INDEX, TARGET)
    said = Settings(corpus=("elsewhere",), index="index", passage_tokens=16, retriever="dense")
    assert inherit(said, INDEX, TARGET) == Settings(
        corpus=(str(articles),),
        index=str(TARGET),
        passage_tokens=16,
        overlap_tokens=8,
        dense_index="auto",
        retriever="dense",
    )
    assert inherit(Settings(), INDEX, TARGET) == Settings(
        corpus=(str(articles),), index=str(TARGET), passage_tokens=48, overlap_tokens=8, dense_index="auto"
    )
    # An index that was given other models since is followed, unless the settings say otherwise.
    build(encoder=OTHER_ENCODER, reranker=RERANKER, overlap_tokens=0)
    found = inherit(Settings(), INDEX, TARGET)
    assert (found.encoder, found.reranker, found.overlap_tokens) == (OTHER_ENCODER, RERANKER, 0)
    build(dense_index="int8")
    assert inherit(Settings(), INDEX, TARGET).dense_index == "int8"
    assert inherit(Settings(dense_index="flat"), INDEX, TARGET).dense_index == "flat"
    found = inherit(Settings(encoder="mine", reranker=OTHER_RERANKER, overlap_tokens=4), INDEX, TARGET)
    assert (found.encoder, found.reranker, found.overlap_tokens) == ("mine", OTHER_RERANKER, 4)
    update(inherit(Settings(), INDEX, TARGET), encoders=encoders)
    assert contents(TARGET)["vectors"] == contents()["vectors"]
    # It has both now: neither is named, so that neither has to be installed.
    found = inherit(Settings(), INDEX, TARGET)
    assert (found.encoder, found.reranker) == (None, None)
    build(reranker="none")
    assert inherit(Settings(), INDEX, TARGET).reranker == "none"


def test_the_articles_are_the_index_s_wherever_the_folders_stand(
    build: Build, encoders: FakeEncoders, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (articles / "osce.txt").rename("alone.txt")
    build(corpus=("corpus/nested", "alone.txt"))
    Path("project").mkdir()
    for name in ("index", "corpus", "alone.txt"):
        Path(name).rename(Path("project", name))
    monkeypatch.chdir("project/corpus")
    index = Path("../index")
    branch(index, TARGET)
    found = inherit(Settings(), index, TARGET)
    assert found.corpus == (str(articles.parent / "project/corpus/nested"), str(articles.parent / "project/alone.txt"))
    update(found, encoders=encoders)
    assert contents(TARGET)["counts"][0] == 2
    assert encoders.encoded == 2  # by the first run
