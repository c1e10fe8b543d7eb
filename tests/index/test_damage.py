"""An index that is not what was written: told as what it is, with the file and the command, and mended by it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from briefqa.errors import BriefqaError, IndexDamaged, IndexMismatch
from briefqa.index.checksums import write_list
from briefqa.index.models import FORMAT_FILE
from briefqa.index.reader import open_generation
from tests.conftest import Build
from tests.fakes import EXPORTED_FILE, FakeEncoders
from tests.index.folders import INDEX, contents, tables

GENERATION = INDEX / "gen-000001"
SEGMENT = GENERATION / "seg-000001"
AGAIN = "Make the index again with: briefqa index --rebuild"


def alter(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def unsign() -> None:
    """Make the manifest one of an earlier version, which has no hash of its own."""
    path = GENERATION / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    table.pop("sha256", None)
    path.write_text(json.dumps(table), encoding="utf-8")


def alter_manifest(**values: object) -> None:
    path = GENERATION / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**table, **values}), encoding="utf-8")
    unsign()


def without(name: str) -> None:
    path = GENERATION / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    del table[name]
    path.write_text(json.dumps(table), encoding="utf-8")
    unsign()


def zero_catalog() -> None:
    alter(SEGMENT / "catalog.sqlite", lambda data: b"\0" * len(data))


Case = tuple[Callable[[], object], type[BriefqaError], str]
# What is done, and what opening says. Sizes stand for themselves: SIZE is the real one.
CASES: dict[str, Case] = {
    "CURRENT is cut": (
        lambda: (INDEX / "CURRENT").write_text("gen-0", encoding="utf-8"),
        IndexDamaged,
        f"index/CURRENT is damaged. {AGAIN}",
    ),
    "CURRENT leads elsewhere": (
        lambda: (INDEX / "CURRENT").write_text("../gen-000001", encoding="utf-8"),
        IndexDamaged,
        f"index/CURRENT is damaged. {AGAIN}",
    ),
    "CURRENT is no text": (
        lambda: (INDEX / "CURRENT").write_bytes(b"\xff\xfe"),
        IndexDamaged,
        f"index/CURRENT can't be read. {AGAIN}",
    ),
    "CURRENT names nothing": (
        lambda: (INDEX / "CURRENT").write_text("gen-000005", encoding="utf-8"),
        IndexDamaged,
        "The index in index is damaged: gen-000005/manifest.json can't be read."
        " Make it again with: briefqa index --rebuild",
    ),
    "the manifest is missing": (
        lambda: (GENERATION / "manifest.json").unlink(),
        IndexDamaged,
        "The index in index is damaged: gen-000001/manifest.json can't be read."
        " Make it again with: briefqa index --rebuild",
    ),
    "the manifest is cut": (
        lambda: alter(GENERATION / "manifest.json", lambda data: data[:-20]),
        IndexDamaged,
        f"index/gen-000001/manifest.json is damaged. {AGAIN}",
    ),
    "the manifest is no table": (
        lambda: (GENERATION / "manifest.json").write_text("[]", encoding="utf-8"),
        IndexDamaged,
        f"index/gen-000001/manifest.json is damaged. {AGAIN}",
    ),
    "the manifest lacks a value": (
        lambda: without("passages"),
        IndexDamaged,
        f"index/gen-000001/manifest.json is damaged. {AGAIN}",
    ),
    "the manifest lacks its format": (
        lambda: without("format"),
        IndexDamaged,
        f"index/gen-000001/manifest.json is damaged. {AGAIN}",
    ),
    "the format is another": (
        lambda: alter_manifest(format=99),
        IndexMismatch,
        "The index in index has format 99, and this briefqa reads format 4."
        " Make it again with: briefqa index --rebuild",
    ),
    "the catalog is missing": (
        lambda: (SEGMENT / "catalog.sqlite").unlink(),
        IndexDamaged,
        f"index/gen-000001/seg-000001/catalog.sqlite is missing or unreadable. {AGAIN}",
    ),
    "the dense file is missing": (
        lambda: (SEGMENT / "dense.faiss").unlink(),
        IndexDamaged,
        f"index/gen-000001/seg-000001/dense.faiss is missing or unreadable. {AGAIN}",
    ),
    "the dense file is cut": (
        lambda: alter(SEGMENT / "dense.faiss", lambda data: data[:1000]),
        IndexDamaged,
        f"index/gen-000001/seg-000001/dense.faiss has 1000 bytes and should have SIZE. {AGAIN}",
    ),
    "the dense file is another": (
        lambda: alter(SEGMENT / "dense.faiss", lambda data: b"x" * len(data)),
        IndexDamaged,
        f"index/gen-000001/seg-000001/dense.faiss is damaged. {AGAIN}",
    ),
    "the sentence vectors are missing": (
        lambda: (SEGMENT / "sentences.npy").unlink(),
        IndexDamaged,
        f"index/gen-000001/seg-000001/sentences.npy is missing or unreadable. {AGAIN}",
    ),
    "the sentence vectors are others": (
        lambda: alter(SEGMENT / "sentences.npy", lambda data: b"x" * len(data)),
        IndexDamaged,
        f"index/gen-000001/seg-000001/sentences.npy is damaged. {AGAIN}",
    ),
    "the sentences' offsets are others": (
        lambda: alter(SEGMENT / "sentence-offsets.npy", lambda data: data[:-1] + b"x"),
        IndexDamaged,
        "index/gen-000001/seg-000001/sentence-offsets.npy does not belong to sentences.npy beside it. " + AGAIN,
    ),
    "the lexical folder is missing": (
        lambda: shutil.rmtree(GENERATION / "lexical"),
        IndexDamaged,
        f"index/gen-000001/lexical/LEXICAL is missing or unreadable. {AGAIN}",
    ),
    "the lexical index is another": (
        lambda: alter(GENERATION / "lexical" / "meta.json", lambda data: b" " * len(data)),
        IndexDamaged,
        f"index/gen-000001/lexical is damaged. {AGAIN}",
    ),
    "the counts are others": (
        lambda: alter_manifest(passages=7),
        IndexDamaged,
        f"The parts of the index in index do not belong together. {AGAIN}",
    ),
}
# What a run that has nothing else to do comes across, too; the rest it need not open.
_SEEN = ("CURRENT", "manifest", "format", "missing", "cut")
SEEN_BY_A_RUN = [name for name in CASES if any(word in name for word in _SEEN)]


def expected_message(message: str, size: int, lexical: str) -> str:
    return message.replace("SIZE", str(size)).replace("LEXICAL", lexical)


@pytest.mark.parametrize("name", CASES)
def test_damage_is_told_and_mended_by_a_rebuild(build: Build, unchecked: None, name: str) -> None:
    damage, kind, message = CASES[name]
    build()
    before = contents()
    size = (SEGMENT / "dense.faiss").stat().st_size
    lexical = min(path.name for path in (GENERATION / "lexical").iterdir())
    damage()
    with pytest.raises(kind) as caught:
        open_generation(INDEX)
    assert str(caught.value) == expected_message(message, size, lexical)
    assert caught.value.exit_code == 3
    if name in SEEN_BY_A_RUN:
        with pytest.raises(kind) as caught:
            build()
        assert str(caught.value) == expected_message(message, size, lexical)
    report = build(rebuild=True)
    assert (report.documents, report.encoded) == (5, 6)
    assert contents() == before
    assert not build().changed_index


@pytest.mark.parametrize("damage", [b"", b"x" * 4096, None])
def test_states_that_can_not_be_read_are_told_to_every_run(build: Build, damage: bytes | None) -> None:
    build()
    path = GENERATION / "files.sqlite"
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    with pytest.raises(IndexDamaged) as caught:
        build()
    told = "is missing or unreadable" if damage is None else f"has {len(damage)} bytes and should have 8192"
    assert str(caught.value) == f"index/gen-000001/files.sqlite {told}. {AGAIN}"
    assert build(rebuild=True).documents == 5


@pytest.mark.parametrize("name", ["catalog.sqlite", "dense.faiss", "sentences.npy", "sentence-offsets.npy"])
def test_a_damaged_segment_is_told_to_a_run_that_needs_it(
    build: Build, unchecked: None, articles: Path, name: str
) -> None:
    build()
    path = SEGMENT / name
    alter(path, lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    assert not build().changed_index
    (articles / "osce.txt").unlink()
    with pytest.raises(IndexDamaged) as caught:
        build()
    # Carried into the next generation, nobody could tell it any more.
    altered = f"{path} is altered: its checksum is not the recorded one. {AGAIN}"
    assert str(caught.value) in (altered, f"{path} does not belong to sentences.npy beside it. {AGAIN}")
    assert not list(INDEX.glob(".work-*"))


def test_a_catalog_that_is_no_catalog_is_told_when_it_is_read(build: Build, unchecked: None, articles: Path) -> None:
    build()
    zero_catalog()
    reader = open_generation(INDEX)
    for read in (
        lambda: reader.passages([0]),
        lambda: reader.passage_ids([0]),
        reader.segments.contents,
        lambda: reader.look_up("a", 0),
        lambda: list(reader.documents()),
    ):
        with pytest.raises(IndexDamaged) as caught:
            read()
        assert str(caught.value) == f"index/gen-000001/seg-000001/catalog.sqlite is damaged. {AGAIN}"
    reader.close()
    (articles / "osce.txt").unlink()
    with pytest.raises(IndexDamaged):
        build()
    assert build(rebuild=True).documents == 4


def test_a_text_that_was_altered_in_the_catalog_is_told(build: Build, unchecked: None) -> None:
    build()
    alter(SEGMENT / "catalog.sqlite", lambda data: data.replace(b"has six members", b"has ten members"))
    reader = open_generation(INDEX)
    with pytest.raises(IndexDamaged) as caught:
        reader.passages([0])
    assert str(caught.value) == f"index/gen-000001/seg-000001/catalog.sqlite is damaged. {AGAIN}"
    assert [document.key for _, document in reader.passages([5])] == ["union.text"]
    reader.close()


def test_a_passage_that_the_catalog_lacks_is_damage(build: Build) -> None:
    build()
    reader = open_generation(INDEX)
    for read in (reader.passages, reader.passage_ids):
        with pytest.raises(IndexDamaged) as caught:
            read([0, 6])
        assert str(caught.value) == f"index/gen-000001/seg-000001/catalog.sqlite is damaged. {AGAIN}"
    reader.close()


def test_ids_come_in_the_order_asked_for(build: Build) -> None:
    build()
    reader = open_generation(INDEX)
    ids = [row[1] for row in tables()["passages"]]
    assert reader.passage_ids([5, 0, 3, 0]) == [ids[5], ids[0], ids[3], ids[0]]
    assert reader.passage_ids([]) == []
    reader.close()


@pytest.mark.parametrize("damage", ["folder", "file", "altered"])
def test_a_damaged_encoder_is_told_and_exported_anew(build: Build, encoders: FakeEncoders, damage: str) -> None:
    build()
    reader = open_generation(INDEX)
    folder = reader.encoder_folder
    reader.close()
    assert folder == INDEX / "encoders" / encoders.find("all-MiniLM-L6-v2").sha256
    if damage == "folder":
        shutil.rmtree(folder)
    elif damage == "file":
        (folder / EXPORTED_FILE).unlink()
    else:
        (folder / EXPORTED_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamaged) as caught:
        encoders.open(folder)
    assert str(caught.value) == f"The index's encoder in {folder} can't be loaded. {AGAIN}"
    build(rebuild=True)
    assert len(encoders.exported) == 2
    assert encoders.open(folder).encode_questions(["a"]).shape == (1, 64)


def test_an_encoder_that_is_whole_stays_unless_it_is_of_another_format(build: Build, encoders: FakeEncoders) -> None:
    build()
    (folder,) = (INDEX / "encoders").iterdir()
    original = (folder / EXPORTED_FILE).read_bytes()
    before = folder.stat().st_ino
    build(rebuild=True)
    assert encoders.exported == ["all-MiniLM-L6-v2"]
    assert folder.stat().st_ino == before
    # An export of another form, whole by its own list: an earlier briefqa may have left one.
    (folder / EXPORTED_FILE).write_text("{}", encoding="utf-8")
    (folder / FORMAT_FILE).write_text("3\n", encoding="utf-8")
    write_list(folder)
    build(rebuild=True)
    assert encoders.exported == ["all-MiniLM-L6-v2"] * 2
    assert (folder / EXPORTED_FILE).read_bytes() == original
    assert [path.name for path in (INDEX / "encoders").iterdir()] == [folder.name]
    assert encoders.open(folder).encode_questions(["a"]).shape == (1, 64)


def test_another_version_of_the_text_analysis_does_not_match(build: Build, articles: Path) -> None:
    build()
    alter_manifest(analysis=0)
    with pytest.raises(IndexMismatch) as caught:
        open_generation(INDEX)
    assert str(caught.value) == f"The index in index was made by another version of the text analysis. {AGAIN}"
    (articles / "osce.txt").unlink()
    build()  # the lexical index is written whole in every run
    assert open_generation(INDEX).manifest.documents == 4
