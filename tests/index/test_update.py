from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from briefqa.config import Settings
from briefqa.corpus.formats import FORMATS
from briefqa.errors import CorpusError, EncoderError, UsageError
from briefqa.index import plan
from briefqa.index.reader import open_generation
from briefqa.index.update import update
from briefqa.reports import IndexReport, Remark
from briefqa.types import NO_RULES
from tests.conftest import Build
from tests.fakes import OTHER_ENCODER, FakeEncoders, bag_of_words
from tests.index.folders import INDEX, contents, names, snapshot, tables

# Six passages in five documents: csto.md is the one that is too long for one passage.
PASSAGES = {"csto.md": 2, "nested/cis.md": 1, "osce.txt": 1, "peace.md": 1, "union.text": 1}


def counts(report: IndexReport) -> tuple[int, int, int, int, int, int]:
    return report.added, report.changed, report.removed, report.kept, report.encoded, report.reused


def vectors() -> dict[tuple[str, int], bytes]:
    """Every vector, by its document's key and its place in it."""
    reader = open_generation(INDEX)
    found = {}
    for number, (passage, document) in enumerate(reader.passages(range(len(reader)))):
        found[document.key, passage.start] = reader.segments.vectors([number]).tobytes()
    reader.close()
    return found


def same_as_fresh(build: Build) -> None:
    """The index holds what one would that is built from nothing."""
    manifest = json.loads((INDEX / "gen-000002" / "manifest.json").read_text(encoding="utf-8"))
    build(index="fresh", **manifest["chunking"], encoder=manifest["encoder"]["name"])
    assert contents(INDEX) == contents(Path("fresh"))


def test_the_first_run_makes_everything(build: Build, encoders: FakeEncoders) -> None:
    report = build()
    assert report == IndexReport(
        changed_index=True,
        generation=1,
        documents=5,
        passages=6,
        added=5,
        changed=0,
        removed=0,
        kept=0,
        encoded=6,
        reused=0,
        remarks=(),
        encoder="all-MiniLM-L6-v2",
        seconds=report.seconds,
    )
    assert report.complete
    assert encoders.encoded == 6
    assert names() == {"CURRENT", "encoders", "gen-000001"}
    assert (INDEX / "CURRENT").read_text(encoding="utf-8") == "gen-000001\n"
    assert [path.name for path in (INDEX / "encoders").iterdir()] == [encoders.find("all-MiniLM-L6-v2").sha256]
    assert [row[3] for row in tables()["documents"]] == list(PASSAGES)
    assert [row[2] for row in tables()["passages"]] == [0, 0, 1, 2, 3, 4]


def test_the_manifest_says_what_was_made_from_what(build: Build, encoders: FakeEncoders) -> None:
    build(passage_tokens=50, overlap_tokens=5)
    folder = INDEX / "gen-000001"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["format"] == 4
    assert manifest["generation"] == 1
    assert manifest["chunking"] == {"passage_tokens": 50, "overlap_tokens": 5}
    rules = asdict(NO_RULES) | {"include": [], "exclude": [], "tags": [], "fields": []}
    source = {"given": "corpus", "path": "../corpus", "is_file": False, "pattern": "", "rules": rules}
    assert manifest["sources"] == [source]
    assert manifest["encoder"] == {
        "name": "all-MiniLM-L6-v2",
        "revision": "fake 1",
        "sha256": encoders.find("all-MiniLM-L6-v2").sha256,
        "dimension": 64,
        "window": 64,
        "precision": "fp32",
    }
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert manifest["files"].keys() == files - {"manifest.json"}
    for name, record in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert record == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_vectors_are_of_title_and_text(build: Build) -> None:
    build()
    reader = open_generation(INDEX)
    for number, (passage, document) in enumerate(reader.passages(range(len(reader)))):
        text = f"{document.title}\n{passage.text}" if document.title else passage.text
        expected = bag_of_words(text, "all-MiniLM-L6-v2")
        np.testing.assert_allclose(reader.segments.vectors([number])[0], expected, atol=1e-6)
    assert reader.lexical_top(["glanc"], 9) != []  # a word of a title only
    reader.close()


def test_a_second_run_changes_and_writes_nothing(build: Build, encoders: FakeEncoders) -> None:
    build()
    before, loaded = snapshot(), list(encoders.loaded)
    report = build()
    assert snapshot() == before
    assert (report.changed_index, report.generation, report.documents, report.passages) == (False, 1, 5, 6)
    assert counts(report) == (0, 0, 0, 5, 0, 0)
    assert (encoders.encoded, encoders.loaded) == (6, loaded)


def test_a_second_run_opens_no_article_that_was_written_well_before_the_first(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in articles.rglob("*.*"):
        os.utime(path, ns=(1, 1_500_000_000_000_000_000))
    opened: list[Path] = []
    monkeypatch.setattr(plan, "_sha256", opened.append)
    before = time.time_ns()
    build()
    created = open_generation(INDEX).manifest.created_ns
    assert before <= created <= time.time_ns()
    assert not build().changed_index
    assert opened == []


def test_only_an_edited_article_is_encoded(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build()
    before = vectors()
    path = articles / "osce.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Vienna", "Prague or Vienna"), encoding="utf-8")
    report = build()
    assert counts(report) == (0, 1, 0, 4, 1, 5)
    assert [text for text in encoders.passages[6:] if "Prague" in text] == encoders.passages[6:]
    assert len(encoders.passages) == 7
    after = vectors()
    assert before.keys() == after.keys()
    assert {place for place in before if before[place] != after[place]} == {("osce.txt", 0)}
    assert names() == {"CURRENT", "encoders", "gen-000002"}
    same_as_fresh(build)


def test_an_edit_that_keeps_size_and_time_is_seen_in_a_fresh_index(build: Build, articles: Path) -> None:
    build()
    path = articles / "union.text"
    stat = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("1999", "1998"), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert counts(build()) == (0, 1, 0, 4, 1, 5)
    assert "signed in 1998." in tables()["documents"][4][-1]


def test_within_an_edited_article_only_what_changed_is_encoded(build: Build, articles: Path) -> None:
    build()
    path = articles / "csto.md"
    path.write_text(path.read_text(encoding="utf-8").replace("six members", "five members"), encoding="utf-8")
    assert counts(build()) == (0, 1, 0, 4, 1, 5)
    same_as_fresh(build)


def test_a_touched_article_is_no_change(build: Build, articles: Path) -> None:
    build()
    before = snapshot()
    os.utime(articles / "csto.md", ns=(1, 1))
    assert not build().changed_index
    assert snapshot() == before


def test_a_removed_article_goes_and_nothing_is_encoded(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build()
    before = vectors()
    (articles / "csto.md").unlink()
    report = build()
    assert counts(report) == (0, 0, 1, 4, 0, 4)
    assert (report.documents, report.passages, encoders.encoded) == (4, 4, 6)
    assert vectors() == {place: vector for place, vector in before.items() if place[0] != "csto.md"}
    same_as_fresh(build)


def test_a_renamed_article_keeps_its_vectors(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build()
    before = vectors()
    (articles / "csto.md").rename(articles / "renamed.md")
    assert counts(build()) == (1, 0, 1, 4, 0, 6)
    assert encoders.encoded == 6
    after = vectors()
    assert [after["renamed.md", start] for _, start in sorted(before)[:2]] == [
        before[place] for place in sorted(before)[:2]
    ]
    same_as_fresh(build)


def test_a_new_article_is_added_in_its_place(build: Build, articles: Path) -> None:
    build()
    (articles / "next.md").write_text("# Next\n\nA new article stands here.\n", encoding="utf-8")
    assert counts(build()) == (1, 0, 0, 5, 1, 6)
    assert [row[3] for row in tables()["documents"]] == [
        "csto.md",
        "nested/cis.md",
        "next.md",
        "osce.txt",
        "peace.md",
        "union.text",
    ]
    same_as_fresh(build)


def test_many_changes_at_once_equal_a_fresh_index(build: Build, articles: Path) -> None:
    build()
    (articles / "osce.txt").unlink()
    (articles / "peace.md").rename(articles / "nested" / "peace.md")
    (articles / "a.txt").write_text("First of all.\n", encoding="utf-8")
    (articles / "copy.md").write_bytes((articles / "csto.md").read_bytes())
    (articles / "empty.md").write_text("", encoding="utf-8")
    (articles / "union.text").write_text("The Union State.\n\nIts treaty: 1999.\n", encoding="utf-8")
    report = build()
    assert counts(report) == (4, 1, 2, 2, 2, 6)
    same_as_fresh(build)


def test_another_passage_length_cuts_anew_and_stays(build: Build, encoders: FakeEncoders) -> None:
    build()
    report = build(passage_tokens=20)
    assert report.changed_index
    assert report.passages > 6
    assert counts(report)[:4] == (0, 0, 0, 5)
    # Only what is text by text the same has a vector: the two short articles.
    assert report.encoded == encoders.encoded - 6 == report.passages - report.reused
    assert report.reused == 1
    same_as_fresh(build)
    before = snapshot()
    assert not build().changed_index
    assert not build(passage_tokens=20).changed_index
    assert snapshot() == before


def test_another_overlap_cuts_anew(build: Build) -> None:
    build(passage_tokens=30)
    report = build(overlap_tokens=12)
    assert report.changed_index
    assert open_generation(INDEX).manifest.chunking.overlap_tokens == 12
    same_as_fresh(build)


def test_another_encoder_encodes_everything_anew(build: Build, encoders: FakeEncoders) -> None:
    build()
    before = vectors()
    report = build(encoder=OTHER_ENCODER)
    assert counts(report) == (0, 0, 0, 5, 6, 0)
    assert (report.encoder, encoders.exported) == (OTHER_ENCODER, ["all-MiniLM-L6-v2", OTHER_ENCODER])
    after = vectors()
    assert before.keys() == after.keys()
    assert all(before[place] != after[place] for place in before)
    assert [path.name for path in (INDEX / "encoders").iterdir()] == [encoders.find(OTHER_ENCODER).sha256]
    same_as_fresh(build)
    assert not build().changed_index


def test_the_same_name_with_other_weights_is_another_encoder(build: Build, articles: Path) -> None:
    build()
    other = FakeEncoders(salt="other weights")
    assert not update(Settings(), encoders=other).changed_index
    report = update(Settings(encoder="all-MiniLM-L6-v2"), encoders=other)
    assert (report.encoded, report.reused, other.encoded) == (6, 0, 6)
    third = FakeEncoders(salt="third")
    (articles / "union.text").unlink()
    assert update(Settings(), encoders=third).encoded == third.encoded == 5


def test_an_unknown_encoder_leaves_the_index_alone(build: Build) -> None:
    build()
    before = snapshot()
    with pytest.raises(EncoderError, match=r"^There is no encoder 'nobody' here\.$"):
        build(encoder="nobody")
    assert snapshot() == before


def test_an_unknown_encoder_makes_no_generation(build: Build) -> None:
    with pytest.raises(EncoderError):
        build(encoder="nobody")
    assert not INDEX.exists() or names() == set()


def test_rebuild_makes_everything_anew(build: Build, encoders: FakeEncoders) -> None:
    build(passage_tokens=30)
    before = contents()
    report = build(rebuild=True, passage_tokens=30)
    assert (report.generation, report.changed_index, report.added, report.encoded) == (2, True, 5, report.passages)
    assert encoders.encoded == 2 * report.passages
    assert contents() == before


def test_bad_files_are_told_every_time(build: Build, articles: Path) -> None:
    (articles / "a.md").write_bytes(b"\x89PNG\0\0")
    (articles / "empty.txt").write_text("", encoding="utf-8")
    (articles / "when.md").write_text("---\ndate: soon\n---\nIt is told.\n", encoding="utf-8")
    (articles / "link.md").symlink_to("/etc/hostname")
    remarks = (
        Remark("a.md", "it looks like a binary file, not like text", indexed=False),
        Remark("empty.txt", "it is empty", indexed=False),
        Remark("link.md", "it is a link out of the folder", indexed=False),
        Remark(
            "when.md",
            "its date 'soon' is not of the form 2018-11-22, 2018-11 or 2018, so its date is unknown",
            indexed=True,
        ),
    )
    first = build()
    assert (first.added, first.documents, first.remarks, first.complete) == (8, 6, remarks, False)
    before = snapshot()
    second = build()
    assert (second.changed_index, second.remarks, second.complete) == (False, remarks, False)
    assert snapshot() == before
    (articles / "union.text").unlink()
    third = build()
    assert (third.kept, third.removed, third.encoded, third.remarks) == (7, 1, 0, remarks)
    (articles / "a.md").write_text("Mended, it is.", encoding="utf-8")
    fourth = build()
    assert (fourth.changed, fourth.encoded, fourth.remarks) == (1, 1, remarks[1:])


def test_only_bad_files_are_an_error_and_the_old_index_stays(build: Build, articles: Path) -> None:
    build()
    before = contents()
    for path in [*articles.rglob("*.*")]:
        path.unlink()
    (articles / "a.md").write_text("", encoding="utf-8")
    (articles / "b.md").write_bytes(b"\0")
    with pytest.raises(CorpusError) as caught:
        build()
    assert str(caught.value) == (
        "No article can be used: a.md: it is empty; b.md: it looks like a binary file, not like text."
    )
    assert contents() == before
    assert names() == {"CURRENT", "encoders", "gen-000001"}


def test_no_files_are_an_error_and_the_old_index_stays(build: Build, articles: Path) -> None:
    build()
    before = snapshot()
    shutil.rmtree(articles / "nested")
    for path in articles.iterdir():
        path.unlink()
    (articles / "notes.xyz").write_text("x", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        build()
    assert (
        str(caught.value)
        == f"There is no article in corpus. briefqa reads files that end in {', '.join(sorted(FORMATS))}."
    )
    (articles / "link.md").symlink_to("/etc/hostname")
    with pytest.raises(CorpusError) as caught:
        build()
    assert str(caught.value) == (
        "There is no article that can be read in corpus: link.md: it is a link out of the folder."
    )
    articles.rename(articles.parent / "moved")
    with pytest.raises(CorpusError) as caught:
        build()
    assert str(caught.value) == "There is no folder or file corpus. Name the folder that holds your articles."
    assert snapshot() == before


def test_an_overlap_as_long_as_the_passages_leaves_the_index_alone(build: Build) -> None:
    build()
    before = contents()
    with pytest.raises(UsageError):
        build(passage_tokens=20, overlap_tokens=20)
    assert contents() == before
    assert names() == {"CURRENT", "encoders", "gen-000001"}


def test_several_sources_and_their_order(build: Build, encoders: FakeEncoders, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "csto.md").write_text("# Another\n\nThe same key in another folder.\n", encoding="utf-8")
    build()
    report = build(corpus=("more", "corpus"))
    assert counts(report) == (1, 0, 0, 5, 1, 6)
    assert [(row[2], row[3]) for row in tables()["documents"]][:2] == [(0, "csto.md"), (1, "csto.md")]
    same_as_fresh_sources = contents()
    build(corpus=("more", "corpus"), index="fresh")
    assert contents(Path("fresh")) == same_as_fresh_sources
    assert not build(corpus=("more", "corpus")).changed_index
    assert counts(build(corpus=("corpus", "more"))) == (0, 0, 0, 6, 0, 7)
    assert counts(build(corpus=("corpus",))) == (0, 0, 1, 5, 0, 6)
    assert counts(build(corpus=(str(articles / "csto.md"),)))[:4] == (1, 0, 5, 0)
    assert encoders.encoded == 6 + 1 + 7


def test_progress_is_told(build: Build, articles: Path, encoders: FakeEncoders) -> None:
    assert articles.is_dir()
    told: list[tuple[str, int, int]] = []
    update(Settings(), encoders=encoders, progress=lambda stage, done, total: told.append((stage, done, total)))
    assert told == [
        *(("reading articles", count, 5) for count in range(1, 6)),
        ("loading the encoder", 0, 1),
        ("loading the encoder", 1, 1),
        *(("cutting passages", count, 5) for count in range(1, 6)),
        ("exporting the encoder", 0, 1),
        ("exporting the encoder", 1, 1),
        ("encoding passages", 0, 6),
        ("encoding passages", 6, 6),
        ("writing the lexical index", 0, 1),
        ("writing the lexical index", 1, 1),
    ]
    told.clear()
    assert not build().changed_index
    assert told == []
