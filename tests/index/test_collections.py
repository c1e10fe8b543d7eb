"""Collections and .gitignore files, from briefqa.toml to the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefqa.config import load_settings
from briefqa.errors import CorpusError
from briefqa.index.branch import branch, inherit
from briefqa.index.freshness import count_changes
from briefqa.index.generation import open_manifest
from briefqa.index.places import resolve_source, sources_of
from briefqa.index.reader import open_generation
from briefqa.index.update import update
from briefqa.reports import IndexReport
from briefqa.types import ChangeCounts, Document
from tests.fakes import FakeEncoders
from tests.index.folders import INDEX

TOML = """
[collections.news]
paths = ["news", "wire/*.txt"]
exclude = ["drafts/"]
source = "The Wire"
tags = ["wire"]

[collections.notes]
paths = ["notes"]
include = ["**/*.md"]
"""
FILES = ("news/a.md", "news/drafts/b.md", "wire/c.txt", "wire/c.md", "wire/deep/d.txt", "notes/e.md", "notes/f.txt")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"The ferry {name} crosses the lake.\n", encoding="utf-8")
    (tmp_path / "briefqa.toml").write_text(TOML, encoding="utf-8")
    return tmp_path


def index(here: Path, encoders: FakeEncoders, **given: object) -> IndexReport:
    return update(load_settings(here, {}, **given), encoders=encoders)


def documents() -> list[Document]:
    reader = open_generation(INDEX)
    found = list(reader.documents())
    reader.close()
    return found


def now() -> ChangeCounts | None:
    folder, manifest = open_manifest(INDEX)
    return count_changes(folder, [resolve_source(source, INDEX) for source in manifest.sources])


def test_an_index_of_all_collections(here: Path, encoders: FakeEncoders) -> None:
    report = index(here, encoders)
    assert (report.added, report.complete) == (3, True)
    assert [(entry.path, entry.collection, entry.source, entry.tags) for entry in documents()] == [
        ("news/a.md", "news", "The Wire", ("wire",)),
        ("wire/c.txt", "news", "The Wire", ("wire",)),
        ("notes/e.md", "notes", None, ()),
    ]
    assert not index(here, encoders).changed_index
    assert now() == ChangeCounts(0, 0, 0)
    for name in ("wire/g.txt", "wire/g.md", "notes/g.txt", "news/drafts/g.md"):
        (here / name).write_text("Another.\n", encoding="utf-8")
    assert now() == ChangeCounts(1, 0, 0)


def test_what_is_said_of_corpus_comes_before_collections(here: Path, encoders: FakeEncoders) -> None:
    (here / "briefqa.toml").write_text('corpus = ["wire/deep"]\n' + TOML, encoding="utf-8")
    index(here, encoders)
    assert [(entry.path, entry.collection) for entry in documents()] == [
        ("wire/deep/d.txt", None),
        ("news/a.md", "news"),
        ("wire/c.txt", "news"),
        ("notes/e.md", "notes"),
    ]
    index(here, encoders, corpus=("notes",))  # a call that names folders is about nothing else
    assert [(entry.path, entry.collection) for entry in documents()] == [("notes/e.md", None), ("notes/f.txt", None)]


def test_files_are_read_again_when_what_is_said_of_them_changes(here: Path, encoders: FakeEncoders) -> None:
    index(here, encoders)
    (here / "briefqa.toml").write_text(TOML.replace("The Wire", "The Cable"), encoding="utf-8")
    report = index(here, encoders)
    assert (report.changed, report.kept, report.encoded) == (2, 1, 0)
    assert [entry.source for entry in documents()] == ["The Cable", "The Cable", None]
    (here / "briefqa.toml").write_text(
        TOML.replace("The Wire", "The Cable").replace("drafts/", "a.md"), encoding="utf-8"
    )
    report = index(here, encoders)
    assert (report.added, report.removed, report.changed, report.kept) == (1, 1, 0, 2)


def test_a_branch_has_the_same_collections(here: Path, encoders: FakeEncoders) -> None:
    index(here, encoders)
    branch(INDEX, Path("other"))
    settings = inherit(load_settings(here, {}, corpus=("nowhere",)), INDEX, Path("other"))
    (here / "wire/g.txt").write_text("Another.\n", encoding="utf-8")
    report = update(settings, encoders=encoders)
    assert (report.added, report.changed, report.removed, report.kept) == (1, 0, 0, 3)


def test_gitignore_files_hold_below_where_they_stand(here: Path, encoders: FakeEncoders) -> None:
    (here / ".gitignore").write_text("*\n", encoding="utf-8")  # not in a source's folder
    (here / "news" / ".gitignore").write_text("*.txt\ndrafts\n!kept.txt\n!\n", encoding="utf-8")
    for name in ("x.txt", "kept.txt", "sub/y.txt", "sub/z.md", "sub/w.txt"):
        (here / "news" / name).parent.mkdir(exist_ok=True)
        (here / "news" / name).write_text("Text.\n", encoding="utf-8")
    (here / "news/sub/.gitignore").write_text("/z.md\n!w.txt\n", encoding="utf-8")
    index(here, encoders, corpus=("news",))
    assert [entry.key for entry in documents()] == ["a.md", "kept.txt", "sub/w.txt"]
    report = index(here, encoders, corpus=("news",), gitignore=False)
    assert report.added == 4
    assert [entry.key for entry in documents()] == [
        "a.md", "drafts/b.md", "kept.txt", "sub/w.txt", "sub/y.txt", "sub/z.md", "x.txt",
    ]  # fmt: skip


def test_a_collection_that_is_not_there_is_told(here: Path, encoders: FakeEncoders) -> None:
    (here / "briefqa.toml").write_text('[collections.old]\npaths = ["gone"]\n', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"^There is no folder or file gone\. Name the folder"):
        index(here, encoders)


def test_a_wildcard_is_a_folder_and_a_pattern(here: Path) -> None:
    settings = load_settings(here, {}, corpus=("wire/*.txt", "n*/a.md", "notes", "wire/[x].md"))
    (here / "wire/[x].md").write_text("A name with brackets.\n", encoding="utf-8")
    assert [(source.path, source.pattern, source.is_file) for source in sources_of(settings)] == [
        (str(here / "wire"), "/*.txt", False),
        (str(here), "/n*/a.md", False),
        (str(here / "notes"), "", False),
        (str(here / "wire/[x].md"), "", True),
    ]
