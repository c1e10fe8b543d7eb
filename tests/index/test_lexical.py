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
from briefqa.index.lexical import LexicalIndex, deleted_share, extend_lexical, write_lexical

K1, B = 1.2, 0.75
TEXTS = ["alpha beta", "alpha alpha gamma delta", "gamma", "delta epsilon alpha zeta"]


def written(folder: Path, texts: list[str]) -> None:
    """Passage n, of document n, has the n-th text."""
    write_lexical(folder, ((number, number, text, None) for number, text in enumerate(texts)))


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


def extended(tmp_path: Path, removed: list[int]) -> tuple[Path, Path]:
    """TEXTS, and what comes of them without the documents `removed` and with two more texts."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    written(old, TEXTS)
    extend_lexical(new, old, [(7, 5, "gamma beta", None), (8, 5, "zeta", "en")], removed)
    return old, new


def test_an_extended_index_counts_what_is_deleted_until_it_is_merged(tmp_path: Path) -> None:
    old, new = extended(tmp_path, [1])
    index = LexicalIndex(new)
    assert len(index) == 5
    assert deleted_share(old) == 0.0
    assert deleted_share(new) == pytest.approx(1 / 6)
    bags = [text.split() for text in [*TEXTS, "gamma beta", "zeta"]]
    numbers = [0, 1, 2, 3, 7, 8]
    for question in (["gamma"], ["alpha", "zeta"], ["beta", "delta", "gamma"]):
        # Deleted text 1 is not found, but counts for the idf and the mean length: six texts of 14 words.
        expected = {numbers[place]: score for place, score in bm25(bags, question).items() if place != 1}
        assert dict(index.top(question, 9)) == pytest.approx(expected, abs=1e-5)
    assert [index.document_frequency(word) for word in ("alpha", "gamma", "zeta", "delta", "nothing")] == [
        2,
        2,
        2,
        1,
        0,
    ]


def test_an_extended_index_of_which_nothing_is_deleted_is_as_one_made_at_once(tmp_path: Path) -> None:
    _, new = extended(tmp_path, [])
    index = LexicalIndex(new)
    bags = [text.split() for text in [*TEXTS, "gamma beta", "zeta"]]
    for question in (["gamma"], ["alpha", "zeta"], ["beta", "delta", "gamma"]):
        expected = {[0, 1, 2, 3, 7, 8][place]: score for place, score in bm25(bags, question).items()}
        assert dict(index.top(question, 9)) == pytest.approx(expected, abs=1e-5)
    assert index.document_frequency("gamma") == 3
    assert deleted_share(new) == 0.0


def test_a_part_of_which_all_is_deleted_goes(tmp_path: Path) -> None:
    _, new = extended(tmp_path, [0, 1, 2, 3])
    assert (len(LexicalIndex(new)), deleted_share(new)) == (2, 0.0)
    assert LexicalIndex(new).top(["alpha"], 3) == []
    # A number that was deleted may come back.
    newer = tmp_path / "newer"
    newer.mkdir()
    extend_lexical(newer, new, [(0, 1, "alpha", None)], [1])
    assert [number for number, _ in LexicalIndex(newer).top(["alpha"], 3)] == [0]


def test_extending_leaves_the_former_index_as_it_is_and_shares_its_files(tmp_path: Path) -> None:
    old = tmp_path / "0"
    old.mkdir()
    written(old, TEXTS)
    for count in range(1, 18):  # past the eighth of a size, Tantivy merges them
        before = {path.name: path.read_bytes() for path in (old / "lexical").iterdir()}
        new = tmp_path / str(count)
        new.mkdir()
        kept, linked = extend_lexical(new, old, [(count + 9, count + 9, f"gamma word{count}", None)], [])
        assert {path.name: path.read_bytes() for path in (old / "lexical").iterdir()} == before
        files = {path.name: path for path in (new / "lexical").iterdir()}
        shared = {f"lexical/{name}" for name, path in files.items() if path.stat().st_nlink > 1}
        assert kept == linked == shared
        assert not [name for name in files if name.endswith(".lock")]
        assert len(LexicalIndex(new)) == len(TEXTS) + count
        old = new
    assert len(list((old / "lexical").glob("*.idx"))) < 9
    assert len(LexicalIndex(old).top(["gamma"], 99)) == 2 + 17


@pytest.mark.parametrize("damage", ["folder", "meta.json"])
def test_a_damaged_index_is_not_extended(tmp_path: Path, damage: str) -> None:
    written(tmp_path, TEXTS)
    if damage == "folder":
        shutil.rmtree(tmp_path / "lexical")
    else:
        (tmp_path / "lexical" / damage).write_text("{", encoding="utf-8")
    (tmp_path / "new").mkdir()
    with pytest.raises(IndexDamaged) as caught:
        extend_lexical(tmp_path / "new", tmp_path, [], [0])
    assert str(caught.value) == (
        f"{tmp_path / 'lexical'} is damaged. Make the index again with: briefqa index --rebuild"
    )


def test_terms_of_a_word_in_several_languages_score_as_one_term(tmp_path: Path) -> None:
    entries = [
        (0, 0, "minsk river", None),
        (1, 1, "Minsk", "de"),
        (2, 2, "Minsk Fluss Haus", "de-AT"),
        (3, 3, "river boat", "en"),
        (4, 4, "Flüsse", "de"),
        (5, 5, "rivière", "fr"),
    ]
    write_lexical(tmp_path, entries)
    index = LexicalIndex(tmp_path)
    assert index.analyzers == ("en", "de", "fr")
    minsk, river = ("minsk", "de:minsk", "fr:minsk"), ("river", "de:riv", "fr:river")
    # The same texts with one term for each word: every score is the formula's.
    bags = [["minsk", "river"], ["minsk"], ["minsk", "f", "h"], ["river", "b"], ["f"], ["r"]]
    for words, question in (([minsk], ["minsk"]), ([minsk, river], ["minsk", "river"]), ([river, minsk, river], None)):
        expected = bm25(bags, question or ["minsk", "river"])
        assert dict(index.top(words, 9)) == pytest.approx(expected, abs=1e-5)
    assert [index.document_frequency(word) for word in (minsk, river, "de:fluss", "fluss")] == [3, 2, 2, 0]
    # "minsk" in 3 of 6: ln 2; alone it would stand in 1 of 6: ln(1 + 5.5 / 1.5) = 1.54.
    alone = dict(index.top(["minsk"], 9))
    assert alone[0] / dict(index.top([minsk], 9))[0] == pytest.approx(math.log(1 + 5.5 / 1.5) / math.log(2), abs=1e-5)


def test_deleted_passages_count_for_the_terms_of_all_languages(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    write_lexical(old, [(0, 0, "minsk a1", None), (1, 1, "Minsk a2", "de"), (2, 2, "Minsk", "de"), (3, 3, "x y", None)])
    extend_lexical(new, old, [(4, 4, "Minsk", "tr")], [1])
    index = LexicalIndex(new)
    assert index.analyzers == ("en", "de", "tr")
    word = ("minsk", "de:minsk", "tr:minsk")
    bags = [["minsk", "a1"], ["minsk", "a2"], ["minsk"], ["x", "y"], ["minsk"]]
    expected = {number: score for number, score in bm25(bags, ["minsk"]).items() if number != 1}
    assert dict(index.top([word], 9)) == pytest.approx(expected, abs=1e-5)
    assert index.document_frequency(word) == 3
