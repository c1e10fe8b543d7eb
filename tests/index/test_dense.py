from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np
import pytest

from briefqa.errors import IndexDamaged
from briefqa.index import dense, dense_rows
from briefqa.index.dense import DENSE_FILE, ROWS_FILE, DenseIndex, write_dense
from briefqa.retrieval.retrievers import _top

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from briefqa.protocols import Vectors

    Found = list[tuple[int, float]]


def unit_vectors(count: int, dimension: int = 24, seed: int = 5) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def brute_force(vectors: Vectors, question: Vectors, among: NDArray[np.bool_] | None = None) -> list[int]:
    cosines = vectors.astype(np.float64) @ question.astype(np.float64)
    numbers = range(len(vectors)) if among is None else np.flatnonzero(among).tolist()
    return sorted(numbers, key=lambda number: -cosines[number])


def numbers_of(found: Found) -> list[int]:
    return [number for number, _ in found]


@pytest.fixture
def vectors() -> Vectors:
    return unit_vectors(300)


@pytest.fixture
def index(tmp_path: Path, vectors: Vectors) -> DenseIndex:
    write_dense(tmp_path, vectors)
    return DenseIndex(tmp_path)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Vectors:
    """3,000 vectors, of which few enough are scored for the codes to choose them."""
    monkeypatch.setattr(dense, "_CANDIDATES", 300)
    return unit_vectors(3000, seed=9)


@pytest.fixture
def rounded(tmp_path: Path, many: Vectors) -> DenseIndex:
    (tmp_path / "rounded").mkdir()
    write_dense(tmp_path / "rounded", many, "int8")
    return DenseIndex(tmp_path / "rounded")


def test_it_is_as_long_and_wide_as_what_was_written(index: DenseIndex) -> None:
    assert (len(index), index.dimension) == (300, 24)


@pytest.mark.parametrize("k", [1, 7, 300, 1000])
def test_the_top_is_that_of_brute_force(index: DenseIndex, vectors: Vectors, k: int) -> None:
    for question in unit_vectors(10, seed=6):
        expected = brute_force(vectors, question)[:k]
        found = index.top(question, k)
        assert numbers_of(found) == expected
        np.testing.assert_allclose([score for _, score in found], vectors[expected] @ question, atol=1e-5)


def test_nothing_is_asked_for_or_there(index: DenseIndex, vectors: Vectors, tmp_path: Path) -> None:
    assert index.top(vectors[0], 0) == []
    assert index.top(vectors[0], 5, np.zeros(300, dtype=bool)) == []
    assert index.scores(vectors[0], []) == []
    (tmp_path / "empty").mkdir()
    write_dense(tmp_path / "empty", vectors[:0])
    empty = DenseIndex(tmp_path / "empty")
    assert (len(empty), empty.top(vectors[0], 5), empty.median(vectors[0])) == (0, [], 0.0)


def test_a_flat_file_is_what_faiss_writes_and_reads(index: DenseIndex, vectors: Vectors, tmp_path: Path) -> None:
    theirs = faiss.IndexFlatIP(24)
    theirs.add(vectors)
    faiss.write_index(theirs, str(tmp_path / "theirs"))
    assert (tmp_path / DENSE_FILE).read_bytes() == (tmp_path / "theirs").read_bytes()
    _, numbers = theirs.search(vectors[4:5], 20)
    assert numbers_of(index.top(vectors[4], 20)) == numbers[0].tolist()


def test_a_flat_index_is_searched_without_faiss(tmp_path: Path, vectors: Vectors) -> None:
    write_dense(tmp_path, vectors)
    code = (
        "import sys; from pathlib import Path; from briefqa.index.dense import DenseIndex\n"
        "index = DenseIndex(Path(sys.argv[1])); question = index.vectors([7])[0]\n"
        "print(index.top(question, 1)[0][0], index.median(question) < 1, 'faiss' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ran.stdout == "7 True False\n"


def test_equal_rows_score_alike_wherever_they_stand(tmp_path: Path) -> None:
    vectors = unit_vectors(2000, dimension=23)
    places = [0, 3, 255, 256, 777, 1999]
    vectors[places] = vectors[5]
    question = unit_vectors(1, dimension=23, seed=3)[0]
    for kind in ("flat", "int8"):
        folder = tmp_path / kind
        folder.mkdir()
        write_dense(folder, vectors, kind)
        index = DenseIndex(folder)
        # The first search reads the file, the second what is held of it; a filter and `scores` take rows out of it.
        first, second = (dict(index.top(question, 2000)) for _ in range(2))
        assert first == second == dict(index.top(question, 2000, np.ones(2000, dtype=bool)))
        assert {first[place] for place in places} == {first[5]}
        assert index.scores(question, [*places, 9]) == [first[5]] * 6 + [first[9]]
        # A row alone in an index of its own, as in a segment, has the same cosine.
        write_dense(folder, index.vectors([9]), "flat")
        assert DenseIndex(folder).top(question, 1)[0][1] == pytest.approx(first[9], abs=1e-6)


def test_rows_are_rounded_to_127_parts_of_their_highest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense_rows, "_BLOCK", 2)
    # .6 / .8 * 127 = 95.25; the length of (95, 127) is the root of 9,025 + 16,129 = 25,154.
    rows = np.array([[0.6, 0.8], [0.0, -1.0], [0.0, 0.0]], dtype=np.float32)
    dense_rows.write_rounded(tmp_path / ROWS_FILE, iter([rows[:1], rows[1:]]), 3, 2)
    assert np.load(tmp_path / ROWS_FILE).tolist() == [[95, 127], [0, -127], [0, 0]]
    read = dense_rows.RoundedRows(tmp_path / ROWS_FILE)
    assert (len(read), read.dimension) == (3, 2)
    expected = np.array([[95 / 25154**0.5, 127 / 25154**0.5], [0, -1], [0, 0]])
    np.testing.assert_allclose(read.vectors([0, 1, 2]), expected, atol=1e-7)
    np.testing.assert_allclose(read.vectors([2, 0]), expected[[2, 0]], atol=1e-7)
    question = np.array([0.8, -0.6], dtype=np.float32)
    np.testing.assert_allclose(read.cosines(question), expected @ question, atol=1e-7)
    np.testing.assert_allclose(read.cosines(question, np.array([1, 0, 1])), expected[[1, 0, 1]] @ question, atol=1e-7)


def test_rounding_again_what_was_rounded_changes_nothing(rounded: DenseIndex, tmp_path: Path, many: Vectors) -> None:
    once = rounded.vectors(range(3000))
    np.testing.assert_allclose(once, many, atol=0.005)
    np.testing.assert_allclose(np.linalg.norm(once, axis=1), 1.0, atol=1e-6)
    write_dense(tmp_path, once, "int8")
    assert (tmp_path / ROWS_FILE).read_bytes() == (tmp_path / "rounded" / ROWS_FILE).read_bytes()
    assert DenseIndex(tmp_path).vectors(range(3000)).tobytes() == once.tobytes()


def test_what_the_codes_like_is_ranked_by_its_rows(rounded: DenseIndex, many: Vectors) -> None:
    rows = rounded.vectors(range(3000))
    hits = 0
    for question in unit_vectors(50, seed=6):
        found = rounded.top(question, 10)
        assert [score for _, score in found] == rounded.scores(question, numbers_of(found))
        assert found == sorted(found, key=lambda entry: -entry[1])
        np.testing.assert_allclose([score for _, score in found], rows[numbers_of(found)] @ question, atol=1e-6)
        hits += len(set(numbers_of(found)) & set(brute_force(many, question)[:10]))
    assert hits >= 490
    assert rounded._codes is not None


def test_more_than_the_codes_are_asked_for_is_found_exactly(rounded: DenseIndex) -> None:
    rows = rounded.vectors(range(3000))
    question = unit_vectors(1, seed=6)[0]
    for k in (400, 3000, 5000):
        found = numbers_of(rounded.top(question, k))
        assert len(found) == min(k, 3000)
        np.testing.assert_allclose(rows[found] @ question, np.sort(rows @ question)[::-1][:k], atol=1e-6)
    assert rounded._codes is None


@pytest.mark.parametrize("kind", ["flat", "int8"])
@pytest.mark.parametrize("share", [0.001, 0.02, 0.3, 0.9])
def test_what_is_not_allowed_is_never_found(tmp_path: Path, many: Vectors, kind: str, share: float) -> None:
    write_dense(tmp_path, many, kind)  # type: ignore[arg-type]
    index = DenseIndex(tmp_path)
    rows = index.vectors(range(3000))
    chance = np.random.default_rng(3)
    by_codes = kind == "int8" and share == 0.9  # of many
    for question in unit_vectors(5, seed=6):
        allowed = chance.permutation(3000) < 3000 * share
        for k in (1, 10, 3000):
            found = numbers_of(index.top(question, k, allowed))
            assert len(set(found)) == len(found) == min(k, round(3000 * share))
            assert allowed[found].all()
            expected = brute_force(rows, question, allowed)[:k]
            if by_codes:
                assert len(set(found) & set(expected)) >= 0.9 * len(expected)
            else:
                np.testing.assert_allclose(rows[found] @ question, rows[expected] @ question, atol=1e-6)
    assert (index._codes is not None) == by_codes


@pytest.mark.parametrize("kind", ["flat", "int8"])
def test_many_prepared_at_once_are_what_each_is_alone(
    tmp_path: Path, many: Vectors, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(dense, "_BATCH", 16)
    write_dense(tmp_path, many, kind)  # type: ignore[arg-type]
    questions = unit_vectors(40, seed=6)
    allowed = np.arange(3000) % 5 > 0
    alone, index = DenseIndex(tmp_path), DenseIndex(tmp_path)
    searched: list[int] = []
    search = index._search

    def counting(vector: Vectors, k: int, *rest: object) -> object:
        searched.append(k)
        return search(vector, k, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(index, "_search", counting)
    for chosen in (None, allowed):
        index.prepare(questions, 9, chosen)
        for question in questions:
            for k in (1, 9):
                assert index.top(question, k, chosen) == alone.top(question, k, chosen)
    assert searched == []
    # More than was prepared, for other passages, or a question that was not prepared: these are looked for.
    assert index.top(questions[0], 10, allowed)[:9] == alone.top(questions[0], 9, allowed)
    assert index.top(questions[0], 9) == alone.top(questions[0], 9)
    assert len(index.top(unit_vectors(1, seed=8)[0], 3, allowed)) == 3
    assert searched == [10, 9, 3]


def test_all_of_a_small_index_can_be_prepared(tmp_path: Path, vectors: Vectors) -> None:
    write_dense(tmp_path, vectors[:4])
    small = DenseIndex(tmp_path)
    small.prepare(vectors[:1], 200)
    assert numbers_of(small.top(vectors[0], 200)) == brute_force(vectors[:4], vectors[0])
    write_dense(tmp_path, vectors[:0])
    DenseIndex(tmp_path).prepare(vectors, 200)


@pytest.mark.parametrize("kind", ["flat", "int8"])
def test_all_that_tie_with_the_last_are_found(tmp_path: Path, many: Vectors, kind: str) -> None:
    many[100:2100] = many[100]
    write_dense(tmp_path, many, kind)  # type: ignore[arg-type]
    index = DenseIndex(tmp_path)
    found = _top(lambda depth: index.top(many[100], depth), 5)
    assert sorted(found) == list(range(100, 2100))
    assert len(set(found.values())) == 1


def test_scores_are_those_of_the_numbers_asked_for(index: DenseIndex, vectors: Vectors) -> None:
    numbers = [299, 0, 17, 17]
    np.testing.assert_allclose(index.scores(vectors[17], numbers), vectors[numbers] @ vectors[17], atol=1e-5)
    assert index.scores(vectors[17], [17]) == pytest.approx([1.0], abs=1e-5)


def test_vectors_come_back_as_they_went_in(index: DenseIndex, vectors: Vectors) -> None:
    numbers = [5, 299, 5, 0]
    assert index.vectors(numbers).tobytes() == vectors[numbers].tobytes()
    index.prepare(vectors[:1], 1)  # which holds them all in memory
    assert index.vectors(numbers).tobytes() == vectors[numbers].tobytes()


def test_the_median_is_over_all_passages(index: DenseIndex, vectors: Vectors) -> None:
    assert index.median(vectors[3]) == pytest.approx(float(np.median(vectors @ vectors[3])), abs=1e-5)


def test_the_median_of_many_is_over_an_even_sample(
    index: DenseIndex, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "MEDIAN_SAMPLE", 100)
    expected = float(np.median(vectors[::3] @ vectors[3]))
    assert index.median(vectors[3]) == pytest.approx(expected, abs=1e-6)
    assert expected != pytest.approx(float(np.median(vectors @ vectors[3])), abs=1e-6)


@pytest.mark.parametrize(
    ("kind", "count", "files"),
    [
        ("auto", 2000, {DENSE_FILE}),
        ("auto", 2001, {DENSE_FILE, ROWS_FILE}),
        ("flat", 2001, {DENSE_FILE}),
        ("int8", 1000, {DENSE_FILE, ROWS_FILE}),
        ("int8", 999, {DENSE_FILE}),
    ],
)
def test_many_are_rounded_unless_told_otherwise(
    tmp_path: Path, many: Vectors, monkeypatch: pytest.MonkeyPatch, kind: str, count: int, files: set[str]
) -> None:
    monkeypatch.setattr(dense, "MOST_FLAT", 2000)
    write_dense(tmp_path, many[:count], kind)  # type: ignore[arg-type]
    assert {path.name for path in tmp_path.iterdir()} == files
    assert len(DenseIndex(tmp_path)) == count


@pytest.mark.parametrize("kind", ["flat", "int8"])
def test_equal_vectors_make_equal_files(
    tmp_path: Path, many: Vectors, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    np.save(tmp_path / "vectors.npy", many)
    for name, given in (("a", many), ("b", np.load(tmp_path / "vectors.npy", mmap_mode="r"))):
        (tmp_path / name).mkdir()
        write_dense(tmp_path / name, given, kind)  # type: ignore[arg-type]
        monkeypatch.setattr(dense, "_WRITTEN", 700)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize("dimension", [1, 7, 22, 27, 32, 1100])
def test_vectors_of_any_length_have_codes(tmp_path: Path, dimension: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "_CANDIDATES", 100)
    vectors = unit_vectors(1000, dimension)
    write_dense(tmp_path, vectors, "int8")
    index = DenseIndex(tmp_path)
    assert (len(index), index.dimension) == (1000, dimension)
    assert index.top(vectors[31], 1)[0][1] == pytest.approx(1.0, abs=1e-4)
    assert index._codes is not None


@pytest.mark.parametrize("damage", ["missing", "cut", "empty", "other", "longer"])
@pytest.mark.parametrize("name", [DENSE_FILE, ROWS_FILE])
@pytest.mark.parametrize("kind", ["flat", "int8"])
def test_a_file_that_can_not_be_read_is_damaged(
    tmp_path: Path, many: Vectors, kind: str, name: str, damage: str
) -> None:
    write_dense(tmp_path, many, kind)  # type: ignore[arg-type]
    path = tmp_path / name
    if not path.exists() or (kind == "int8" and damage == "longer"):
        return  # bytes after the last are harmless to numpy and FAISS, and for the manifest to notice
    whole = path.read_bytes()
    content = {"cut": whole[:-1000], "empty": b"", "other": b"SQLite format 3\0" * 100, "longer": whole + b"\0"}
    path.unlink()
    if damage in content:
        path.write_bytes(content[damage])
    with pytest.raises(IndexDamaged) as caught:
        DenseIndex(tmp_path).top(many[0], 10)
    assert str(caught.value) == f"{path} is damaged. Make the index again with: briefqa index --rebuild"


def way_of_searching(data: bytearray) -> int:
    """Where FAISS's number of the way to search stands: 16 bytes before the quantiser's three sizes."""
    return data.index(np.array([24, 6, 4], dtype="<i8").tobytes()) - 16


@pytest.mark.parametrize("altered", ["count", "dimension", "codes", "way", "number", "rows"])
def test_rounded_files_that_do_not_belong_together_are_damaged(
    tmp_path: Path, many: Vectors, altered: str, rounded: DenseIndex
) -> None:
    path = tmp_path / "rounded" / DENSE_FILE
    data = bytearray(path.read_bytes())
    if altered == "rows":
        np.save(path.with_name(ROWS_FILE), np.zeros((2999, 24), dtype=np.int8))
    elif altered == "codes":  # of as many vectors, in another of FAISS's forms
        other = faiss.index_factory(24, "IVF2,PQ6x4fs", faiss.METRIC_INNER_PRODUCT)
        other.train(many)
        other.add(many)
        faiss.write_index(other, str(path))
        data = bytearray(path.read_bytes())
    elif altered == "number":  # that of the ninth passage
        data[data.index(np.arange(8, 16, dtype="<i8").tobytes()) + 7] = 1
    else:
        data[{"dimension": 4, "count": 8, "way": way_of_searching(data)}[altered]] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexDamaged) as caught:
        DenseIndex(path.parent).top(many[8], 10)
    assert str(caught.value) == f"{path} is damaged. Make the index again with: briefqa index --rebuild"
