from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefqa.encoders.question_vectors import QuestionVectors
from tests.fakes import DIMENSION, FakeQuestionEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefqa.protocols import Vectors

PLAIN = FakeQuestionEncoder("any")


class Counting(FakeQuestionEncoder):
    """Remembers what it encoded."""

    def __init__(self, seed: str = "any") -> None:
        super().__init__(seed)
        self.encoded: list[list[str]] = []

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        self.encoded.append(list(texts))
        return super().encode_questions(texts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where vectors are kept: in a folder that is not there yet."""
    return tmp_path / "some" / "vectors.npz"


def vectors_at(path: Path, *texts: str, dimension: int = DIMENSION) -> tuple[Vectors, list[list[str]]]:
    """The vectors of the texts by way of the file, and what was encoded for them."""
    encoder = Counting()
    return QuestionVectors(path, dimension=dimension).of(texts, encoder), encoder.encoded


def test_what_is_kept_is_not_encoded_again(path: Path) -> None:
    first, encoded = vectors_at(path, "Who?", "Why?")
    assert encoded == [["Who?", "Why?"]]
    np.testing.assert_array_equal(first, PLAIN.encode_questions(["Who?", "Why?"]))
    assert first.dtype == np.float32
    assert first.shape == (2, DIMENSION)
    again, encoded = vectors_at(path, "Why?", "Who?")
    assert encoded == []
    np.testing.assert_array_equal(again, first[::-1])
    more, encoded = vectors_at(path, "Who?", "Where?", "Why?", "When?")
    assert encoded == [["Where?", "When?"]]
    np.testing.assert_array_equal(more, PLAIN.encode_questions(["Who?", "Where?", "Why?", "When?"]))
    assert vectors_at(path, "When?", "Where?", "Why?", "Who?")[1] == []


def test_the_file_holds_vectors_by_the_hash_of_their_question(path: Path) -> None:
    vectors_at(path, "Wer führt?")
    with np.load(path) as stored:
        assert sorted(stored) == ["keys", "vectors"]
        assert stored["keys"].tobytes() == hashlib.sha256("Wer führt?".encode()).digest()
        np.testing.assert_array_equal(stored["vectors"], PLAIN.encode_questions(["Wer führt?"]))


def test_one_object_remembers_too(path: Path) -> None:
    encoder = Counting()
    vectors = QuestionVectors(path, dimension=DIMENSION)
    vectors.of(["Who?"], encoder)
    path.unlink()
    vectors.of(["Who?", "Why?"], encoder)
    assert encoder.encoded == [["Who?"], ["Why?"]]
    assert vectors_at(path, "Who?", "Why?")[1] == []


def test_a_question_that_stands_twice_is_encoded_once(path: Path) -> None:
    found, encoded = vectors_at(path, "Who?", "Why?", "Who?")
    assert encoded == [["Who?", "Why?"]]
    np.testing.assert_array_equal(found, PLAIN.encode_questions(["Who?", "Why?", "Who?"]))


def test_no_question(path: Path) -> None:
    found, encoded = vectors_at(path)
    assert found.dtype == np.float32
    assert found.shape == (0, DIMENSION)
    assert encoded == []
    assert not path.parent.exists()


def test_half_a_surrogate_pair_is_a_question_too(path: Path) -> None:
    assert vectors_at(path, "Who \ud800?")[1] == [["Who \ud800?"]]
    assert vectors_at(path, "Who \ud800?")[1] == []


def save(path: Path, **arrays: object) -> None:
    np.savez(path, **arrays)  # type: ignore[arg-type]


def saved(array: Vectors) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


KEYS = np.frombuffer(hashlib.sha256(b"Who?").digest(), dtype=np.uint8).reshape(1, 32)
VECTORS = np.full((1, DIMENSION), 7.0, dtype=np.float32)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no archive at all"),
        lambda path: path.write_bytes(path.read_bytes()[:-30]),
        lambda path: path.write_bytes(path.read_bytes()[:100]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"'shape': (1, 32)", b"'shape': (9, 99)")),
        lambda path: path.write_bytes(path.read_bytes().replace(b"\x93NUMPY", b"\x93NUMB?")),
        lambda path: path.write_bytes(path.read_bytes()[:200] + b"\xff" + path.read_bytes()[201:]),
        lambda path: path.write_bytes(b"PK\x03\x04" + bytes(60)),
        lambda path: path.write_bytes(saved(VECTORS)),
        lambda path: save(path, keys=KEYS),
        lambda path: save(path, vectors=VECTORS),
        lambda path: save(path, keys=np.array({"a": 1}), vectors=VECTORS),
        lambda path: save(path, keys=KEYS[0], vectors=VECTORS),
        lambda path: save(path, keys=np.uint8(1), vectors=np.float32(1)),
        lambda path: save(path, keys=KEYS[:, :31], vectors=VECTORS),
        lambda path: save(path, keys=KEYS.astype(np.int64), vectors=VECTORS),
        lambda path: save(path, keys=np.repeat(KEYS, 2, axis=0), vectors=VECTORS),
        lambda path: save(path, keys=KEYS, vectors=VECTORS.astype(np.float64)),
        lambda path: save(path, keys=KEYS, vectors=VECTORS[0]),
        lambda path: save(path, keys=KEYS, vectors=VECTORS[:, :-1]),
        lambda path: save(path, keys=KEYS, vectors=np.repeat(VECTORS, 2, axis=1)),
    ],
)
def test_a_file_that_is_damaged_or_something_else_counts_as_none(path: Path, spoil: Callable[[Path], object]) -> None:
    path.parent.mkdir()
    with path.open("wb") as file:
        np.savez(file, keys=KEYS, vectors=VECTORS)
    whole = path.read_bytes()
    spoil(path)
    assert path.read_bytes() != whole
    found, encoded = vectors_at(path, "Who?")
    assert encoded == [["Who?"]]
    np.testing.assert_array_equal(found, PLAIN.encode_questions(["Who?"]))
    # It is replaced by a whole one.
    assert vectors_at(path, "Who?")[1] == []


def test_a_whole_file_is_used(path: Path) -> None:
    path.parent.mkdir()
    save(path, keys=KEYS, vectors=VECTORS)
    np.testing.assert_array_equal(vectors_at(path, "Who?")[0], VECTORS)


def test_a_save_that_breaks_off_leaves_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors_at(path, "Who?")
    before = path.read_bytes()

    def savez(file: object, **arrays: object) -> None:
        path.with_name("tried").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", savez)
        with pytest.raises(KeyboardInterrupt):
            vectors_at(path, "Why?")
    assert path.read_bytes() == before
    assert sorted(os.listdir(path.parent)) == ["tried", "vectors.npz"]


def test_a_place_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    path = tmp_path / "file" / "vectors.npz"
    for _ in range(2):
        found, encoded = vectors_at(path, "Who?")
        assert encoded == [["Who?"]]
        np.testing.assert_array_equal(found, PLAIN.encode_questions(["Who?"]))


def test_nothing_else_is_left_in_the_folder(path: Path) -> None:
    vectors_at(path, "Who?")
    vectors_at(path, "Why?")
    assert os.listdir(path.parent) == ["vectors.npz"]
