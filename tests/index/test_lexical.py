from __future__ import annotations

import math
import os
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from briefqa.analysis import Token, terms, tokens
from briefqa.errors import IndexDamaged
from briefqa.index.lexical import LexicalIndex, write_lexical

K1, B = 1.2, 0.75
TEXTS = ["alpha beta", "alpha alpha gamma delta", "gamma", "delta epsilon alpha zeta"]


def written(folder: Path, texts: list[str]) -> None:
    """Passage n, of document n, has the n-th text."""
    write_lexical(folder, ((number, number, text) for number, text in enumerate(texts)))


def made(folder: Path, texts: list[str]) -> LexicalIndex:
    written(folder, texts)
    return LexicalIndex(folder)


def bm25(bags: list[list[str]], question: list[str]) -> dict[int, float]:
    """Every bag's score by the formula of Robertson and Zaragoza, with Lucene's idf; bags without a term have none."""
    mean = sum(map(len, bags)) / len(bags)
    scores: dict[int, float] = {}
    for number, bag in enumerate(bags):
        for term in set(question) & set(bag):
            holding = sum(term in other for other in bags)
            idf = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
            count = bag.count(term)
            share = count * (K1 + 1) / (count + K1 * (1 - B + B * len(bag) / mean))
            scores[number] = scores.get(number, 0.0) + idf * share
    return scores


def test_scores_worked_out_by_hand(tmp_path: Path) -> None:
    index = made(tmp_path, TEXTS)
    # 11 terms in 4 texts: 2.75 on average. "gamma" stands in 2 of 4: idf = ln(1 + 2.5 / 2.5) = 0.693147.
    # Text 2 has 1 term: 2.2 / (1 + 1.2 (0.25 + 0.75 * 1 / 2.75)) = 1.351955; text 1 has 4: 0.843206.
    found = index.top(["gamma"], 10)
    assert [number for number, _ in found] == [2, 1]
    assert found[0][1] == pytest.approx(0.6931472 * 2.2 / (1 + 1.2 * (0.25 + 0.75 / 2.75)), abs=1e-5)
    assert found[0][1] == pytest.approx(0.937107, abs=1e-5)
    assert found[1][1] == pytest.approx(0.6931472 * 2.2 / (1 + 1.2 * (0.25 + 3 / 2.75)), abs=1e-5)
    assert found[1][1] == pytest.approx(0.5845, abs=1e-4)


def test_scores_are_those_of_the_formula(tmp_path: Path) -> None:
    chance = random.Random(3)
    words = [f"w{number}x" for number in range(20)]  # no stem is cut from these
    bags = [chance.choices(words, weights=range(1, 21), k=chance.randint(1, 39)) for _ in range(60)]
    index = made(tmp_path, [" ".join(bag) for bag in bags])
    for _ in range(20):
        question = chance.sample(words, chance.randint(1, 6))
        expected = bm25(bags, question)
        found = index.top(question, 100)
        assert {number for number, _ in found} == expected.keys()
        for number, score in found:
            assert score == pytest.approx(expected[number], rel=1e-5)
        scores = [score for _, score in found]
        assert scores == sorted(scores, reverse=True)


def test_repeats_of_a_term_count_once(tmp_path: Path) -> None:
    index = made(tmp_path, TEXTS)
    assert index.top(["gamma", "gamma", "alpha"], 4) == index.top(["gamma", "alpha"], 4)


def test_the_top_is_cut_and_may_be_empty(tmp_path: Path) -> None:
    index = made(tmp_path, TEXTS)
    assert len(index) == 4
    assert [number for number, _ in index.top(["alpha"], 2)] == [1, 0]
    assert len(index.top(["alpha"], 99)) == 3
    assert index.top(["alpha"], 0) == index.top([], 5) == index.top(["nowhere"], 5) == []


def test_the_document_frequency_counts_passages(tmp_path: Path) -> None:
    index = made(tmp_path, TEXTS)
    assert [index.document_frequency(term) for term in ("alpha", "gamma", "beta", "nowhere")] == [3, 2, 1, 0]


def test_passages_are_analysed_as_questions_are(tmp_path: Path) -> None:
    index = made(tmp_path, ["Russia's running DOGS aren't in the café.", "Nothing."])
    assert [number for number, _ in index.top(terms("A dog runs to Russian cafés"), 5)] == [0]
    assert terms("Russia's running DOGS aren't in the café.") == ["russia", "run", "dog", "aren", "cafe"]
    assert index.document_frequency("dog") == 1
    assert index.document_frequency("the") == index.document_frequency("s") == 0


def test_tokens_stand_where_their_words_do() -> None:
    text = "😀 Russia's café, the \ud800 running"
    found = tokens(text)
    assert found == [Token("russia", 2, 8), Token("cafe", 11, 15), Token("run", 23, 30)]
    assert [text[token.start : token.end] for token in found] == ["Russia", "café", "running"]
    assert [token.term for token in found] == terms(text)
    assert terms("") == terms("of the\n") == []
    assert tokens("") == tokens("of the\n") == []


def test_reading_needs_and_leaves_nothing_in_the_folder(tmp_path: Path) -> None:
    written(tmp_path, TEXTS)
    folder = tmp_path / "lexical"
    before = {path: path.stat().st_mtime_ns for path in [folder, *folder.iterdir()]}
    assert not [path for path in before if path.name.endswith(".lock")]
    index = LexicalIndex(tmp_path)
    assert index.top(["gamma"], 1)
    assert {path: path.stat().st_mtime_ns for path in [folder, *folder.iterdir()]} == before


def test_an_opened_index_goes_on_when_its_files_are_removed(tmp_path: Path) -> None:
    index = made(tmp_path, TEXTS)
    before = index.top(["alpha", "gamma"], 4)
    for path in (tmp_path / "lexical").iterdir():
        path.unlink()
    assert index.top(["alpha", "gamma"], 4) == before


def test_the_folder_of_links_goes_even_when_tantivy_makes_a_lock_file_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, TEXTS)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    remove, removed = shutil.rmtree, []

    def late(path: Path, **rest: Any) -> None:
        removed.append(path)
        if len(removed) > 2:
            remove(path, **rest)

    monkeypatch.setattr(shutil, "rmtree", late)
    assert LexicalIndex(tmp_path).top(["gamma"], 1)[0][0] == 2
    assert len(removed) == 3
    assert list((tmp_path / "temporary").iterdir()) == []


def test_writing_and_opening_many_times_leaves_no_lock_and_meets_none(tmp_path: Path) -> None:
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        for index in (made(folder, TEXTS), LexicalIndex(folder)):
            assert [number for number, _ in index.top(["gamma"], 2)] == [2, 1]
        assert [path.name for path in folder.iterdir()] == ["lexical"]
        assert not list((folder / "lexical").glob(".*.lock"))


@pytest.mark.parametrize("damage", ["folder", "meta.json", "cut"])
def test_files_that_can_not_be_read_are_damaged(tmp_path: Path, damage: str) -> None:
    written(tmp_path, TEXTS)
    folder = tmp_path / "lexical"
    if damage == "folder":
        folder.rename(tmp_path / "away")
    elif damage == "cut":
        (folder / "meta.json").write_text('{"segments": [', encoding="utf-8")
    else:
        os.unlink(folder / damage)
    with pytest.raises(IndexDamaged) as caught:
        LexicalIndex(tmp_path)
    assert str(caught.value) == f"{folder} is damaged. Make the index again with: briefqa index --rebuild"
