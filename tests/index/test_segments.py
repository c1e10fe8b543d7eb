"""An index that grew in segments answers as one that was made at once."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from briefqa.errors import IndexDamaged, UsageError
from briefqa.index import merging
from briefqa.index.merging import Limits
from briefqa.index.reader import open_generation
from tests.conftest import Build
from tests.fakes import bag_of_words
from tests.index.folders import INDEX
from tests.index.meaning import bm25, dead_passages, meaning, segment_sizes, write_article

LIMITS = {
    "never merged": Limits(whole=3, least=0, factor=0, dead_share=1.0),
    "merged soon": Limits(whole=3, least=0, factor=4, dead_share=0.2),
    "small ones merged": Limits(whole=3, least=8, factor=1, dead_share=0.5),
}


def change_something(corpus: Path, chance: random.Random) -> None:
    """One of the things that happen to a folder of articles."""
    paths = sorted(corpus.rglob("*.*"))
    path = chance.choice(paths)
    new = corpus / chance.choice(["", "sub"]) / f"{chance.randint(100, 999)}.md"
    action = chance.choice(["add", "add", "change", "change", "edit", "delete", "rename", "copy", "empty"])
    if action == "add" or len(paths) < 6:
        write_article(new, chance)
    elif action == "change":
        write_article(path, chance)
    elif action == "edit":
        path.write_text(path.read_text(encoding="utf-8") + "\n\nOne more amber sentence.\n", encoding="utf-8")
    elif action == "delete":
        path.unlink()
    elif action == "empty":
        path.write_text("", encoding="utf-8")
    else:
        new.parent.mkdir(exist_ok=True)
        new.write_bytes(path.read_bytes())
        if action == "rename":
            path.unlink()


@pytest.fixture
def corpus(articles: Path) -> Path:
    chance = random.Random(1)
    for number in range(8):
        write_article(articles / f"base{number}.md", chance)
    return articles


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("seed", [1, 2])
def test_changes_in_any_order_answer_as_a_fresh_index(
    build: Build, corpus: Path, monkeypatch: pytest.MonkeyPatch, name: str, seed: int
) -> None:
    monkeypatch.setattr(merging, "LIMITS", LIMITS[name])
    chance = random.Random(seed)
    build()
    most = 1
    for step in range(7):
        for _ in range(chance.randint(1, 3)):
            change_something(corpus, chance)
        report = build()
        build(index=f"fresh{step}")
        assert meaning() == meaning(Path(f"fresh{step}"))
        assert (report.documents, report.passages) == meaning()["counts"]
        most = max(most, len(segment_sizes()))
        found, share = bm25()
        expected, none = bm25(Path(f"fresh{step}"))
        assert none == 0.0
        assert share <= LIMITS[name].dead_share
        for question, scores in expected.items():
            assert found[question].keys() == scores.keys()
            # What is deleted still counts for idf and the mean length (see test_lexical); without that nothing differs.
            if share == 0.0:
                assert found[question] == pytest.approx(scores, rel=1e-5)
    assert most > 1
    build(rebuild=True)
    assert meaning() == meaning(Path(f"fresh{step}"))
    assert {**bm25()[0]} == {name: pytest.approx(scores, rel=1e-5) for name, scores in expected.items()}
    assert segment_sizes() == [(report.passages, report.passages)]


def test_deleted_passages_are_found_by_nobody(build: Build, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LIMITS", LIMITS["never merged"])
    build()
    before = open_generation(INDEX)
    texts = {number: passage.text for number, (passage, _) in zip(
        before.numbers(), before.passages(before.numbers()), strict=True
    )}  # fmt: skip
    gone = [number for number, (_, document) in zip(
        before.numbers(), before.passages(before.numbers()), strict=True
    ) if document.key in ("base3.md", "csto.md")]  # fmt: skip
    documents = {document.id for document in before.documents() if document.key in ("base3.md", "csto.md")}
    ids = before.passage_ids(gone)
    before.close()
    for key in ("base3.md", "csto.md"):
        (corpus / key).unlink()
    build()
    reader = open_generation(INDEX)
    assert dead_passages(reader) == set(gone)
    assert len(reader) == len(texts) - len(gone)
    assert reader.numbers() == sorted(texts.keys() - gone)
    vectors = np.array([bag_of_words(texts[number], "all-MiniLM-L6-v2") for number in gone])
    for vector in vectors:
        assert [number for number, score in reader.dense_top(vector, 3) if score > 0.999 or number in gone] == []
        assert {number for number, _ in reader.dense_top(vector, 1000)} == set(reader.numbers())
    reader.prepare_dense(vectors, 201)
    for vector in vectors:
        assert {number for number, _ in reader.dense_top(vector, 201)} == set(reader.numbers())
    assert reader.lexical_top(["bordyuzha"], 9) == []
    assert reader.document_frequency("bordyuzha") == 0
    assert not {document.id for document in reader.documents()} & documents
    for identity in [*ids, *documents]:
        with pytest.raises(UsageError, match=r"^No passage and no document of this index has an id that starts with"):
            reader.look_up(identity, 0)
    reader.close()


def test_the_nearest_of_several_segments_come_first(
    build: Build, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "LIMITS", LIMITS["never merged"])
    build()
    for number, text in enumerate(["Jade and iron.", "Jade, iron and flint."]):
        (corpus / f"z{number}.txt").write_text(text, encoding="utf-8")
        build()
    reader = open_generation(INDEX)
    assert len(reader.segments.opened) == 3
    found = reader.passages(
        [number for number, _ in reader.dense_top(bag_of_words("iron jade and", "all-MiniLM-L6-v2"), 2)]
    )
    assert [document.key for _, document in found] == ["z0.txt", "z1.txt"]
    last, first = reader.numbers()[-1], reader.numbers()[0]
    ids = reader.passage_ids([last, first, last])
    assert ids[0] == ids[2] != ids[1]
    for number in (-1, last + 1):
        with pytest.raises(IndexDamaged):
            reader.passage_ids([first, number])
        with pytest.raises(IndexDamaged):
            reader.dense_scores(bag_of_words("iron", ""), [number])
    reader.close()


def test_a_source_more_is_appended_and_another_order_makes_the_index_anew(
    build: Build, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "LIMITS", LIMITS["never merged"])
    write_article(tmp_path / "more" / "csto.md", random.Random(5))
    build()
    for sources, segments in ((("corpus", "more"), 2), (("more", "corpus"), 1), (("more",), 1)):
        build(corpus=sources)
        assert len(segment_sizes()) == segments
        build(corpus=sources, index=f"fresh{segments}{len(sources)}")
        assert meaning() == meaning(Path(f"fresh{segments}{len(sources)}"))


@pytest.mark.parametrize("settings", [{"passage_tokens": 30}, {"overlap_tokens": 3}, {"encoder": "fake-other"}])
def test_another_making_makes_the_index_anew(
    build: Build, corpus: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    monkeypatch.setattr(merging, "LIMITS", LIMITS["never merged"])
    build()
    write_article(corpus / "new.md", random.Random(7))
    build()
    assert len(segment_sizes()) == 2
    build(**settings)
    assert len(segment_sizes()) == 1


def test_a_small_index_is_always_written_whole(build: Build, corpus: Path) -> None:
    build()
    (corpus / "base1.md").unlink()
    write_article(corpus / "new.md", random.Random(7))
    build()
    ((live, total),) = segment_sizes()
    assert live == total
