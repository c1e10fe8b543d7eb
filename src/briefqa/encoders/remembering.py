"""Encoding a question once, however many ask for its vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.protocols import QuestionEncoder, Reading, Vectors


class RememberingEncoder:
    """A question encoder that remembers the last question, as retrieving and quoting both want its vectors, and the
    vectors that it was last told to learn."""

    def __init__(self, encoder: QuestionEncoder) -> None:
        self._encoder = encoder
        self._last: tuple[str, Reading] | None = None
        self._learnt: dict[str, Vectors] = {}

    def learn(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Remember the vector of each text, a row of `vectors`, in the place of those learnt before."""
        self._learnt = dict(zip(texts, vectors, strict=True))

    @property
    def window(self) -> int:
        """See QuestionEncoder."""
        return self._encoder.window

    def count_tokens(self, text: str) -> int:
        """See QuestionEncoder."""
        return self._encoder.count_tokens(text)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See QuestionEncoder."""
        if len(texts) == 1 and texts[0] in self._learnt:
            return self._learnt[texts[0]][None, :]
        if len(texts) == 1:
            return self.read_question(texts[0]).vector[None, :]
        return self._encoder.encode_questions(texts)

    def read_question(self, text: str) -> Reading:
        """See QuestionEncoder."""
        last = self._last
        if last is None or last[0] != text:
            self._last = last = (text, self._encoder.read_question(text))
        return last[1]

    def read_passages(self, texts: Sequence[str]) -> list[Reading]:
        """See QuestionEncoder."""
        return self._encoder.read_passages(texts)
