"""The sentence vectors of an index: made with the passages', carried over bit for bit, and checked."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefqa import chunking
from briefqa.errors import IndexDamaged, IndexMismatch
from briefqa.index import encoding as encoding_module
from briefqa.index.reader import open_generation
from briefqa.index.sentence_vectors import CODES_FILE, OFFSETS_FILE, SentenceVectorsWriter, pack, write_sentence_vectors
from briefqa.index.verify import verify
from briefqa.sentences import sentences
from tests.conftest import Build
from tests.fakes import DIMENSION, OTHER_ENCODER, FakeEncoders, bag_of_words
from tests.index.folders import INDEX, contents, names

if TYPE_CHECKING:
    from briefqa.index.sentence_vectors import Codes
    from briefqa.types import Span

GENERATION = INDEX / "gen-000001"
SEGMENT = GENERATION / "seg-000001"
APART = f"The parts of {SEGMENT} do not belong together. Make the index again with: briefqa index --rebuild"
# Sentences of each passage, as they can be counted in tests/conftest.py.
SENTENCES = [6, 3, 5, 4, 4, 2]


def codes_by_place() -> dict[tuple[str, int], bytes]:
    """The codes of every passage's sentences, by its document's key and its place in it."""
    reader = open_generation(INDEX)
    found = {}
    for number, (passage, document) in enumerate(reader.passages(range(len(reader)))):
        found[document.key, passage.start] = reader.segments.codes([number])[0].tobytes()
    reader.close()
    return found


def record_again() -> None:
    """Make the manifest agree with its files, whatever is in them."""
    path = GENERATION / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    for name in table["files"]:
        data = (GENERATION / name).read_bytes()
        table["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    del table["sha256"]
    path.write_text(json.dumps(table), encoding="utf-8")


def flip_codes() -> None:
    """Codes that no encoder of ours would make."""
    codes = np.load(SEGMENT / CODES_FILE)
    np.save(SEGMENT / CODES_FILE, ~codes)
    record_again()


def move_offset() -> None:
    """The second passage's first sentence goes to the first passage."""
    offsets = np.load(SEGMENT / OFFSETS_FILE)
    offsets[1] += 1
    np.save(SEGMENT / OFFSETS_FILE, offsets)
    record_again()


def test_every_sentence_has_the_vector_of_its_own_text(build: Build) -> None:
    build()
    reader = open_generation(INDEX)
    question = bag_of_words("Which exercise took place in Kyrgyzstan in 2018?", "all-MiniLM-L6-v2")
    numbers = [4, 0, 1, 2, 1, 3, 5]
    cosines = reader.sentence_cosines(question, numbers)
    for (passage, document), found in zip(reader.passages(numbers), cosines, strict=True):
        texts = [document.text[start:end] for start, end in passage.sentences]
        signs = np.where(np.array([bag_of_words(text, "all-MiniLM-L6-v2") for text in texts]) >= 0, 1.0, -1.0)
        expected = np.clip(signs @ question / (8.0 * np.sqrt(2.0 / np.pi)), -1.0, 1.0)
        np.testing.assert_allclose(found, expected, atol=1e-6)
    assert [len(found) for found in cosines] == [SENTENCES[number] for number in numbers]
    (segment,) = reader.segments.opened
    assert (segment.sentences.counts(), segment.catalog.sentence_counts()) == (SENTENCES, SENTENCES)
    reader.close()
    assert (SEGMENT / CODES_FILE).stat().st_size == 128 + 24 * 8


def test_a_passage_without_a_sentence_has_no_vector(build: Build, articles: Path) -> None:
    (articles / "a.md").write_text("* * *\n", encoding="utf-8")
    build()
    reader = open_generation(INDEX)
    assert reader.passages([0])[0][0].sentences == ()
    assert reader.sentence_cosines(bag_of_words("a", ""), [0]) == [[]]
    assert reader.segments.opened[0].sentences.counts() == [0, *SENTENCES]
    reader.close()
    assert verify(INDEX)[1] == []


def test_codes_of_unchanged_documents_are_carried_over_bit_for_bit(
    build: Build, encoders: FakeEncoders, articles: Path
) -> None:
    build()
    flip_codes()
    before = codes_by_place()
    (articles / "osce.txt").unlink()
    report = build()
    assert (report.encoded, report.reused, encoders.encoded, encoders.loaded) == (0, 5, 6, ["all-MiniLM-L6-v2"])
    assert codes_by_place() == {place: codes for place, codes in before.items() if place[0] != "osce.txt"}


def test_codes_of_the_same_text_elsewhere_are_carried_over_bit_for_bit(
    build: Build, encoders: FakeEncoders, articles: Path
) -> None:
    build()
    flip_codes()
    before = codes_by_place()
    (articles / "csto.md").rename(articles / "z.md")
    path = articles / "osce.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Vienna", "Prague"), encoding="utf-8")
    report = build()
    assert (report.encoded, report.reused, encoders.encoded) == (1, 5, 7)
    after = codes_by_place()
    assert {codes for place, codes in before.items() if place[0] == "csto.md"} == {
        codes for place, codes in after.items() if place[0] == "z.md"
    }
    # The first sentence of the edited passage stayed, but the passage is encoded whole.
    fresh = pack(np.array([bag_of_words("The OSCE Minsk Group", "all-MiniLM-L6-v2")]))
    assert after["osce.txt", 0][: fresh.shape[1]] == fresh.tobytes()


def test_the_same_text_with_another_number_of_sentences_is_encoded_again(
    build: Build, encoders: FakeEncoders, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()

    def splitter(text: str, language: str | None) -> list[Span]:
        spans = sentences(text, language)
        return spans if "Moscow" in text else [(spans[0][0], spans[-1][1])]

    monkeypatch.setattr(chunking, "sentences", splitter)
    for key in ("csto.md", "union.text"):
        (articles / key).rename(articles / f"z-{key}")
    report = build()
    # The two passages of csto.md have the sentences that they had, that of union.text one instead of two.
    assert (report.encoded, report.reused, encoders.passages[6:]) == (
        1,
        5,
        [(articles / "z-union.text").read_text()[:-1]],
    )
    reader = open_generation(INDEX)
    (segment,) = reader.segments.opened
    assert segment.sentences.counts() == segment.catalog.sentence_counts() == [5, 4, 4, 6, 3, 1]
    reader.close()


def test_the_same_text_with_as_many_sentences_elsewhere_in_it_is_encoded_again(
    build: Build, encoders: FakeEncoders, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    text = (articles / "union.text").read_text(encoding="utf-8")
    cut = [text.index(" Russia"), text.index("Russia"), text.index("\n")]

    def splitter(text: str, language: str | None) -> list[Span]:
        return [(0, cut[0]), (cut[1], cut[2])] if "Union State" in text else sentences(text, language)

    monkeypatch.setattr(chunking, "sentences", splitter)
    for key in ("csto.md", "union.text"):
        (articles / key).rename(articles / f"z-{key}")
    report = build()
    assert (report.encoded, report.reused, encoders.passages[6:]) == (1, 5, [text[:-1]])
    expected = pack(
        np.array(
            [
                bag_of_words("The Union State joins", "all-MiniLM-L6-v2"),
                bag_of_words("Russia and Belarus. Its treaty was signed in 1999.", "all-MiniLM-L6-v2"),
            ]
        )
    )
    assert codes_by_place()["z-union.text", 0] == expected.tobytes()


def test_codes_of_a_passage_that_moved_in_its_document_are_carried_over_bit_for_bit(
    build: Build, articles: Path
) -> None:
    build()
    flip_codes()
    (_, first), (_, second) = sorted(place for place in codes_by_place() if place[0] == "csto.md")
    before = codes_by_place()["csto.md", second]
    path = articles / "csto.md"
    path.write_text(path.read_text(encoding="utf-8").replace("six members", "seventeen members"), encoding="utf-8")
    report = build()
    assert (report.encoded, report.reused, first) == (1, 5, 1)
    # "seventeen" is six letters longer than "six".
    assert codes_by_place()["csto.md", second + 6] == before


def test_another_encoder_makes_other_codes(build: Build) -> None:
    build()
    before = codes_by_place()
    assert build(encoder=OTHER_ENCODER).encoded == 6
    after = codes_by_place()
    assert before.keys() == after.keys()
    assert all(before[place] != after[place] for place in before)


def test_slabs_make_no_difference(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    monkeypatch.setattr(encoding_module, "_FIRST_SLAB", 1)
    monkeypatch.setattr(encoding_module, "_SLAB", 4)
    build(index="slabs")
    assert contents(Path("slabs")) == contents()


def test_a_new_index_with_a_sentence_too_few_is_not_published(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    class Losing(SentenceVectorsWriter):
        def add(self, codes: Codes) -> None:
            super().add(codes[:1])

    monkeypatch.setattr(encoding_module, "SentenceVectorsWriter", Losing)
    message = (
        r"^The new index in index/\.work-gen-\d+ is not what was written \(seg-000001\), so the old one stays\."
        r" If that is damaged, briefqa verify tells\. Make the index again with: briefqa index --rebuild$"
    )
    with pytest.raises(IndexDamaged, match=message):
        build()
    assert names() == {"encoders"}


def test_sentences_of_another_passage_are_found(build: Build, articles: Path) -> None:
    build()
    reader = open_generation(INDEX)
    ids = reader.passage_ids([0, 1])
    reader.close()
    assert verify(INDEX)[1] == []
    move_offset()
    assert verify(INDEX)[1] == [
        f"passage {identity} of corpus/csto.md has not one vector for each of its sentences" for identity in ids
    ]
    (articles / "osce.txt").unlink()
    with pytest.raises(IndexDamaged) as caught:
        build()
    assert str(caught.value) == APART
    assert build(rebuild=True).encoded == 5


def test_altered_codes_are_found(build: Build) -> None:
    build()
    for name in (CODES_FILE, OFFSETS_FILE):
        data = (SEGMENT / name).read_bytes()
        (SEGMENT / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert verify(INDEX)[1] == [f"{SEGMENT / name} is altered: its checksum is not the recorded one"]
        (SEGMENT / name).write_bytes(data)
    assert verify(INDEX)[1] == []


@pytest.mark.parametrize(("passages", "dimension"), [(5, DIMENSION), (7, DIMENSION), (6, DIMENSION + 8)])
def test_vectors_of_another_index_do_not_belong_to_it(
    build: Build, articles: Path, passages: int, dimension: int
) -> None:
    build()
    write_sentence_vectors(SEGMENT, [pack(np.ones((1, dimension), dtype=np.float32))] * passages)
    record_again()
    with pytest.raises(IndexDamaged) as caught:
        open_generation(INDEX)
    assert str(caught.value) == APART
    assert verify(INDEX)[1] == [APART]
    (articles / "osce.txt").unlink()
    with pytest.raises(IndexDamaged) as caught:
        build()
    assert str(caught.value) == APART


def test_codes_of_another_length_do_not_belong_to_a_run(build: Build, articles: Path) -> None:
    build()
    write_sentence_vectors(SEGMENT, [pack(np.ones((count, DIMENSION + 8), dtype=np.float32)) for count in SENTENCES])
    record_again()
    (articles / "osce.txt").unlink()
    with pytest.raises(IndexDamaged) as caught:
        build()
    assert str(caught.value) == APART


def test_an_index_of_the_first_format_is_refused_and_made_again(build: Build) -> None:
    build()
    before = contents()
    path = GENERATION / "manifest.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    for name in (CODES_FILE, OFFSETS_FILE):
        (SEGMENT / name).unlink()
        del table["files"][f"{SEGMENT.name}/{name}"]
    path.write_text(json.dumps({**table, "format": 1}), encoding="utf-8")
    for call in (build, lambda: open_generation(INDEX), lambda: verify(INDEX)):
        with pytest.raises(IndexMismatch) as caught:
            call()
        assert str(caught.value) == (
            "The index in index has format 1, and this briefqa reads format 4."
            " Make it again with: briefqa index --rebuild"
        )
    report = build(rebuild=True)
    assert (report.generation, report.encoded) == (2, 6)
    assert contents() == before
    assert verify(INDEX)[1] == []
