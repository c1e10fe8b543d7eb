"""When a quote is right: it holds what answers the question, white space and closing punctuation aside."""

from __future__ import annotations

from typing import Protocol

from beir import BenchmarkQuestion
from briefqa.types import Document, Hit


class Quoted(Protocol):
    """A quote."""

    @property
    def text(self) -> str:
        """Verbatim."""

    @property
    def hit(self) -> Hit:
        """Where it is from."""


def is_right(quote: Quoted, question: BenchmarkQuestion) -> bool:
    """Whether the quote's document has an answer whose words the quote holds."""
    document = quote.hit.document
    told = " ".join(quote.text.split())
    return any(key == document.key and _flat(document, span) in told for key, span in question.gold)


def _flat(document: Document, span: tuple[int, int]) -> str:
    return " ".join(document.text[span[0] : span[1]].split()).rstrip(" .;:")
