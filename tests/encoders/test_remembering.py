from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefqa.encoders.remembering import RememberingEncoder
from tests.fakes import WINDOW, FakeQuestionEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.protocols import Reading, Vectors


class Counting(FakeQuestionEncoder):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__("any")
        self.read: list[str] = []
        self.encoded: list[list[str]] = []

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        self.encoded.append(list(texts))
        return super().encode_questions(texts)

    def read_question(self, text: str) -> Reading:
        self.read.append(text)
        return FakeQuestionEncoder("any").read_question(text)

    def read_passages(self, texts: Sequence[str]) -> list[Reading]:
        return FakeQuestionEncoder("any").read_passages(texts)


def test_a_question_is_read_once() -> None:
    inner = Counting()
    encoder = RememberingEncoder(inner)
    vectors = encoder.encode_questions(["Who leads?"])
    reading = encoder.read_question("Who leads?")
    assert encoder.read_question("Who leads?") is reading
    np.testing.assert_array_equal(encoder.encode_questions(["Who leads?"]), vectors)
    assert (inner.read, inner.encoded) == (["Who leads?"], [])
    np.testing.assert_array_equal(vectors, FakeQuestionEncoder("any").encode_questions(["Who leads?"]))
    np.testing.assert_array_equal(reading.vector, vectors[0])


def test_the_last_question_alone_is_remembered() -> None:
    inner = Counting()
    encoder = RememberingEncoder(inner)
    for text in ("Who?", "What?", "What?", "Who?", "who?"):
        assert encoder.read_question(text).spans.tolist() == [[0, len(text) - 1]]
    assert inner.read == ["Who?", "What?", "Who?", "who?"]


def test_several_questions_are_encoded_together_and_none_is_forgotten_for_them() -> None:
    inner = Counting()
    encoder = RememberingEncoder(inner)
    encoder.read_question("Who?")
    plain = FakeQuestionEncoder("any")
    np.testing.assert_array_equal(encoder.encode_questions(["Who?", "a b"]), plain.encode_questions(["Who?", "a b"]))
    assert encoder.encode_questions([]).shape == (0, 64)
    encoder.read_question("Who?")
    assert (inner.read, inner.encoded) == (["Who?"], [["Who?", "a b"], []])


def test_passages_are_passed_on_and_not_remembered() -> None:
    inner = Counting()
    encoder = RememberingEncoder(inner)
    told = encoder.read_passages(["Who?", "It is a sea."])
    assert [len(reading.tokens) for reading in told] == [1, 4]
    encoder.read_question("Who?")
    assert inner.read == ["Who?"]


def test_the_window_and_the_tokens_are_the_encoder_s() -> None:
    encoder = RememberingEncoder(Counting())
    assert (encoder.window, encoder.count_tokens("Who leads them?")) == (WINDOW, 5)


def test_what_was_learnt_is_not_encoded() -> None:
    inner = Counting()
    encoder = RememberingEncoder(inner)
    vectors = np.arange(2 * 64, dtype=np.float32).reshape(2, 64)
    encoder.learn(["Who?", "What?"], vectors)
    for row, text in enumerate(("Who?", "What?")):
        found = encoder.encode_questions([text])
        assert found.shape == (1, 64)
        np.testing.assert_array_equal(found[0], vectors[row])
    assert (inner.read, inner.encoded) == ([], [])
    encoder.learn(["Who?", "Why?"], vectors[::-1])
    np.testing.assert_array_equal(encoder.encode_questions(["Who?"])[0], vectors[1])
    np.testing.assert_array_equal(encoder.encode_questions(["Why?"])[0], vectors[0])
    assert inner.read == []
    encoder.encode_questions(["What?"])  # in whose place the others were learnt
    assert inner.read == ["What?"]


def test_what_was_not_learnt_is_encoded_as_ever() -> None:
    inner = Counting()
    encoder = RememberingEncoder(inner)
    encoder.learn(["Who?"], np.ones((1, 64), dtype=np.float32))
    np.testing.assert_array_equal(encoder.encode_questions(["who?"]), Counting().encode_questions(["who?"]))
    # A quote is chosen by the words of the question, which nobody learnt.
    assert encoder.read_question("Who?").spans.tolist() == [[0, 3]]
    assert inner.read == ["who?", "Who?"]


def test_a_vector_is_learnt_for_each_text() -> None:
    with pytest.raises(ValueError, match="zip"):
        RememberingEncoder(Counting()).learn(["Who?", "Why?"], np.ones((1, 64), dtype=np.float32))
