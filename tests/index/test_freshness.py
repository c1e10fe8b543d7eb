from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import briefqa
from briefqa.config import Settings
from briefqa.errors import IndexDamaged, IndexMissing
from briefqa.index import freshness
from briefqa.index.freshness import count_changes, file_state
from briefqa.index.generation import open_manifest
from briefqa.index.places import resolve_source
from briefqa.index.update import refresh
from briefqa.types import ChangeCounts, Document, Source
from tests.conftest import Build
from tests.fakes import FakeEncoders
from tests.index.folders import INDEX

SURE = Settings(retriever="lexical", min_confidence=0.0, max_quotes=1)


def opened() -> tuple[Path, list[Source]]:
    folder, manifest = open_manifest(INDEX)
    return folder, [resolve_source(source, INDEX) for source in manifest.sources]


def test_each_kind_of_change_is_counted(build: Build, articles: Path) -> None:
    build()
    assert count_changes(*opened()) == ChangeCounts(0, 0, 0)
    for name in ("new.md", "deep/er/new.txt", "third.md"):
        (articles / name).parent.mkdir(parents=True, exist_ok=True)
        (articles / name).write_text("New.\n", encoding="utf-8")
    (articles / "passed-over.xyz").write_text("No article.\n", encoding="utf-8")
    (articles / "peace.md").write_text("Shorter.\n", encoding="utf-8")
    (articles / "union.text").unlink()
    (articles / "osce.txt").unlink()
    assert count_changes(*opened()) == ChangeCounts(3, 1, 2)
    assert str(ChangeCounts(1234, 0, 2)) == "1,234 new, 0 changed, 2 removed"


def test_content_is_looked_at_only_where_the_time_differs(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    hashed: list[str] = []
    real = freshness._sha256

    def note(path: str) -> str:
        hashed.append(os.path.basename(path))
        return real(path)

    monkeypatch.setattr(freshness, "_sha256", note)
    os.utime(articles / "osce.txt", ns=(1, 1))
    path = articles / "union.text"
    path.write_text(path.read_text(encoding="utf-8").replace("1999", "1998"), encoding="utf-8")
    (articles / "peace.md").write_text("Of another size.\n", encoding="utf-8")
    assert count_changes(*opened()) == ChangeCounts(0, 2, 0)
    assert sorted(hashed) == ["osce.txt", "union.text"]


def test_what_takes_too_long_is_not_told(
    build: Build, encoders: FakeEncoders, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        (articles / f"{number}.txt").write_text(f"Number {number}.\n", encoding="utf-8")
    build()
    assert count_changes(*opened(), seconds=60.0) == ChangeCounts(0, 0, 0)
    assert count_changes(*opened(), seconds=-1.0) is None
    monkeypatch.setattr("briefqa.api.opened.count_changes", lambda *_: None)
    with briefqa.open(settings=SURE, encoders=encoders) as index:
        assert (index.info.stale, index.info.changes) == (None, None)
        assert index.search("Minsk").notes == (
            "Whether the articles have changed since the index was made was not checked: there are too many to look at"
            " in a moment. See: briefqa status",
        )


def test_a_damaged_record_of_the_files_is_told(build: Build) -> None:
    build()
    folder, sources = opened()
    (folder / "files.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(IndexDamaged, match=r"files\.sqlite is damaged\. Make the index again"):
        count_changes(folder, sources)


def test_nothing_is_told_where_the_articles_or_the_generation_are_gone(build: Build, articles: Path) -> None:
    build()
    folder, sources = opened()
    assert count_changes(folder.with_name("gen-000099"), sources) is None
    shutil.rmtree(articles)
    assert count_changes(folder, sources) is None


def document(encoders: FakeEncoders, key: str) -> Document:
    with briefqa.open(settings=SURE, encoders=encoders) as index:
        return next(entry for entry in index.documents() if entry.key == key)


def test_the_state_of_a_cited_file(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build()
    folder, sources = opened()
    path, cited = articles / "osce.txt", document(encoders, "osce.txt")
    assert file_state(cited, folder, sources) == "as indexed"
    assert file_state(cited, folder.with_name("gen-000099"), sources) == "as indexed"  # by its content then
    os.utime(path, ns=(1, 1))
    assert file_state(cited, folder, sources) == "as indexed"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Vienna", b"Geneva"))
    assert file_state(cited, folder, sources) == "changed"
    path.write_bytes(data)
    assert file_state(cited, folder, sources) == "as indexed"
    path.unlink()
    assert file_state(cited, folder, sources) == "gone"
    shutil.rmtree(articles)
    assert file_state(cited, folder, sources) == "unknown"


def test_the_state_of_a_file_of_several_articles(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build()
    cited = document(encoders, "osce.txt")
    part = replace(cited, key="osce.txt#2", path=f"{cited.path}#2", part="2")
    assert file_state(part, *opened()) == "as indexed"
    (articles / "osce.txt").write_text("Another.\n", encoding="utf-8")
    assert file_state(part, *opened()) == "changed"


def test_the_state_of_a_file_that_is_a_source(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build(corpus=("corpus/osce.txt",))
    cited = document(encoders, "osce.txt")
    assert file_state(cited, *opened()) == "as indexed"
    (articles / "osce.txt").unlink()
    assert file_state(cited, *opened()) == "gone"


def test_refresh_takes_what_the_index_was_made_from(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build()
    (articles / "new.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
    elsewhere = Settings(corpus=("nowhere",), encoder="fake-other")
    report = refresh(elsewhere, encoders=encoders)
    assert (report.changed_index, report.added, report.kept, report.encoder) == (True, 1, 5, "all-MiniLM-L6-v2")
    assert not refresh(elsewhere, encoders=encoders).changed_index
    with pytest.raises(IndexMissing):
        refresh(Settings(index="none"), encoders=encoders)
