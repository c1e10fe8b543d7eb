"""What there is to remark on what was found: each a sentence for the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.index.freshness import missing_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.config import Settings
    from briefqa.filters import Filtered
    from briefqa.protocols import Candidate, QuestionEncoder
    from briefqa.types import IndexInfo, Source


def on_question(
    question: str,
    candidates: Sequence[Candidate],
    filtered: Filtered | None,
    settings: Settings,
    encoder: QuestionEncoder | None,
) -> Iterator[str]:
    """Whether the question was read whole, by the `encoder` if there is one, and whether its words were found."""
    if encoder is not None:
        tokens, window = encoder.count_tokens(question), encoder.window
        if tokens > window:
            yield f"The question is {tokens} tokens long; its meaning is judged by the first {window}."
    unfit = filtered is not None and not filtered.documents
    if settings.retriever != "dense" and not unfit and not any(entry.scores.lexical for entry in candidates):
        where = "the articles that fit" if filtered else "these articles"
        yield f"None of the question's words stands in {where}."


def on_articles(info: IndexInfo, sources: Sequence[Source]) -> Iterator[str]:
    """Whether the articles have moved on since the index was made, or why that is not known."""
    if info.changes:
        yield (
            f"{info.changes} since the index was made: bring it up to date with briefqa index, or ask with --refresh."
        )
    elif info.changes is None and not missing_sources(sources):
        yield (
            "Whether the articles have changed since the index was made was not checked: there are too many to"
            " look at in a moment. See: briefqa status"
        )
