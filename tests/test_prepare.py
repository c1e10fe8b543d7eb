"""Questions that are encoded together before they are searched for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import briefqa
from briefqa.config import RetrieverName, Settings
from briefqa.errors import UsageError
from tests.conftest import Build
from tests.fakes import OTHER_ENCODER, FakeEncoders, FakeQuestionEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.protocols import Reading, Vectors

QUESTIONS = ["When did Georgia leave the commonwealth?", "  Who leads\n the  CSTO? ", "Who flew the zeppelin?"]
TEXTS = ["When did Georgia leave the commonwealth?", "Who leads the CSTO?", "Who flew the zeppelin?"]
CACHE = Path("cache")


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The questions that are encoded or read, call by call."""
    found: list[list[str]] = []
    encode, read = FakeQuestionEncoder.encode_questions, FakeQuestionEncoder.read_question

    def encode_questions(encoder: FakeQuestionEncoder, texts: Sequence[str]) -> Vectors:
        found.append(list(texts))
        return encode(encoder, texts)

    def read_question(encoder: FakeQuestionEncoder, text: str) -> Reading:
        reading = read(encoder, text)
        found[-1:] = [[text]]  # the fake encodes its words one by one
        return reading

    monkeypatch.setattr(FakeQuestionEncoder, "encode_questions", encode_questions)
    monkeypatch.setattr(FakeQuestionEncoder, "read_question", read_question)
    return found


@pytest.mark.parametrize("retriever", ["dense", "hybrid"])
def test_searching_finds_the_same_and_encodes_nothing_more(
    build: Build, encoders: FakeEncoders, encoded: list[list[str]], retriever: RetrieverName
) -> None:
    build()
    settings = Settings(retriever=retriever)
    with briefqa.open(settings=settings, encoders=encoders) as index:
        expected = [index.search(question, top_k=10).hits for question in QUESTIONS]
    assert encoded == [[text] for text in TEXTS]
    del encoded[:]
    for times in (1, 2):
        with briefqa.open(settings=settings, encoders=encoders) as index:
            index.prepare(QUESTIONS, CACHE)
            assert [index.search(question, top_k=10).hits for question in QUESTIONS] == expected
        assert encoded == [TEXTS], f"{times} times"
    with briefqa.open(settings=settings, encoders=encoders) as index:
        index.prepare([*QUESTIONS, "Why?"], CACHE)
        index.search("Another?")
    assert encoded == [TEXTS, ["Why?"], ["Another?"]]


def test_each_encoder_has_its_own_vectors(build: Build, encoders: FakeEncoders, encoded: list[list[str]]) -> None:
    build()
    build(index="other", encoder=OTHER_ENCODER)
    build(index="short", passage_tokens=16)
    for name in ("index", "other", "short"):
        with briefqa.open(name, encoders=encoders) as index:
            index.prepare(QUESTIONS, CACHE)
    assert encoded == [TEXTS, TEXTS]
    names = [encoders.find(name).sha256[:16] for name in ("all-MiniLM-L6-v2", OTHER_ENCODER)]
    assert sorted(os.listdir(CACHE)) == sorted(f"{name}.npz" for name in names)


def test_vectors_of_another_dimension_are_made_anew(
    build: Build, encoders: FakeEncoders, encoded: list[list[str]]
) -> None:
    build()
    with briefqa.open(encoders=encoders) as index:
        expected = index.search(QUESTIONS[0]).hits
        index.prepare(QUESTIONS, CACHE)
    (file,) = CACHE.iterdir()
    with np.load(file) as stored:
        keys, vectors = stored["keys"], stored["vectors"]
    np.savez(file, keys=keys, vectors=vectors[:, :32].copy())
    del encoded[:]
    with briefqa.open(encoders=encoders) as index:
        index.prepare(QUESTIONS, CACHE)
        assert index.search(QUESTIONS[0]).hits == expected
    assert encoded == [TEXTS]


def test_words_alone_need_no_vectors(build: Build, encoders: FakeEncoders, encoded: list[list[str]]) -> None:
    build()
    shutil.rmtree("index/encoders")
    with briefqa.open(settings=Settings(retriever="lexical"), encoders=encoders) as index:
        index.prepare(QUESTIONS, CACHE)
        assert index.search(QUESTIONS[0]).hits[0].document.key == "nested/cis.md"
    assert (encoded, encoders.opened) == ([], [])
    assert not CACHE.exists()


def test_nothing_to_prepare(build: Build, encoders: FakeEncoders, encoded: list[list[str]]) -> None:
    build()
    with briefqa.open(encoders=encoders) as index:
        index.prepare([], CACHE)
    assert encoded == []


@pytest.mark.parametrize("question", ["", " \n", "x" * 2001])
def test_a_question_that_is_none(build: Build, encoders: FakeEncoders, question: str) -> None:
    build()
    with briefqa.open(encoders=encoders) as index, pytest.raises(UsageError, match=r"^The question is "):
        index.prepare(["Who?", question], CACHE)
    assert not CACHE.exists()
