"""Several questions in one call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

import briefqa
from briefqa.config import Settings
from briefqa.errors import UsageError
from briefqa.filters import make_filter
from briefqa.index.dense import DenseIndex
from tests.conftest import Build
from tests.fakes import FakeEncoders, FakeQuestionEncoder

if TYPE_CHECKING:
    from briefqa.index.dense import Allowed
    from briefqa.protocols import Vectors

SETTINGS = Settings(min_confidence=0.0)
QUESTION = "When did Georgia leave the commonwealth?"
QUESTIONS = [QUESTION, "Where does the  Minsk Group meet?", "How many villages changed hands?"]
TEXTS = [" ".join(question.split()) for question in QUESTIONS]


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The batches of questions that were encoded, one by one or together."""
    found: list[list[str]] = []
    plain = FakeQuestionEncoder.encode_questions

    def encode(encoder: FakeQuestionEncoder, texts: Sequence[str]) -> Vectors:
        if all(text.endswith("?") for text in texts):
            found.append(list(texts))
        return plain(encoder, texts)

    monkeypatch.setattr(FakeQuestionEncoder, "encode_questions", encode)
    return found


def test_many_are_searched_for_as_each_alone(build: Build, encoders: FakeEncoders, encoded: list[list[str]]) -> None:
    build()
    csto = make_filter(paths=["**/csto.md"])
    options: list[dict[str, Any]] = [{}, {"top_k": 2, "sort": "date"}, {"filter": csto}]
    for how in options:
        with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
            expected = [index.search(question, **how) for question in QUESTIONS]
            del encoded[:]
            found = list(index.search_many(QUESTIONS, **how))
            assert [hits.hits for hits in found] == [hits.hits for hits in expected]
            assert [hits.question for hits in found] == TEXTS
            assert encoded == [TEXTS]


def test_many_are_answered_as_each_alone(build: Build, encoders: FakeEncoders) -> None:
    build()
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        expected = [index.ask(question) for question in QUESTIONS]
        found = list(index.ask_many(QUESTIONS))
        assert [(answer.citations, answer.hits) for answer in found] == [
            (answer.citations, answer.hits) for answer in expected
        ]
        assert found[0].text == "Georgia left the commonwealth in 2009."
        explained = next(iter(index.ask_many([QUESTION], explain=True, top_k=1)))
        assert explained.explanation is not None
        assert len(explained.hits) == 1


def test_questions_are_taken_as_they_are_needed(build: Build, encoders: FakeEncoders, encoded: list[list[str]]) -> None:
    build()
    taken: list[int] = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(len(taken))
            yield f"Who is number {len(taken)}?"

    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        answers = index.ask_many(endless())
        assert [next(answers).question, next(answers).question] == ["Who is number 1?", "Who is number 2?"]
        assert len(taken) == 2
        del taken[:], encoded[:]
        hits = index.search_many(endless())
        assert [next(hits).question for _ in range(33)][-1] == "Who is number 33?"
        assert (len(taken), [len(batch) for batch in encoded]) == (64, [32, 32])


def test_nothing_piles_up(build: Build, encoders: FakeEncoders, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    opened: list[DenseIndex] = []
    plain = DenseIndex.prepare

    def prepare(dense: DenseIndex, vectors: Vectors, k: int, allowed: Allowed | None = None) -> None:
        opened.append(dense)
        plain(dense, vectors, k, allowed)

    monkeypatch.setattr(DenseIndex, "prepare", prepare)
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        assert len(list(index.search_many(f"Who is number {number}?" for number in range(70)))) == 70
    assert len(opened) == 3
    assert len(opened[0]._prepared) == 6  # of the last block: 70 = 32 + 32 + 6


@pytest.mark.parametrize("ask", ["ask_many", "search_many"])
def test_a_question_that_can_not_be_asked_is_told_in_its_turn(build: Build, encoders: FakeEncoders, ask: str) -> None:
    build()
    with briefqa.open(settings=SETTINGS, encoders=encoders) as index:
        found = getattr(index, ask)([QUESTION, " ", QUESTION])
        assert next(found).hits
        with pytest.raises(UsageError, match=r"^The question is empty\."):
            next(found)
        with pytest.raises(UsageError, match=r"^'Who\?' is one question where several are to be asked: put it in a"):
            next(getattr(index, ask)("Who?"))


def test_words_alone_are_searched_for_without_an_encoder(
    build: Build, encoders: FakeEncoders, encoded: list[list[str]]
) -> None:
    build()
    with briefqa.open(settings=Settings(retriever="lexical"), encoders=encoders) as index:
        assert [hits.hits[0].document.key for hits in index.search_many(QUESTIONS[:2])] == ["nested/cis.md", "osce.txt"]
    assert encoded == []
