"""What of an index outlives a rebuild."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from briefqa.corpus.formats import LOADING_VERSION
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.errors import IndexDamaged
from briefqa.index.generation import live_making
from briefqa.index.manifest import Chunking, Loading, Making, read_making
from briefqa.index.reader import open_generation
from tests.conftest import Build
from tests.fakes import OTHER_ENCODER, FakeEncoders
from tests.index.folders import INDEX, contents


def test_a_rebuild_keeps_the_encoder_and_the_size_of_passages(build: Build) -> None:
    build(encoder=OTHER_ENCODER, passage_tokens=40, overlap_tokens=5)
    assert build(rebuild=True).encoder == OTHER_ENCODER
    assert live_making(INDEX) == Making(
        OTHER_ENCODER, Chunking(40, 5), None, dense="auto", loading=Loading(LOADING_VERSION, clean=True)
    )
    build(rebuild=True, encoder=DEFAULT_ENCODER, passage_tokens=50)
    assert live_making(INDEX) == Making(
        DEFAULT_ENCODER, Chunking(50, 5), None, dense="auto", loading=Loading(LOADING_VERSION, clean=True)
    )


def test_the_dense_index_asked_for_stays_until_another_is(build: Build, encoders: FakeEncoders) -> None:
    build(dense_index="int8")
    assert not build().changed_index
    assert not build(dense_index="int8").changed_index
    build(rebuild=True)
    assert open_generation(INDEX).manifest.dense == "int8"
    before, encoded = contents(), encoders.encoded
    report = build(dense_index="flat")
    assert (report.changed_index, report.encoded, report.reused, encoders.encoded) == (True, 0, 6, encoded)
    assert (open_generation(INDEX).manifest.dense, contents()) == ("flat", before)


def test_a_dense_index_that_nobody_knows_is_damage(build: Build) -> None:
    build()
    path = INDEX / "gen-000001" / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**table, "dense": "hnsw"}), encoding="utf-8")
    with pytest.raises(IndexDamaged) as caught:
        open_generation(INDEX)
    assert str(caught.value) == f"{path} is damaged. Make the index again with: briefqa index --rebuild"
    del table["dense"], table["sha256"]
    path.write_text(json.dumps(table), encoding="utf-8")
    assert open_generation(INDEX).manifest.dense == "auto"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"chunking": {"passage_tokens": 40, "overlap_tokens": 5}}, Making(None, Chunking(40, 5), None)),
        ({"chunking": {"passage_tokens": "40", "overlap_tokens": 5}}, Making()),
        ({"chunking": {"passage_tokens": 40}, "encoder": {"name": "a", "more": 1}}, Making("a")),
        ({"encoder": {"name": 1}, "chunking": 3}, Making()),
        ([], Making()),
        ({"dense": "int8"}, Making(dense="int8")),
        ({"dense": "hnsw"}, Making()),
        ({"loading": {"version": 1, "clean": False}}, Making(loading=Loading(1, clean=False))),
        ({"loading": {"version": 1, "clean": "no"}}, Making()),
        ({"dense": ["int8"]}, Making()),
    ],
)
def test_what_a_manifest_of_any_format_says_of_its_making(tmp_path: Path, entry: object, expected: Making) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(entry), encoding="utf-8")
    assert read_making(tmp_path) == expected
