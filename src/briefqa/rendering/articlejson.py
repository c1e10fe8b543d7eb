"""The JSON of a whole article with its text, for whoever shows it at a quote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from briefqa.rendering.jsonout import passages_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.types import Document, Passage


def article_json(document: Document, passages: Sequence[Passage], asked: str | None) -> dict[str, Any]:
    """briefqa.article/1: as briefqa.passages/1, and the text that all offsets are in, with where its lines begin."""
    return {
        **passages_json(document, passages, asked),
        "schema": "briefqa.article/1",
        "text": document.text,
        "line_map": [list(entry) for entry in document.line_map],
    }
