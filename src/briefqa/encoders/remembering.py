"""Encoding a question once, however many ask for its vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.protocols import QuestionEncoder, Vectors


class RememberingEncoder:
    """A question encoder that remembers the last question: retrieving and quoting both want its vector."""

    def __init__(self, encoder: QuestionEncoder) -> None:
        self._encoder = encoder
        self._last: tuple[tuple[str, ...], Vectors] | None = None

    @property
    def window(self) -> int:
        """See QuestionEncoder."""
        return self._encoder.window

    def count_tokens(self, text: str) -> int:
        """See QuestionEncoder."""
        return self._encoder.count_tokens(text)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """See QuestionEncoder."""
        last = self._last
        if last is None or last[0] != tuple(texts):
            self._last = last = (tuple(texts), self._encoder.encode_questions(texts))
        return last[1]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See QuestionEncoder."""
        return self._encoder.encode_passages(texts)
