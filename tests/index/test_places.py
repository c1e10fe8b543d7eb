from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from briefqa.config import Settings
from briefqa.index.manifest import IndexedSource
from briefqa.index.places import Locator, make_sources, relative_to_index, resolve_source
from briefqa.index.reader import open_generation
from briefqa.index.update import update
from briefqa.types import Source
from tests.conftest import Build
from tests.fakes import FakeEncoders


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def shown(source: Source, index: Path, key: str = "sub/a.md", part: str = "") -> str:
    return Locator([relative_to_index(source, index)], index)(0, key, part)


def test_sources_are_what_the_user_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    (here / "a.md").write_text("Text.", encoding="utf-8")
    assert make_sources(["corpus", "../x/", "a.md", "~/y", "corpus", "./corpus"]) == (
        Source("corpus", str(here / "corpus"), is_file=False),
        Source("../x/", str(here.parent / "x"), is_file=False),
        Source("a.md", str(here / "a.md"), is_file=True),
        Source("~/y", "/home/someone/y", is_file=False),
        Source("./corpus", str(here / "corpus"), is_file=False),
    )


def test_a_manifest_keeps_sources_relative_to_the_index(here: Path) -> None:
    (source,) = make_sources(["../articles"])
    indexed = relative_to_index(source, Path("made/index"))
    assert indexed == IndexedSource("../articles", "../../../articles", is_file=False)
    assert resolve_source(indexed, Path("made/index")) == source
    assert resolve_source(indexed, Path("/moved/here/made/index")).path == "/moved/articles"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("corpus", "corpus/sub/a.md"),
        ("./corpus/", "corpus/sub/a.md"),
        (".", "sub/a.md"),
        ("../corpus", "../corpus/sub/a.md"),
    ],
)
def test_paths_are_shown_from_the_current_folder(here: Path, given: str, expected: str) -> None:
    assert here.is_dir()
    assert shown(make_sources([given])[0], Path("index")) == expected.replace("/", os.sep)


def test_absolute_paths_stay_so_unless_they_lie_below(here: Path) -> None:
    elsewhere = here.parent / "elsewhere"
    assert shown(make_sources([str(elsewhere)])[0], Path("index")) == str(elsewhere / "sub" / "a.md")
    assert shown(make_sources([str(here / "corpus")])[0], Path("index")) == os.path.join("corpus", "sub", "a.md")


def test_a_single_file_is_its_own_path(here: Path) -> None:
    (here / "a.md").write_text("Text.", encoding="utf-8")
    (source,) = make_sources(["a.md"])
    assert shown(source, Path("index"), "a.md") == "a.md"
    locator = Locator([relative_to_index(source, Path("index"))], Path("index"))
    assert locator.file(0, "a.md") == here / "a.md"
    (folder,) = make_sources(["corpus"])
    assert (
        Locator([relative_to_index(folder, Path("i"))], Path("i")).file(0, "x/b.md") == here / "corpus" / "x" / "b.md"
    )


def test_a_project_that_is_moved_whole_keeps_its_paths(
    build: Build, encoders: FakeEncoders, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    (tmp_path / "new" / "place").mkdir(parents=True)
    for folder in (articles, tmp_path / "index"):
        shutil.move(folder, tmp_path / "new" / "place" / folder.name)

    monkeypatch.chdir(tmp_path / "new")
    settings = Settings(corpus=(os.path.join("place", "corpus"),), index=os.path.join("place", "index"))
    report = update(settings, encoders=encoders)
    assert (report.changed_index, report.kept) == (False, 5)

    reader = open_generation(Path("place", "index"))
    documents = [document for document in reader.documents()]
    paths = [document.path for document in documents]
    assert paths == [
        os.path.join("place", "corpus", *key.split("/"))
        for key in ("csto.md", "nested/cis.md", "osce.txt", "peace.md", "union.text")
    ]
    for number, document in enumerate(documents):
        assert document.text in Path(document.path).read_text(encoding="utf-8")
        assert reader.locator.file(0, document.key) == tmp_path / "new" / Path(paths[number])
    reader.close()
