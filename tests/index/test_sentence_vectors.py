from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefqa.errors import IndexDamaged
from briefqa.index.sentence_vectors import (
    CODES_FILE,
    OFFSETS_FILE,
    SentenceVectors,
    code_width,
    pack,
    write_sentence_vectors,
)
from tests.index.test_dense import unit_vectors

if TYPE_CHECKING:
    from briefqa.index.sentence_vectors import Codes
    from briefqa.protocols import Vectors

AGAIN = "Make the index again with: briefqa index --rebuild"
# 1 / (sqrt(4) * sqrt(2 / pi)): what a scalar product with four signs is multiplied by.
FOUR = 0.62665707


def rows(*vectors: list[float]) -> Vectors:
    return np.array(vectors, dtype=np.float32)


def written(folder: Path, *passages: Vectors) -> SentenceVectors:
    write_sentence_vectors(folder, [pack(passage) for passage in passages])
    return SentenceVectors(folder)


def npy(array: object) -> bytes:
    file = io.BytesIO()
    np.save(file, np.asarray(array))
    return file.getvalue()


def test_a_code_has_a_bit_a_dimension_and_is_filled_up_with_zeros() -> None:
    vectors = rows([0.1, -0.1, 0.0, -1, -1, -1, -1, 2, -3, 4], [-1] * 10, [1] * 10)
    # 10100001 01, then nothing and everything.
    assert pack(vectors).tolist() == [[0b10100001, 0b01000000], [0, 0], [0b11111111, 0b11000000]]
    assert pack(vectors[:0]).shape == (0, 2)
    assert [code_width(dimension) for dimension in (1, 8, 9, 384)] == [1, 1, 2, 48]


def test_the_cosine_is_the_scalar_product_with_the_signs_over_what_gaussian_ones_have(tmp_path: Path) -> None:
    signs = [rows([1, 1, -1, 1], [1, 1, 1, -1]), rows([1, 1, -1, -1])]
    vectors = written(tmp_path, *signs)
    assert vectors.cosines(rows([0.5] * 4)[0], [0, 1]) == [pytest.approx([FOUR, FOUR]), [0.0]]
    # .6 + 0 + .8 + 0, .6 + 0 - .8 - 0, .6 + 0 + .8 - 0
    found = vectors.cosines(rows([0.6, 0, -0.8, 0])[0], [0, 1])
    assert found == [pytest.approx([1.4 * FOUR, -0.2 * FOUR]), pytest.approx([1.4 * FOUR])]
    assert math.sqrt(4) * math.sqrt(2 / math.pi) == pytest.approx(1 / FOUR)


def test_it_is_never_more_than_a_cosine_can_be(tmp_path: Path) -> None:
    vectors = written(tmp_path, rows([1, 1, 1, 1], [-1, -1, -1, -1]))
    assert vectors.cosines(rows([0.5] * 4)[0], [0]) == [[1.0, -1.0]]  # 2 * FOUR is 1.25


def test_bits_that_only_fill_up_count_for_nothing(tmp_path: Path) -> None:
    vectors = written(tmp_path, rows([1, -1, 1, -1, 1, -1, 1, -1, 1, -1]))
    expected = 0.6 / (math.sqrt(10) * math.sqrt(2 / math.pi))
    asked = np.zeros(10, dtype=np.float32)
    asked[8:] = 0.8, 0.6
    asked[0] = 0.4  # .4 + .8 - .6
    assert vectors.cosines(asked, [0]) == [pytest.approx([expected])]


def test_it_comes_near_the_true_cosine(tmp_path: Path) -> None:
    sentences = unit_vectors(400, 384)
    vectors = written(tmp_path, sentences)
    own = [vectors.cosines(sentence, [0])[0][place] for place, sentence in enumerate(sentences)]
    # The estimate is of no use to tell how long a vector is: its mean is 1 because of the factor.
    assert np.mean(own) == pytest.approx(1.0, abs=0.02)
    question = sentences[:9].sum(axis=0)
    question /= np.linalg.norm(question)
    errors = np.array(vectors.cosines(question, [0])[0]) - sentences @ question
    # The signs' error has variance (pi / 2 - 1) / d: .0386.
    assert np.std(errors[9:]) == pytest.approx(math.sqrt((math.pi / 2 - 1) / 384), rel=0.15)


def test_passages_come_in_the_order_asked_for_as_often_as_asked_for(tmp_path: Path) -> None:
    plus, minus, none = [1.0] * 8, [-1.0] * 8, rows(*[[1.0] * 8])[:0]
    vectors = written(tmp_path, none, rows(plus, minus, minus), rows(minus), none, rows(plus, plus))
    asked = np.array([0.1] + [0.0] * 7, dtype=np.float32)
    high = pytest.approx(0.1 / (math.sqrt(8) * math.sqrt(2 / math.pi)))
    signs = [[1 if cosine == high else -1 for cosine in part] for part in vectors.cosines(asked, [4, 0, 1, 1, 3, 2])]
    assert signs == [[1, 1], [], [1, -1, -1], [1, -1, -1], [], [-1]]
    assert (vectors.cosines(asked, []), vectors.cosines(asked, [3, 0])) == ([], [[], []])
    assert (len(vectors), vectors.width, vectors.counts()) == (5, 1, [0, 3, 1, 0, 2])


def test_codes_come_back_as_they_went_in(tmp_path: Path) -> None:
    codes: list[Codes] = [pack(unit_vectors(count, seed=count)) for count in (3, 0, 5)]
    write_sentence_vectors(tmp_path, codes)
    found = SentenceVectors(tmp_path).codes([2, 0, 1])
    assert [part.tobytes() for part in found] == [codes[number].tobytes() for number in (2, 0, 1)]
    assert [part.shape for part in found] == [(5, 3), (3, 3), (0, 3)]
    # As numpy itself would have written them.
    assert (tmp_path / CODES_FILE).read_bytes() == npy(np.concatenate(codes))
    assert (tmp_path / OFFSETS_FILE).read_bytes() == npy(np.array([0, 3, 3, 8], dtype=np.int64))


def test_an_empty_index_and_one_without_sentences(tmp_path: Path) -> None:
    vectors = written(tmp_path)
    assert (len(vectors), vectors.counts(), vectors.cosines(rows([1])[0], []), vectors.codes([])) == (0, [], [], [])
    none = unit_vectors(1)[:0]
    vectors = written(tmp_path, none, none)
    assert (len(vectors), vectors.width, vectors.counts()) == (2, 3, [0, 0])
    assert vectors.cosines(unit_vectors(1)[0], [1, 0]) == [[], []]


@pytest.mark.parametrize("name", [CODES_FILE, OFFSETS_FILE])
@pytest.mark.parametrize("damage", ["missing", "cut", "empty", "other", "archive", "objects", "kind", "axes", "order"])
def test_a_file_that_can_not_be_read_is_damaged(tmp_path: Path, name: str, damage: str) -> None:
    written(tmp_path, unit_vectors(3), unit_vectors(2))
    path = tmp_path / name
    archive = io.BytesIO()
    np.savez(archive, np.zeros(3))
    objects = io.BytesIO()
    np.save(objects, np.array([{}, []], dtype=object), allow_pickle=True)
    content = {
        "cut": path.read_bytes()[:-2],
        "empty": b"",
        "other": b"SQLite format 3\0" * 100,
        "archive": archive.getvalue(),
        "objects": objects.getvalue(),
        "kind": npy(np.load(path).astype(np.float32)),
        "axes": npy(np.load(path)[..., None]),
        "order": npy(np.asfortranarray(np.load(path))) if name == CODES_FILE else b"\x93NUMPY",
    }
    path.unlink()
    if damage in content:
        path.write_bytes(content[damage])
    with pytest.raises(IndexDamaged) as caught:
        SentenceVectors(tmp_path)
    assert str(caught.value) == f"{path} is damaged. {AGAIN}"


def test_swapped_files_are_damaged(tmp_path: Path) -> None:
    written(tmp_path, unit_vectors(3))
    codes, offsets = (tmp_path / name for name in (CODES_FILE, OFFSETS_FILE))
    codes.rename(tmp_path / "codes")
    offsets.rename(codes)
    (tmp_path / "codes").rename(offsets)
    with pytest.raises(IndexDamaged) as caught:
        SentenceVectors(tmp_path)
    assert str(caught.value) == f"{codes} is damaged. {AGAIN}"


@pytest.mark.parametrize("offsets", [[], [0], [0, 3], [0, 6], [1, 3, 5], [0, 4, 3, 5], [0, -1, 5], [0, 2**62, 5]])
def test_offsets_that_are_not_those_of_the_codes_are_damage(tmp_path: Path, offsets: list[int]) -> None:
    written(tmp_path, unit_vectors(3), unit_vectors(2))
    (tmp_path / OFFSETS_FILE).write_bytes(npy(np.array(offsets, dtype=np.int64)))
    with pytest.raises(IndexDamaged) as caught:
        SentenceVectors(tmp_path)
    assert str(caught.value) == f"{tmp_path / OFFSETS_FILE} does not belong to {CODES_FILE} beside it. {AGAIN}"


@pytest.mark.parametrize("name", [CODES_FILE, OFFSETS_FILE])
@pytest.mark.filterwarnings("ignore")
def test_whatever_the_header_says_nothing_else_is_raised(tmp_path: Path, name: str) -> None:
    written(tmp_path, unit_vectors(3), unit_vectors(2))
    whole = (tmp_path / name).read_bytes()
    refused = 0
    for place in range(128):
        for value in (0, 0x31, 0x39, 0x28, 0xFF, whole[place] ^ 1):
            (tmp_path / name).write_bytes(whole[:place] + bytes([value]) + whole[place + 1 :])
            try:
                SentenceVectors(tmp_path)
            except IndexDamaged:
                refused += 1
    assert refused > 300
