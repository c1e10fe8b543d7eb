"""Builders for the small worlds that these tests measure: texts, passages cut from them, and scripted answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal

import pytest

from briefqa.types import Answer, Citation, Document, Hit, Hits, IndexInfo, Passage, Scores
from tests.evaluation.keeping import Keeping

INDEX = IndexInfo(generation=7, documents=2, passages=9, encoder="fake", stale=False)


def _document(key: str, text: str) -> Document:
    return Document(id=f"id:{key}", key=key, path=f"/corpus/{key}", text=text, sha256="0" * 64)


def _hits(*spans: tuple[Document, int, int]) -> tuple[Hit, ...]:
    return tuple(
        Hit(
            rank=rank,
            score=1 / rank,
            passage=Passage(
                id=f"{document.key}:{start}-{end}",
                document_id=document.id,
                start=start,
                end=end,
                text=document.text[start:end],
                lines=(1, 1),
                sentences=(),
            ),
            document=document,
            scores=Scores(),
        )
        for rank, (document, start, end) in enumerate(spans, 1)
    )


def _citations(*spans: tuple[Document, int, int]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            marker=marker,
            passage_id="p",
            quote=document.text[start:end],
            sha256="0" * 64,
            start=start,
            end=end,
            lines=(1, 1),
            document=document,
        )
        for marker, (document, start, end) in enumerate(spans, 1)
    )


def _answer(
    hits: tuple[Hit, ...] = (),
    citations: tuple[Citation, ...] = (),
    *,
    status: Literal["answered", "no_answer"] = "answered",
    confidence: float = 0.5,
    milliseconds: float = 10.0,
    index: IndexInfo = INDEX,
) -> Answer:
    return Answer(
        question="",
        status=status,
        confidence=confidence,
        text=None,
        citations=citations,
        hits=hits,
        missing=(),
        notes=(),
        index=index,
        milliseconds={"retrieve": 1.0, "total": milliseconds},
    )


class ScriptedAsker:
    """Gives the answer that was written for each question, and remembers what it was asked."""

    def __init__(self, documents: Iterable[Document], answers: Mapping[str, Answer]) -> None:
        self._documents = list(documents)
        self._answers = answers
        hits = [hit for answer in answers.values() for hit in answer.hits]
        self._passages = {hit.passage.id: hit.passage for hit in hits}
        self.asked: list[tuple[str, int]] = []

    def ask(self, question: str, *, top_k: int) -> Answer:
        """The scripted answer."""
        self.asked.append((question, top_k))
        return self._answers[question]

    def search(self, question: str, *, top_k: int) -> Hits:
        """The scripted answer's hits."""
        answer = self.ask(question, top_k=top_k)
        return Hits(question, answer.hits, (), answer.index, answer.milliseconds)

    def documents(self) -> Iterable[Document]:
        """The documents, once through."""
        return iter(self._documents)

    def passages_of(self, document: str) -> list[Passage]:
        """The document's passages: all that are a hit of some answer."""
        return [passage for passage in self._passages.values() if passage.document_id == document]


@pytest.fixture
def make_document() -> Callable[..., Document]:
    """`make_document(key, text)`."""
    return _document


@pytest.fixture
def make_hits() -> Callable[..., tuple[Hit, ...]]:
    """`make_hits((document, start, end), ...)`, best first."""
    return _hits


@pytest.fixture
def make_citations() -> Callable[..., tuple[Citation, ...]]:
    """`make_citations((document, start, end), ...)`, marked from 1."""
    return _citations


@pytest.fixture
def make_answer() -> Callable[..., Answer]:
    """`make_answer(hits, citations, status=..., confidence=..., milliseconds=..., index=...)`."""
    return _answer


@pytest.fixture
def make_asker() -> Callable[..., ScriptedAsker]:
    """`make_asker(documents, answers by question text)`."""
    return ScriptedAsker


@pytest.fixture
def keeping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keeping:
    """A small evaluation to keep; the test stands in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return Keeping(_document, _hits, _citations, _answer)
