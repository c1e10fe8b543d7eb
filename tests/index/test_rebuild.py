"""What of an index outlives a rebuild."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.index.generation import live_making
from briefqa.index.manifest import Chunking, Making, read_making
from tests.conftest import Build
from tests.fakes import OTHER_ENCODER
from tests.index.folders import INDEX


def test_a_rebuild_keeps_the_encoder_and_the_size_of_passages(build: Build) -> None:
    build(encoder=OTHER_ENCODER, passage_tokens=40, overlap_tokens=5)
    assert build(rebuild=True).encoder == OTHER_ENCODER
    assert live_making(INDEX) == Making(OTHER_ENCODER, Chunking(40, 5))
    build(rebuild=True, encoder=DEFAULT_ENCODER, passage_tokens=50)
    assert live_making(INDEX) == Making(DEFAULT_ENCODER, Chunking(50, 5))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"chunking": {"passage_tokens": 40, "overlap_tokens": 5}}, Making(None, Chunking(40, 5), None)),
        ({"chunking": {"passage_tokens": "40", "overlap_tokens": 5}}, Making()),
        ({"chunking": {"passage_tokens": 40}, "encoder": {"name": "a", "more": 1}}, Making("a")),
        ({"encoder": {"name": 1}, "chunking": 3}, Making()),
        ([], Making()),
    ],
)
def test_what_a_manifest_of_any_format_says_of_its_making(tmp_path: Path, entry: object, expected: Making) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(entry), encoding="utf-8")
    assert read_making(tmp_path) == expected
