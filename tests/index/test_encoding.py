"""The encoding stage: what a broken-off run keeps, which encoder encodes, and in which precision."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.errors import EncoderError
from briefqa.index import encoded as encoded_module
from briefqa.index import encoder_choice as choice_module
from briefqa.index import encoding as encoding_module
from briefqa.index.encoded import EncodedStore
from briefqa.index.encoding import _next_size, encode_pending
from briefqa.index.generation import live_making, open_manifest
from briefqa.index.intake import Tally
from briefqa.index.pending import Pending, PendingPassages
from tests.conftest import Build
from tests.fakes import DIMENSION, OTHER_ENCODER, FakeEncoders, bag_of_words
from tests.index.folders import INDEX, contents, names

ENCODED = INDEX / "encoded"


@pytest.fixture
def _slab_by_slab(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two passages at a time, each slab kept at once."""
    monkeypatch.setattr(encoding_module, "_FIRST_SLAB", 2)
    monkeypatch.setattr(encoding_module, "_SLAB", 2)
    monkeypatch.setattr(encoded_module, "PATIENCE", 0.0)


def interrupt(build: Build, encoders: FakeEncoders, after: int, *, rebuild: bool = False) -> None:
    encoders.fail_with(KeyboardInterrupt(), after=after)
    with pytest.raises(KeyboardInterrupt):
        build(rebuild=rebuild)
    encoders.failure = None


@pytest.mark.usefixtures("_slab_by_slab")
@pytest.mark.parametrize(("after", "kept"), [(1, 0), (2, 2), (3, 2), (5, 4)])
def test_a_run_goes_on_where_one_was_interrupted(build: Build, encoders: FakeEncoders, after: int, kept: int) -> None:
    interrupt(build, encoders, after)
    assert names() == {"encoders", *(["encoded"] if kept else [])}
    told = encoders.encoded
    report = build()
    assert (report.encoded, encoders.encoded - told) == (6, 6 - kept)
    assert names() == {"CURRENT", "encoders", "gen-000001"}
    build(index="whole")
    assert contents(Path("whole")) == contents()


@pytest.mark.usefixtures("_slab_by_slab")
def test_it_is_interrupted_as_often_as_one_likes(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    for _ in range(2):
        interrupt(build, encoders, 2)
    before = encoders.encoded
    # Four are kept; of the last two, and of the article that came meanwhile, nothing is.
    (articles / "new.md").write_text("# New\n\nA new article.\n", encoding="utf-8")
    assert (build().encoded, encoders.encoded - before) == (7, 3)
    build(index="whole")
    assert contents(Path("whole")) == contents()


@pytest.mark.usefixtures("_slab_by_slab")
def test_an_update_and_a_rebuild_go_on_as_well(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build()
    before = contents()
    interrupt(build, encoders, 4, rebuild=True)
    assert contents() == before
    assert ENCODED.exists()
    assert not build().changed_index
    told = encoders.encoded
    build(rebuild=True)
    assert encoders.encoded - told == 2
    assert not ENCODED.exists()
    (articles / "union.text").write_text("The Union State has a new treaty.\n", encoding="utf-8")
    (articles / "new.md").write_text("# New\n\nA new article.\n\n# Another\n\nMore.\n", encoding="utf-8")
    interrupt(build, encoders, 0)
    assert not ENCODED.exists()


@pytest.mark.usefixtures("_slab_by_slab")
def test_a_torn_record_is_encoded_again(build: Build, encoders: FakeEncoders) -> None:
    interrupt(build, encoders, 4)
    (path,) = ENCODED.iterdir()
    path.write_bytes(path.read_bytes()[:-3])
    told = encoders.encoded
    build()
    assert encoders.encoded - told == 3
    build(index="whole")
    assert contents(Path("whole")) == contents()


@pytest.mark.usefixtures("_slab_by_slab")
@pytest.mark.parametrize("settings", [{"encoder": OTHER_ENCODER}, {"precision": "bf16"}])
def test_another_encoder_or_precision_begins_anew(
    build: Build, encoders: FakeEncoders, settings: dict[str, Any]
) -> None:
    interrupt(build, encoders, 4)
    told = encoders.encoded
    build(**settings)
    assert encoders.encoded - told == 6
    assert not ENCODED.exists()


@pytest.mark.usefixtures("_slab_by_slab")
def test_sentences_that_end_elsewhere_are_encoded_again(
    build: Build, encoders: FakeEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(build, encoders, 4)
    told = encoders.encoded
    monkeypatch.setattr("briefqa.chunking.sentences", lambda text, language: [(0, len(text))])
    build()
    assert encoders.encoded - told == 6


def test_a_slab_takes_about_five_seconds() -> None:
    assert [_next_size(32, seconds) for seconds in (0.0, 0.1, 1.0, 4.0, 1000.0)] == [512, 512, 160, 40, 1]
    assert _next_size(0, 0.0) == 512


def test_memory_does_not_grow_with_what_is_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding_module, "_FIRST_SLAB", 16)
    monkeypatch.setattr(encoding_module, "_SLAB", 16)

    def peak(passages: int) -> int:
        """The most that is allocated for so many passages of 20 kB; what is mapped does not count."""
        folder = tmp_path / str(passages)
        folder.mkdir()
        pending = PendingPassages(folder)
        for number in range(passages):
            pending.add(Pending(number, f"passage {number} " * 1500, ((0, 9), (10, 19))))
        tally = Tally(pending, passages=passages)
        maker = FakeEncoders()
        maker.passages = Forgetful()
        tracemalloc.start()
        vectors = encode_pending(
            folder,
            tally,
            None,
            dimension=DIMENSION,
            encoder=lambda: maker.load(maker.find(DEFAULT_ENCODER)),
            store=lambda precision: EncodedStore(folder, "ab", precision, dimension=DIMENSION),
            progress=lambda stage, done, total: None,
        )
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        pending.close()
        np.testing.assert_array_equal(vectors[-1], bag_of_words(f"passage {passages - 1} " * 1500, DEFAULT_ENCODER))
        return found

    peak(32)  # what is imported and remembered on the way
    # The texts are 5 MB more.
    assert peak(320) - peak(64) < 500_000


class Forgetful(list[str]):
    """Keeps nothing."""

    def append(self, _: str) -> None:
        """Do not."""


@pytest.fixture
def light(build: Build, encoders: FakeEncoders) -> FakeEncoders:
    """An index whose exported encoder serves for passages; nothing is loaded yet."""
    encoders.light = True
    build()
    encoders.loaded.clear()
    return encoders


def test_a_few_passages_are_encoded_without_loading_the_encoder(
    build: Build, light: FakeEncoders, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice_module, "_FEW", 2)
    (articles / "new.md").write_text("# New\n\nA new article.\n", encoding="utf-8")
    assert build().encoded == 1
    (articles / "new.md").unlink()
    assert build().encoded == 0
    assert light.loaded == []
    assert [path.parent for path in light.opened_for_passages] == [INDEX / "encoders"]
    for name in ("a", "b", "c"):
        (articles / f"{name}.md").write_text(f"# {name}\n\nA new article.\n", encoding="utf-8")
    assert build().encoded == 3
    assert light.loaded == ["all-MiniLM-L6-v2"]
    build(index="whole")
    assert contents(Path("whole")) == contents()


@pytest.mark.parametrize("how", [{"encoder": OTHER_ENCODER}, {"precision": "bf16"}, {"rebuild": True}])
def test_what_is_made_anew_is_made_by_the_encoder_itself(
    build: Build, light: FakeEncoders, how: dict[str, object]
) -> None:
    rebuild = bool(how.pop("rebuild", False))
    assert build(rebuild=rebuild, **how).encoded == 6
    assert len(light.loaded) == 1


def test_other_passages_of_the_same_encoder_need_not_load_it(build: Build, light: FakeEncoders) -> None:
    assert build(passage_tokens=16).encoded > 6
    assert light.loaded == []


def test_an_exported_encoder_that_is_damaged_is_loaded_and_exported_again(
    build: Build, light: FakeEncoders, articles: Path
) -> None:
    (folder,) = (INDEX / "encoders").iterdir()
    (folder / "fake-encoder.json").write_text("{}", encoding="utf-8")
    (articles / "new.md").write_text("# New\n\nA new article.\n", encoding="utf-8")
    assert build().encoded == 1
    assert (light.loaded, len(light.exported)) == (["all-MiniLM-L6-v2"], 2)


def precision() -> tuple[str, str]:
    """Of the live index: what it was encoded in, and what was asked for."""
    return open_manifest(INDEX)[1].encoder.precision, live_making(INDEX).precision


def test_the_precision_is_recorded_and_kept(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    encoders.fastest = "bf16"
    build()
    assert precision() == ("bf16", "auto")
    assert not build(precision="bf16").changed_index
    assert not build(precision="auto").changed_index
    # On a machine that would choose another, nothing is encoded again.
    encoders.fastest = "fp32"
    assert not build().changed_index
    (articles / "new.md").write_text("# New\n\nA new article.\n", encoding="utf-8")
    assert (build().encoded, precision()) == (1, ("bf16", "auto"))
    assert (build(rebuild=True).encoded, precision()) == (7, ("fp32", "auto"))


def test_a_precision_that_is_named_is_changed_to_and_outlives_a_rebuild(build: Build, encoders: FakeEncoders) -> None:
    build()
    before = contents()
    assert (build(precision="bf16").encoded, precision()) == (6, ("bf16", "bf16"))
    assert contents() != before
    assert (build(rebuild=True).encoded, precision()) == (6, ("bf16", "bf16"))
    assert not build(precision="auto").changed_index
    assert (build(rebuild=True, precision="auto").encoded, precision()) == (6, ("fp32", "auto"))
    assert (build(precision="fp32").changed_index, precision()) == (False, ("fp32", "auto"))


def test_an_index_from_before_was_made_by_its_machine(build: Build, encoders: FakeEncoders) -> None:
    build(precision="fp32")
    path = INDEX / "gen-000001" / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    del table["precision"], table["sha256"]
    path.write_text(json.dumps(table), encoding="utf-8")
    assert precision() == ("fp32", "auto")
    encoders.fastest = "bf16"
    build(rebuild=True)
    assert precision() == ("bf16", "auto")


def test_a_precision_that_the_encoder_has_not_is_refused_and_the_index_stays(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    before = contents()

    def refuse(*_: object, precision: str) -> None:
        raise EncoderError(f"The encoder all-MiniLM-L6-v2 can't run in {precision}.")

    monkeypatch.setattr(FakeEncoders, "load", refuse)
    with pytest.raises(EncoderError, match="can't run in bf16"):
        build(precision="bf16")
    assert contents() == before
