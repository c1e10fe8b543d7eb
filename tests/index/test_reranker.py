"""The reranker that an index carries: added, kept, changed and taken out without encoding anything again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from briefqa.config import Settings
from briefqa.errors import BriefqaError, EncoderError
from briefqa.index.checksums import write_list
from briefqa.index.manifest import RerankerIdentity
from briefqa.index.models import FORMAT_FILE
from briefqa.index.publish import sweep
from briefqa.index.reader import open_generation
from briefqa.index.status import index_status
from briefqa.index.update import update
from briefqa.index.verify import verify
from tests.conftest import Build
from tests.fakes import OTHER_RERANKER, RERANKER, RERANKER_FILE, RERANKER_WINDOW, FakeEncoders
from tests.index.folders import INDEX, contents, names, snapshot

RERANKERS = INDEX / "rerankers"


def carried() -> RerankerIdentity | None:
    reader = open_generation(INDEX)
    reader.close()
    return reader.manifest.reranker


def folders() -> list[str]:
    return [path.name for path in RERANKERS.iterdir()]


def without_the_entry() -> None:
    """Make the manifest one that an earlier briefqa wrote."""
    path = INDEX / (INDEX / "CURRENT").read_text(encoding="utf-8").strip() / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    del table["reranker"], table["sha256"]
    path.write_text(json.dumps(table), encoding="utf-8")


def test_an_index_has_none_unless_it_is_asked_for(build: Build) -> None:
    build()
    manifest = json.loads((INDEX / "gen-000001" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["format"], manifest["reranker"]) == (4, None)
    assert names() == {"CURRENT", "encoders", "gen-000001"}
    reader = open_generation(INDEX)
    assert reader.reranker_folder is None
    reader.close()
    status = index_status(Settings())
    assert (status.reranker, status.reranker_sha256, status.reranker_window) == (None, None, None)


def test_the_first_run_takes_one_along(build: Build, encoders: FakeEncoders) -> None:
    build(reranker=RERANKER)
    sha256 = encoders.find_reranker(RERANKER).sha256
    manifest = json.loads((INDEX / "gen-000001" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["reranker"] == {
        "name": RERANKER,
        "revision": "fake 2",
        "sha256": sha256,
        "window": RERANKER_WINDOW,
    }
    assert {path.name for path in (RERANKERS / sha256).iterdir()} == {RERANKER_FILE, FORMAT_FILE, "checksums.json"}
    # Before the encoder: a model that turns out to be none is told before anything is encoded.
    assert encoders.exported == [RERANKER, "all-MiniLM-L6-v2"]
    reader = open_generation(INDEX)
    assert reader.reranker_folder == RERANKERS / sha256
    reader.close()
    status = index_status(Settings())
    assert (status.reranker, status.reranker_sha256, status.reranker_window) == (RERANKER, sha256, RERANKER_WINDOW)


def test_adding_one_encodes_nothing(build: Build, encoders: FakeEncoders) -> None:
    build()
    before = contents()
    encoders.loaded.clear()
    report = build(reranker=RERANKER)
    assert (report.changed_index, report.generation, report.encoded, report.reused, report.kept) == (True, 2, 0, 6, 5)
    assert (encoders.encoded, encoders.loaded) == (6, [RERANKER])
    assert {**contents(), "reranker": None} == before
    assert carried() == RerankerIdentity(RERANKER, "fake 2", encoders.find_reranker(RERANKER).sha256, RERANKER_WINDOW)


def test_it_stays_until_another_is_asked_for(build: Build, encoders: FakeEncoders, articles: Path) -> None:
    build(reranker=RERANKER)
    first = carried()
    assert not build().changed_index
    assert not build(reranker=RERANKER).changed_index
    (articles / "new.md").write_text("New.\n", encoding="utf-8")
    encoders.loaded.clear()
    assert build().generation == 2
    (articles / "new.md").unlink()
    assert build(reranker=RERANKER).generation == 3
    assert (carried(), encoders.loaded) == (first, ["all-MiniLM-L6-v2"])
    report = build(reranker=OTHER_RERANKER)
    assert (report.generation, report.encoded, report.reused) == (4, 0, 6)
    other = encoders.find_reranker(OTHER_RERANKER).sha256
    assert folders() == [other]
    assert carried() == RerankerIdentity(OTHER_RERANKER, "fake 2", other, RERANKER_WINDOW)


@pytest.mark.parametrize("none", ["", "none", " None "])
def test_it_is_taken_out_without_encoding(build: Build, none: str) -> None:
    build()
    assert not build(reranker=none).changed_index
    build(reranker=RERANKER)
    report = build(reranker=none)
    assert (report.generation, report.encoded, report.reused) == (3, 0, 6)
    assert (carried(), folders()) == (None, [])
    assert not build(reranker=none).changed_index


def test_the_same_name_with_other_weights_is_another(build: Build, encoders: FakeEncoders) -> None:
    build(reranker=RERANKER)
    encoders.salt = "trained on"
    # The encoder is salted too: as the index has it, it is not compared.
    assert not build().changed_index
    assert build(reranker=RERANKER).generation == 2
    assert folders() == [encoders.find_reranker(RERANKER).sha256]


def test_an_index_without_the_entry_opens_and_gets_one(build: Build) -> None:
    build()
    without_the_entry()
    assert carried() is None
    assert verify(INDEX)[1] == []
    assert not build().changed_index
    report = build(reranker=RERANKER)
    assert (report.generation, report.encoded, report.reused) == (2, 0, 6)


def test_an_unknown_one_leaves_the_index_alone(build: Build, encoders: FakeEncoders) -> None:
    build()
    for rebuild in (False, True):
        with pytest.raises(EncoderError, match=r"^There is no reranker 'no' here\.$"):
            build(reranker="no", rebuild=rebuild)
    assert (carried(), encoders.encoded) == (None, 6)
    assert names() == {"CURRENT", "encoders", "gen-000001"}


def test_one_that_can_not_be_exported_is_told_before_anything_is_encoded(
    build: Build, encoders: FakeEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(model: object) -> None:
        raise EncoderError("It gives 3 numbers.")

    monkeypatch.setattr(encoders, "load_reranker", fail)
    with pytest.raises(EncoderError, match=r"^It gives 3 numbers\.$"):
        build(reranker=RERANKER)
    assert (encoders.encoded, names()) == (0, set())


def test_an_index_goes_on_with_its_own_where_the_model_is_not(
    build: Build, encoders: FakeEncoders, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(reranker=RERANKER)
    first = carried()

    def missing(name: str) -> None:
        raise EncoderError(f"There is no reranker {name!r} here.")

    monkeypatch.setattr(encoders, "find_reranker", missing)
    (articles / "new.md").write_text("New.\n", encoding="utf-8")
    assert build().generation == 2
    assert carried() == first
    shutil.rmtree(RERANKERS)
    (articles / "new.md").unlink()
    with pytest.raises(EncoderError, match=f"^There is no reranker '{RERANKER}' here"):
        build()


@pytest.mark.parametrize("damage", ["folder", "file", "altered"])
def test_damage_is_told_and_mended(build: Build, encoders: FakeEncoders, articles: Path, damage: str) -> None:
    build(reranker=RERANKER)
    folder = RERANKERS / encoders.find_reranker(RERANKER).sha256
    assert verify(INDEX)[1] == []
    if damage == "folder":
        shutil.rmtree(folder)
        told = f"{folder / 'checksums.json'} is missing or damaged"
    elif damage == "file":
        (folder / RERANKER_FILE).unlink()
        told = f"{folder / RERANKER_FILE} is missing or unreadable"
    else:
        path = folder / RERANKER_FILE
        path.write_text(path.read_text(encoding="utf-8").upper(), encoding="utf-8")
        told = f"{path} is altered: its checksum is not the recorded one"
    assert verify(INDEX)[1] == [told]
    if damage == "folder":
        (articles / "new.md").write_text("New.\n", encoding="utf-8")
        build()
    else:
        build(rebuild=True)
    assert verify(INDEX)[1] == []
    assert encoders.exported.count(RERANKER) == 2


@pytest.mark.parametrize("named", [{}, {"reranker": RERANKER}])
def test_a_rebuild_keeps_it_and_exports_another_formats_again(
    build: Build, encoders: FakeEncoders, named: dict[str, str]
) -> None:
    build(reranker=RERANKER)
    first = carried()
    folder = RERANKERS / encoders.find_reranker(RERANKER).sha256
    original = (folder / RERANKER_FILE).read_bytes()
    # Whole by its own list, but of another form, as an earlier briefqa may have left it.
    (folder / RERANKER_FILE).write_text("{}", encoding="utf-8")
    (folder / FORMAT_FILE).write_text("3\n", encoding="utf-8")
    write_list(folder)
    report = build(rebuild=True, **named)
    assert (report.generation, report.encoded, report.reused) == (2, 6, 0)
    assert (carried(), folders()) == (first, [folder.name])
    assert (folder / RERANKER_FILE).read_bytes() == original
    assert verify(INDEX)[1] == []
    assert not build().changed_index


def test_a_rebuild_carries_it_over_where_the_model_is_not(
    build: Build, encoders: FakeEncoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(reranker=RERANKER)
    first, before = carried(), snapshot(RERANKERS)

    def missing(name: str) -> None:
        raise EncoderError(f"There is no reranker {name!r} here.")

    monkeypatch.setattr(encoders, "find_reranker", missing)
    assert build(rebuild=True).generation == 2
    assert (carried(), snapshot(RERANKERS), encoders.exported.count(RERANKER)) == (first, before, 1)
    # Named, or not whole, it has to be here.
    with pytest.raises(EncoderError, match=f"^There is no reranker '{RERANKER}' here"):
        build(rebuild=True, reranker=RERANKER)
    next(RERANKERS.glob(f"*/{RERANKER_FILE}")).unlink()
    with pytest.raises(EncoderError, match=f"^There is no reranker '{RERANKER}' here"):
        build(rebuild=True)
    assert names() == {"CURRENT", "encoders", "rerankers", "gen-000002"}


@pytest.mark.parametrize("none", ["", "none"])
def test_a_rebuild_takes_it_out_when_told_to(build: Build, encoders: FakeEncoders, none: str) -> None:
    build(reranker=RERANKER)
    assert build(rebuild=True, reranker=none).generation == 2
    assert (carried(), folders(), encoders.exported.count(RERANKER)) == (None, [], 1)


def test_a_rebuild_changes_it_for_the_one_that_is_named(build: Build, encoders: FakeEncoders) -> None:
    build(reranker=RERANKER)
    build(rebuild=True, reranker=OTHER_RERANKER)
    other = encoders.find_reranker(OTHER_RERANKER).sha256
    assert carried() == RerankerIdentity(OTHER_RERANKER, "fake 2", other, RERANKER_WINDOW)
    assert folders() == [other]


def test_a_rebuild_keeps_it_from_an_index_of_another_format(build: Build) -> None:
    build(reranker=RERANKER)
    first = carried()
    path = INDEX / "gen-000001" / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    del table["files"]
    path.write_text(json.dumps({**table, "format": 99}), encoding="utf-8")
    assert build(rebuild=True).generation == 2
    assert carried() == first


@pytest.mark.parametrize(
    "entry",
    [
        "x",
        None,
        ["name"],
        {"name": RERANKER},
        {"name": 5, "revision": None, "sha256": "0", "window": 48},
        {"name": RERANKER, "revision": None, "sha256": 0, "window": 48},
        {"name": RERANKER, "revision": None, "sha256": "0", "window": "48"},
    ],
)
def test_a_rebuild_has_none_where_it_can_not_be_told(build: Build, entry: object) -> None:
    build(reranker=RERANKER)
    path = INDEX / "gen-000001" / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**table, "reranker": entry}), encoding="utf-8")
    assert build(rebuild=True).generation == 2
    assert (carried(), folders()) == (None, [])


@pytest.mark.parametrize("file", ["CURRENT", "gen-000001/manifest.json"])
def test_a_rebuild_has_none_where_the_index_says_nothing(build: Build, file: str) -> None:
    build(reranker=RERANKER)
    (INDEX / file).write_text("[", encoding="utf-8")
    assert build(rebuild=True).documents == 5
    assert (carried(), folders()) == (None, [])


def test_what_no_generation_uses_is_swept(build: Build, encoders: FakeEncoders) -> None:
    build(reranker=RERANKER)
    (RERANKERS / ("0" * 64)).mkdir()
    (INDEX / ".work-reranker-17").mkdir()
    sweep(INDEX)
    assert folders() == [encoders.find_reranker(RERANKER).sha256]
    assert names() == {"CURRENT", "encoders", "rerankers", "gen-000001"}
    (INDEX / "CURRENT").write_text("gen-00", encoding="utf-8")
    sweep(INDEX)  # nobody knows what is live
    assert folders() == [encoders.find_reranker(RERANKER).sha256]


def test_progress_is_told(articles: Path, encoders: FakeEncoders) -> None:
    assert articles.is_dir()
    stages: list[tuple[str, int, int]] = []
    update(
        Settings(reranker=RERANKER),
        progress=lambda stage, done, total: stages.append((stage, done, total)),
        encoders=encoders,
    )
    assert stages[:4] == [
        ("loading the reranker", 0, 1),
        ("loading the reranker", 1, 1),
        ("exporting the reranker", 0, 1),
        ("exporting the reranker", 1, 1),
    ]


@pytest.mark.parametrize("entry", ["x", {"name": "x"}, 5])
def test_a_damaged_entry_is_told(build: Build, entry: object) -> None:
    build()
    path = INDEX / "gen-000001" / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**table, "reranker": entry}), encoding="utf-8")
    with pytest.raises(BriefqaError, match=r"manifest\.json is damaged\."):
        open_generation(INDEX)
