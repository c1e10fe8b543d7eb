"""What is checked when: a manifest by its own hash, small files on opening, records as they are read, and all files
when something breaks."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest

from briefqa.addresses import is_passage_id, next_id, passage_id
from briefqa.errors import IndexDamaged, UsageError
from briefqa.index import checksums
from briefqa.index.blame import blaming_damage
from briefqa.index.checksums import FileRecord, require_whole, wrong_files
from briefqa.index.manifest import read_manifest
from briefqa.index.reader import open_generation
from tests.conftest import Build
from tests.fakes import bag_of_words
from tests.index.folders import INDEX

AGAIN = "Make the index again with: briefqa index --rebuild"
GENERATION = INDEX / "gen-000001"
CATALOG = GENERATION / "seg-000001" / "catalog.sqlite"


def execute(statement: str, *values: object) -> None:
    with closing(sqlite3.connect(CATALOG)) as connection:
        connection.execute(statement, values)
        connection.commit()


def test_no_byte_of_a_manifest_can_change_unnoticed(build: Build) -> None:
    build()
    path = GENERATION / "manifest.json"
    data = path.read_bytes()
    format_at = data.index(b"4")
    for place in range(len(data)):
        if place == format_at:  # another format is told as that
            continue
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(IndexDamaged) as caught:
            read_manifest(GENERATION)
        assert str(caught.value) == f"{path} is damaged. {AGAIN}"
    path.write_bytes(data)
    table = json.loads(data)
    assert table["sha256"] == hashlib.sha256(data.rpartition(b',\n  "sha256"')[0]).hexdigest()
    del table["sha256"]
    path.write_text(json.dumps(table), encoding="utf-8")
    assert read_manifest(GENERATION).passages == 6


def test_small_files_are_checked_on_opening_and_of_large_ones_the_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = {}
    for name, size in (("a", 30), ("b", 10), ("c", 25)):
        (tmp_path / name).write_bytes(b"x" * size)
        records[name] = FileRecord(size, hashlib.sha256(b"x" * size).hexdigest())
        (tmp_path / name).write_bytes(b"y" * size)
    monkeypatch.setattr(checksums, "CHECKED_ON_OPENING", 40)
    altered = [f"{tmp_path / name} is altered: its checksum is not the recorded one" for name in "abc"]
    # b and c are 35 bytes together, and with a, 65.
    assert wrong_files(tmp_path, records, hashing=False) == altered[1:]
    assert wrong_files(tmp_path, records) == altered
    with pytest.raises(IndexDamaged) as caught:
        require_whole(tmp_path, records, hashing=False)
    assert str(caught.value) == f"{altered[1]}. {AGAIN}"
    (tmp_path / "a").unlink()
    (tmp_path / "a").mkdir()
    assert wrong_files(tmp_path, records, hashing=False)[0] == f"{tmp_path / 'a'} is no file"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "Another"),
        ("key", "nested/other.md"),
        ("published", "2001-01-01"),
        ("line_map", "[0, 9]"),
        ("part", 7),
    ],
)
def test_a_record_that_was_altered_is_told(build: Build, unchecked: None, column: str, value: object) -> None:
    build()
    with closing(open_generation(INDEX)) as reader:
        assert len(reader.passages([0])) == 1
    size = CATALOG.stat().st_size
    execute(f"UPDATE documents SET {column} = ? WHERE number = 0", value)
    assert CATALOG.stat().st_size == size
    with closing(open_generation(INDEX)) as reader:
        with pytest.raises(IndexDamaged) as caught:
            reader.passages([0])
        assert str(caught.value) == f"{CATALOG} is damaged. {AGAIN}"
        assert len(reader.passages([5])) == 1


def test_a_record_of_an_earlier_version_has_the_hash_of_its_text(build: Build, unchecked: None) -> None:
    build()
    with closing(sqlite3.connect(CATALOG)) as connection:
        ((text, check),) = connection.execute("SELECT text, text_sha256 FROM documents WHERE number = 0").fetchall()
    of_text = hashlib.sha256(text.encode()).hexdigest()
    assert check != of_text
    execute("UPDATE documents SET text_sha256 = ? WHERE number = 0", of_text)
    with closing(open_generation(INDEX)) as reader:
        assert reader.passages([0])[0][1].text == text


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("start", "start + 1"),
        ("end", "end - 1"),
        ("id", "'0123456789ab'"),
        ("sentences", "'[0]'"),
        ("sentences", "'[0, 100000]'"),
        ("sentences", "5"),
        ("first_line", "0"),
        ("indexed_sha256", "99999999999"),
    ],
)
def test_a_passage_that_was_altered_is_told(build: Build, unchecked: None, column: str, change: str) -> None:
    build()
    execute(f"UPDATE passages SET {column} = {change} WHERE number = 0")
    with closing(open_generation(INDEX)) as reader, pytest.raises(IndexDamaged) as caught:
        reader.passages([0])
    told = (f"{CATALOG} is damaged. {AGAIN}", f" of corpus/csto.md is not where the index says. {AGAIN}")
    assert str(caught.value).endswith(told)


def test_ids_of_passages_are_told_from_others() -> None:
    first = passage_id("d", 3, "text")
    assert first == hashlib.sha256(b"d\x003\x00text").hexdigest()[:12]
    assert next_id(first) == hashlib.sha256(first.encode()).hexdigest()[:12]
    assert is_passage_id(first, "d", 3, "text")
    assert is_passage_id(next_id(next_id(first)), "d", 3, "text")
    for other in (("d", 4, "text"), ("e", 3, "text"), ("d", 3, "texts")):
        assert not is_passage_id(first, *other)


def test_a_vector_that_is_no_number_is_told_and_not_found_first(build: Build, unchecked: None) -> None:
    build()
    path = GENERATION / "seg-000001" / "dense.faiss"
    data = path.read_bytes()
    path.write_bytes(data[:-4] + struct.pack("<f", float("nan")))
    vector = bag_of_words("Who?", "all-MiniLM-L6-v2")
    with closing(open_generation(INDEX)) as reader:
        for find in (lambda: reader.dense_top(vector, 3), lambda: reader.dense_scores(vector, [5])):
            with pytest.raises(IndexDamaged) as caught:
                find()
            assert str(caught.value) == f"{path} is damaged. {AGAIN}"
        assert len(reader.dense_scores(vector, [0, 1])) == 2


class Panic(BaseException):
    """As a library in another language may raise."""


def test_what_breaks_over_a_damaged_file_is_told_as_damage(build: Build) -> None:
    build()
    with pytest.raises(Panic), blaming_damage(INDEX):
        raise Panic
    path = next((GENERATION / "lexical").glob("*.idx"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(IndexDamaged) as caught, blaming_damage(INDEX, "gen-000001"):
        raise Panic
    assert str(caught.value) == f"{path} is altered: its checksum is not the recorded one. {AGAIN}"
    for kind in (UsageError, KeyboardInterrupt):
        with pytest.raises(kind), blaming_damage(INDEX):
            raise kind
    with pytest.raises(Panic), blaming_damage(INDEX, "gen-000007"):  # another one was being read
        raise Panic
