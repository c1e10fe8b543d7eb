"""What is offered to whoever grows a question set: sentences to choose from, and questions that are suggested."""

from __future__ import annotations

from dataclasses import dataclass

from briefqa.evaluation.datasets import Gold
from briefqa.types import Document, Span


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence that is shown with a number: the `place`-th of its document, from 0."""

    number: int
    document: Document
    place: int
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the pattern that made it (`kind`): from the sentence `gold`, which answers it and stands on
    `lines`; or, with neither, from the question `origin`, so that nothing is likely to answer it."""

    kind: str
    text: str
    gold: Gold | None = None
    lines: Span | None = None
    origin: str | None = None
