"""Every address held against the article files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from briefqa.corpus import pool
from briefqa.corpus.loading import Job, Outcome, take_in
from briefqa.index import rereading
from briefqa.index.rereading import reread
from briefqa.reports import Rereading
from tests.conftest import Build
from tests.index.folders import INDEX


def read_again() -> tuple[Rereading, list[str]]:
    return reread(INDEX, progress=lambda stage, done, total: None)


def test_all_stands_where_it_is_cited(build: Build) -> None:
    build()
    # Of tests/conftest.py: 6 + 3 + 5 + 4 + 4 + 2 sentences, as tests/index/test_sentences.py counts them.
    assert read_again() == (Rereading(5, 6, 24, (), ()), [])


def test_files_that_moved_on_are_no_damage(build: Build, articles: Path) -> None:
    build()
    (articles / "peace.md").write_text("Other words.\n", encoding="utf-8")
    (articles / "osce.txt").unlink()
    (articles / "later.txt").write_text("A later article.\n", encoding="utf-8")
    found, wrong = read_again()
    assert (found.files, found.changed, found.gone, wrong) == (3, ("corpus/peace.md",), ("corpus/osce.txt",), [])


def test_a_text_that_loads_otherwise_is_told(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    def other(job: Job) -> Outcome:
        outcome = take_in(job)
        if job.file.key == "osce.txt":
            return Outcome(outcome.size, outcome.mtime_ns, outcome.sha256, reason="it is odd")
        if job.file.key == "union.text":
            (entry,) = outcome.documents
            document = replace(entry.document, text=entry.document.text.replace("1999", "1998"))
            return replace(outcome, documents=[replace(entry, document=document)])
        return outcome

    build()
    monkeypatch.setattr(pool, "resolve", lambda name: other)
    told = [
        "corpus/osce.txt is as it was, and can't be read any more: it is odd",
        "corpus/union.text is as it was, and its text in the index is another",
    ]
    assert read_again()[1] == told
    # Made by other loaders, texts can't be compared; the lines of the files hold the sentences all the same.
    monkeypatch.setattr(rereading, "LOADING_VERSION", 0)
    assert read_again()[1] == []


def test_a_sentence_that_the_lines_do_not_hold_is_told(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    monkeypatch.setattr(rereading, "decode", lambda data: (data.decode().replace("1999", "1998"), None))
    wrong = read_again()[1]
    assert len(wrong) == 1
    assert wrong[0].startswith("corpus/union.text:1 does not hold the sentence of passage ")


@pytest.mark.parametrize(
    ("sentence", "place", "held"),
    [
        ("One two.", "Zero. One\n  two. Three.", True),
        ("One two three.", "One\nADVERTISEMENT\ntwo three.", True),
        ("One two.", "two. One", False),
        ("第二句。", "第一句。第二句。", True),
    ],
)
def test_what_it_is_to_stand_in_lines(sentence: str, place: str, held: bool) -> None:
    assert rereading._stands_in(sentence, place) is held
