"""Indexes of this format that were made earlier, of other formats, and with parts of other versions or machines."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from briefqa.errors import IndexMismatch
from briefqa.index import checksums, merging
from briefqa.index.manifest import FORMAT
from briefqa.index.merging import Limits
from briefqa.index.reader import open_generation
from briefqa.index.update import update
from briefqa.index.verify import verify
from tests.cli.runner import Runner
from tests.conftest import Build
from tests.fakes import FakeEncoders
from tests.fixtures.make_index import ANSWERS, ARTICLES, HOME, SETTINGS, answers
from tests.index.folders import INDEX, snapshot

GENERATION = INDEX / "gen-000001"
SEGMENT = GENERATION / "seg-000001"
FOOTER = re.compile(rb'"index_format_version":(\d)')
AGAIN = "Make the index again with: briefqa index --rebuild"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the kept index of this format, in the folder that the test stands in."""
    shutil.copytree(HOME, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_kept_index_is_whole_and_answers_as_when_it_was_made(kept: Path) -> None:
    before = snapshot()
    manifest, wrong = verify(INDEX)
    assert wrong == []
    assert (manifest.documents, manifest.passages, len(manifest.segments)) == (3, 3, 2)
    assert answers() == json.loads(ANSWERS.read_text(encoding="utf-8"))
    assert snapshot() == before
    reader = open_generation(INDEX)
    assert {document.key for document in reader.documents()} == set(ARTICLES)
    assert len(reader.segments.tombstones.documents) == 1  # the harbour's
    reader.close()


def test_the_kept_index_has_nothing_to_be_updated(kept: Path) -> None:
    report = update(SETTINGS, encoders=FakeEncoders())
    assert (report.changed_index, report.generation, report.kept) == (False, 2, 3)


@pytest.mark.parametrize("limits", [merging.LIMITS, Limits(whole=0, least=0, factor=0, dead_share=1.0)])
def test_the_kept_index_can_be_updated(kept: Path, monkeypatch: pytest.MonkeyPatch, limits: Limits) -> None:
    monkeypatch.setattr(merging, "LIMITS", limits)
    encoders = FakeEncoders()
    Path("corpus/tower.md").write_text("The tower on the hill is older than the mill.\n", encoding="utf-8")
    report = update(SETTINGS, encoders=encoders)
    assert (report.generation, report.added, report.kept) == (3, 1, 3)
    assert (encoders.passages, report.reused) == (["The tower on the hill is older than the mill."], 3)
    assert verify(INDEX)[1] == []
    recorded = json.loads(ANSWERS.read_text(encoding="utf-8"))
    for question, answer in answers().items():
        assert (answer["quote"], answer["document"]) == (recorded[question]["quote"], recorded[question]["document"])


@pytest.mark.parametrize("number", [*range(1, FORMAT), FORMAT + 1])
def test_an_index_of_another_format_is_refused_and_made_again_on_request(
    run: Runner, articles: Path, number: int
) -> None:
    assert articles.is_dir()
    GENERATION.mkdir(parents=True)
    (INDEX / "CURRENT").write_text("gen-000001\n", encoding="utf-8")
    manifest = {"format": number, "generation": 1, "encoder": {"name": "fake-other"}}
    (GENERATION / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    message = (
        f"error: The index in index has format {number}, and this briefqa reads format {FORMAT}."
        " Make it again with: briefqa index --rebuild\n"
    )
    for command in (["ask", "Who?"], ["search", "who"], ["status"], ["verify"], ["index"]):
        outcome = run(*command)
        assert (command, outcome.code, outcome.out, outcome.err) == (command, 3, "", message)
    assert run("index", "--rebuild").code == 0
    # It goes on with the encoder that the other one named.
    assert open_generation(INDEX).manifest.encoder.name == "fake-other"


def in_lexical(change: Callable[[bytes], bytes]) -> None:
    for path in (GENERATION / "lexical").iterdir():
        path.write_bytes(change(path.read_bytes()))


def swap_bytes(path: Path) -> None:
    array = np.load(path)
    np.save(path, array.astype(array.dtype.newbyteorder(">")), allow_pickle=False)


def form(name: bytes) -> None:
    path = SEGMENT / "dense.faiss"
    path.write_bytes(name + path.read_bytes()[4:])


OTHERS: dict[str, tuple[Callable[[], object], str]] = {
    "Tantivy of another format": (
        lambda: in_lexical(lambda data: re.sub(rb'(?<="index_format_version":)\d', b"9", data)),
        "index/gen-000001/lexical was written by a version of Tantivy with another format (9; the one here"
        f" reads TANTIVY). {AGAIN}",
    ),
    "another form of FAISS": (
        lambda: form(b"IHNf"),
        "index/gen-000001/seg-000001/dense.faiss holds vectors in a form of FAISS that is not read here (IHNf)."
        f" {AGAIN}",
    ),
    "FAISS with another byte order": (
        lambda: form(b"fPwI"),
        "index/gen-000001/seg-000001/dense.faiss was written on a machine with another byte order, and can't be read"
        " on this one. Make the index again here with: briefqa index --rebuild",
    ),
    "arrays with another byte order": (
        lambda: swap_bytes(SEGMENT / "sentence-offsets.npy"),
        "index/gen-000001/seg-000001/sentence-offsets.npy was written on a machine with another byte order, and can't"
        " be read on this one. Make the index again here with: briefqa index --rebuild",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_parts_of_other_versions_and_machines_are_told(
    build: Build, run: Runner, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # In an index from another machine the checksums are right.
    monkeypatch.setattr(checksums, "CHECKED_ON_OPENING", 0)
    build()
    alter, message = OTHERS[name]
    lexical = [path.read_bytes() for path in (GENERATION / "lexical").iterdir()]
    (written,) = {found[1] for data in lexical for found in FOOTER.finditer(data)}
    alter()
    message = message.replace("TANTIVY", written.decode())
    with pytest.raises(IndexMismatch):
        open_generation(INDEX)
    outcome = run("ask", "Who leads the CSTO?")
    assert (outcome.code, outcome.out, outcome.err) == (3, "", f"error: {message}\n")
    assert build(rebuild=True).documents == 5
    assert run("ask", "When did Georgia leave the commonwealth?", "-r", "lexical").code in (0, 1)
