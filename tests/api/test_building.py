"""Making an index in one call."""

from __future__ import annotations

from pathlib import Path

import pytest

import briefqa
from briefqa.collection import Collection
from briefqa.config import Settings
from briefqa.errors import CorpusError
from briefqa.types import NO_RULES
from tests.fakes import FakeEncoders


def test_an_index_of_the_named_articles(articles: Path, encoders: FakeEncoders) -> None:
    stages: list[tuple[str, int, int]] = []

    def progress(stage: str, done: int, total: int) -> None:
        stages.append((stage, done, total))

    report = briefqa.build(articles / "nested", "corpus/osce.txt", index="here", progress=progress, encoders=encoders)
    assert (report.changed_index, report.added, report.documents, report.complete) == (True, 2, 2, True)
    assert {done for _, done, total in stages if done == total} != set()
    assert all(0 <= done <= total for _, done, total in stages)
    with briefqa.open("here", encoders=encoders) as index:
        assert [document.key for document in index.documents()] == ["cis.md", "osce.txt"]
    again = briefqa.build("corpus/nested", "corpus/osce.txt", index=Path("here"), encoders=encoders)
    assert (again.changed_index, again.generation, again.kept) == (False, 1, 2)
    anew = briefqa.build("corpus/nested", "corpus/osce.txt", index="here", rebuild=True, encoders=encoders)
    assert (anew.changed_index, anew.generation, anew.encoded) == (True, 2, report.encoded)


def test_what_is_not_named_is_as_the_settings_have_it(articles: Path, encoders: FakeEncoders) -> None:
    one = Settings(corpus=("corpus/osce.txt",), index="one")
    assert briefqa.build(settings=one, encoders=encoders).documents == 1
    assert Path("one/CURRENT").exists()
    grouped = Settings(corpus=(), collections=(Collection("talks", ("corpus/peace.md",), NO_RULES),), index="two")
    assert briefqa.build(settings=grouped, encoders=encoders).documents == 1
    assert briefqa.build("corpus", settings=grouped, encoders=encoders).documents == 5
    assert briefqa.build(encoders=encoders).documents == 5
    assert sorted(path.name for path in articles.parent.iterdir()) == ["corpus", "index", "one", "two"]


def test_nothing_to_index(articles: Path, encoders: FakeEncoders) -> None:
    with pytest.raises(CorpusError, match=r"^There is no folder or file nowhere\."):
        briefqa.build("nowhere", index="here", encoders=encoders)
    assert [path.name for path in articles.parent.iterdir()] == ["corpus"]
