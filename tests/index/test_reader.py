from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from briefqa.errors import IndexMissing, UsageError
from briefqa.index import reader as reader_module
from briefqa.index.reader import GenerationReader, open_generation
from briefqa.index.segments import Segments
from tests.conftest import ARTICLES, Build
from tests.fakes import bag_of_words
from tests.index.folders import INDEX


@pytest.fixture
def reader(build: Build) -> Iterator[GenerationReader]:
    build()
    opened = open_generation(INDEX)
    yield opened
    opened.close()


def answers(reader: GenerationReader) -> list[object]:
    vector = bag_of_words("exercise in Kyrgyzstan", "all-MiniLM-L6-v2")
    return [
        len(reader),
        reader.dense_top(vector, 6),
        reader.dense_median(vector),
        reader.lexical_top(["exercis", "kyrgyzstan"], 6),
        reader.document_frequency("member"),
        reader.passages(range(6)),
        reader.look_up(reader.passage_ids([2])[0], 1),
    ]


def test_there_is_no_index_where_there_is_none(tmp_path: Path) -> None:
    alone = tmp_path / "alone"  # other tests' folders lie beside it
    alone.mkdir()
    for place in (alone / "nowhere", alone):
        with pytest.raises(IndexMissing) as caught:
            open_generation(place)
        assert str(caught.value) == f"There is no index in {place}. Make one with: briefqa index"
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(IndexMissing):
        open_generation(tmp_path / "file")


def test_passages_come_in_the_order_asked_for(reader: GenerationReader) -> None:
    numbers = [4, 0, 5, 0, 1]
    found = reader.passages(numbers)
    assert [passage.id for passage, _ in found] == reader.passage_ids(numbers)
    assert [document.key for _, document in found] == ["peace.md", "csto.md", "union.text", "csto.md", "csto.md"]
    assert found[1] == found[3]
    assert reader.passages([]) == []


def test_passages_and_documents_are_what_the_articles_say(reader: GenerationReader) -> None:
    for passage, document in reader.passages(range(6)):
        assert passage.document_id == document.id
        assert document.text[passage.start : passage.end] == passage.text
        lines = ARTICLES[document.key].split("\n")[passage.lines[0] - 1 : passage.lines[1]]
        assert "\n".join(lines) == passage.text
        assert passage.sentences
    _, document = reader.passages([0])[0]
    assert (document.title, document.source, document.published) == (
        "The CSTO at a glance",
        "Example Institute",
        "2018-11-22",
    )
    assert (document.authors, document.url) == (("Anna Petrosyan", "Boris Ivanov"), "https://example.org/csto")
    assert (document.path, document.line_map) == ("corpus/csto.md", ((0, 10),))


def test_scores_come_from_the_indexes(reader: GenerationReader) -> None:
    vector = bag_of_words("The Minsk Group in Vienna", "all-MiniLM-L6-v2")
    cosines = reader.segments.vectors(range(6)) @ vector
    np.testing.assert_allclose(reader.dense_scores(vector, [3, 1]), cosines[[3, 1]], atol=1e-6)
    assert reader.dense_top(vector, 1)[0][0] == int(np.argmax(cosines)) == 3
    assert reader.dense_median(vector) == pytest.approx(float(np.median(cosines)), abs=1e-6)
    assert reader.document_frequency("minsk") == 2
    assert {number for number, _ in reader.lexical_top(["minsk"], 9)} == {2, 3}


def test_a_passage_is_found_by_the_start_of_its_id(reader: GenerationReader) -> None:
    for number, (passage, document) in enumerate(reader.passages(range(6))):
        found = reader.look_up(passage.id, 0)
        assert found == (document, [passage], passage.id)
        others = reader.passage_ids([other for other in range(6) if other != number])
        short = next(
            passage.id[:length]
            for length in range(1, 13)
            if not any(other.startswith(passage.id[:length]) for other in others)
            and not any(other.id.startswith(passage.id[:length]) for other in reader.documents())
        )
        assert reader.look_up(short, 0) == found


def test_neighbours_come_along_within_the_document(reader: GenerationReader) -> None:
    first, second = (passage for passage, _ in reader.passages([0, 1]))
    assert reader.look_up(first.id, 1)[1:] == ([first, second], first.id)
    assert reader.look_up(second.id, 1)[1:] == ([first, second], second.id)
    assert reader.look_up(second.id, 0)[1:] == ([second], second.id)
    alone, _ = reader.passages([2])[0]
    assert reader.look_up(alone.id, 9)[1] == [alone]


def test_context_is_counted_on_each_side(build: Build, articles: Path) -> None:
    (articles / "long.txt").write_text(
        "\n\n".join(f"Number {number}. " + "Word. " * 14 for number in range(7)), encoding="utf-8"
    )
    build(passage_tokens=16)
    reader = open_generation(INDEX)
    document = next(document for document in reader.documents() if document.key == "long.txt")
    _, passages, none = reader.look_up(document.id, 0)
    assert (len(passages), none) == (7, None)
    assert reader.look_up(passages[3].id, 2)[1] == passages[1:6]
    assert reader.look_up(passages[0].id, 2)[1] == passages[:3]
    assert reader.look_up(passages[6].id, 2)[1] == passages[4:]
    reader.close()


def test_a_document_is_found_with_all_its_passages(reader: GenerationReader) -> None:
    (first, document), (second, _) = reader.passages([0, 1])
    assert reader.look_up(document.id, 0) == (document, [first, second], None)


def test_an_unknown_id_is_told(reader: GenerationReader) -> None:
    unknown = next(f"{number:012x}" for number in range(10) if f"{number:012x}" not in reader.passage_ids(range(6)))
    with pytest.raises(UsageError) as caught:
        reader.look_up(unknown, 0)
    assert str(caught.value) == f"No passage and no document of this index has an id that starts with {unknown}."


@pytest.mark.parametrize("prefix", ["", "xyz", "ABC", "12 ", "%", "é"])
def test_what_is_no_id_is_told(reader: GenerationReader, prefix: str) -> None:
    with pytest.raises(UsageError) as caught:
        reader.look_up(prefix, 0)
    assert str(caught.value) == f"{prefix!r} is no id. Ids are hexadecimal, as `briefqa search` prints them."


def test_an_ambiguous_start_is_told_with_the_ids(reader: GenerationReader) -> None:
    ids = reader.passage_ids(range(6)) + [document.id for document in reader.documents()]
    start = next(digit for digit in "0123456789abcdef" if sum(entry.startswith(digit) for entry in ids) > 1)
    matching = {entry for entry in ids if entry.startswith(start)}
    with pytest.raises(UsageError) as caught:
        reader.look_up(start, 0)
    before, listed = str(caught.value).split(": ", 1)
    assert before == f"More than one id starts with {start}"
    assert listed.endswith(". Type more of it.")
    assert set(listed.removesuffix(". Type more of it.").split(", ")) == matching


def test_a_reader_goes_on_while_newer_generations_are_made(
    reader: GenerationReader, build: Build, articles: Path
) -> None:
    before = answers(reader)
    for text in ("Nothing of the kind.", "Something else."):
        (articles / "csto.md").write_text(text, encoding="utf-8")
        build()
    assert not reader.folder.exists()
    assert answers(reader) == before
    newer = open_generation(INDEX)
    assert (newer.manifest.generation, len(newer)) == (3, 5)
    newer.close()


def test_a_generation_that_is_replaced_while_it_is_opened_is_no_error(
    build: Build, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    calls = []

    class Slow(Segments):
        def __init__(self, folder: Path, *rest: object) -> None:
            calls.append(folder.name)
            if len(calls) == 1:
                (articles / "osce.txt").unlink()
                build()
            super().__init__(folder, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(reader_module, "Segments", Slow)
    opened = open_generation(INDEX)
    assert calls == ["gen-000001", "gen-000002"]
    assert (opened.manifest.generation, len(opened)) == (2, 5)
    opened.close()


def test_opening_and_reading_write_nothing(build: Build) -> None:
    build()
    everything = [INDEX, *INDEX.rglob("*")]
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in everything}
    opened = open_generation(INDEX)
    answers(opened)
    opened.close()
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in [INDEX, *INDEX.rglob("*")]} == before
