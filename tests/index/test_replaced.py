"""What reads an index while a newer generation takes its place: it goes on with what it opened, or with the newer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import briefqa
from briefqa.config import Settings
from briefqa.errors import IndexDamaged
from briefqa.index import survey as survey_module
from briefqa.index import verify as verify_module
from briefqa.index.blame import wrong_parts
from briefqa.index.dense import DENSE_FILE, DenseIndex, write_dense
from briefqa.index.generation import of_live
from briefqa.index.manifest import Manifest
from briefqa.index.states import FileState, read_states
from briefqa.index.status import index_status
from briefqa.index.verify import verify
from tests.conftest import Build
from tests.fakes import OTHER_ENCODER, FakeEncoders
from tests.index.folders import INDEX

QUESTION = "When did Georgia leave the commonwealth?"
SETTINGS = Settings(min_confidence=0.0)


def test_an_index_answers_from_what_it_opened(build: Build, articles: Path, encoders: FakeEncoders) -> None:
    copied = (articles / "nested/cis.md").read_text(encoding="utf-8")
    (articles / "copy.md").write_text(copied, encoding="utf-8")
    build()
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        expected = index.ask(QUESTION)
    assert expected.citations[0].also_in
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        (articles / "nested/cis.md").write_text("Nothing is known of Georgia.\n", encoding="utf-8")
        assert build().generation == 2
        assert not (INDEX / "gen-000001").exists()
        answer = index.ask(QUESTION)
        assert (answer.index.generation, answer.text) == (1, "Georgia left the commonwealth in 2009.")
        assert [hit.passage for hit in answer.hits] == [hit.passage for hit in expected.hits]
        assert answer.citations[0].also_in == expected.citations[0].also_in


def test_an_index_whose_encoder_went_with_its_generation_goes_on_with_the_newer(
    build: Build, encoders: FakeEncoders
) -> None:
    build()
    for ask in ("ask", "search"):
        with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
            before = index.info.generation
            build(encoder=OTHER_ENCODER if before == 1 else "all-MiniLM-L6-v2")
            found = getattr(index, ask)(QUESTION)
            assert found.index.generation == index.info.generation == before + 1
            assert found.hits[0].document.key == "nested/cis.md"


def test_an_encoder_that_is_missing_without_a_newer_generation_is_told(build: Build, encoders: FakeEncoders) -> None:
    build()
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        folder = INDEX / "encoders" / encoders.find("all-MiniLM-L6-v2").sha256
        folder.rename(INDEX / "encoders" / "elsewhere")
        with pytest.raises(
            IndexDamaged,
            match=r"^The index's encoder in .* can't be loaded: .*json is missing or damaged\. Make",
        ):
            index.ask(QUESTION)


def test_codes_are_searched_when_their_file_is_gone(tmp_path: Path) -> None:
    chance = np.random.default_rng(20261128)
    vectors = chance.normal(size=(14_000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    write_dense(tmp_path, vectors, "int8")
    expected = DenseIndex(tmp_path).top(vectors[5], 10)
    index = DenseIndex(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    assert index.top(vectors[5], 10) == expected
    assert expected[0][0] == 5
    (tmp_path / DENSE_FILE).write_bytes(b"")
    with pytest.raises(IndexDamaged):
        DenseIndex(tmp_path)


def test_what_fails_as_another_generation_came_is_done_again(build: Build, articles: Path) -> None:
    build()
    tries = []

    def action() -> str:
        tries.append((INDEX / "CURRENT").read_text(encoding="utf-8"))
        if len(tries) < 3:
            (articles / "ferry.md").write_text(f"Ferry {len(tries)}.\n", encoding="utf-8")
            build()
            raise IndexDamaged("gone") if len(tries) == 1 else FileNotFoundError("gone")
        return "done"

    assert of_live(INDEX, action) == "done"
    assert tries == ["gen-000001\n", "gen-000002\n", "gen-000003\n"]


def test_what_fails_by_itself_is_told_at_once(build: Build) -> None:
    build()
    tries = []

    def action() -> None:
        tries.append(1)
        raise IndexDamaged("damaged")

    with pytest.raises(IndexDamaged, match=r"^damaged$"):
        of_live(INDEX, action)
    assert len(tries) == 1


def test_a_look_at_an_index_that_is_replaced_meanwhile(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()

    def late(folder: Path) -> list[FileState]:
        monkeypatch.setattr(survey_module, "read_states", read_states)
        (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
        build()
        return read_states(folder)

    monkeypatch.setattr(survey_module, "read_states", late)
    found = index_status(SETTINGS)
    assert (found.generation, found.documents, found.new) == (2, 6, ())


def test_an_index_that_is_replaced_while_it_is_verified_is_verified_again(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()

    def late(index: Path, folder: Path, manifest: Manifest) -> list[str]:
        monkeypatch.setattr(verify_module, "wrong_parts", wrong_parts)
        (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
        build()
        return wrong_parts(index, folder, manifest)

    monkeypatch.setattr(verify_module, "wrong_parts", late)
    manifest, wrong = verify(INDEX)
    assert (manifest.generation, wrong) == (2, [])
