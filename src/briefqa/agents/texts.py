"""What tools give as text, for a model to read: short, with what it needs to cite, and articles' text in fences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.prompting.quoting import Quoted, about, fence, fenced, quoted
from briefqa.rendering.escape import one_line
from briefqa.rendering.indexing import render_status
from briefqa.rendering.style import count, heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.reports import IndexStatus
    from briefqa.types import Answer, Document, Hits, Passage


def answer_text(answer: Answer) -> str:
    """The quotes; where nothing answers, that, and the nearest passage."""
    if answer.citations:
        articles = len({citation.document.id for citation in answer.citations})
        lead = (
            f"Answered, confidence {answer.confidence:.2f}: {count(len(answer.citations), 'quote')} from"
            f" {count(articles, 'article')}. [1] fits best."
        )
        return _told(lead, quoted(answer), answer.notes)
    lead = f"Nothing in these articles answers this (confidence {answer.confidence:.2f})."
    if not answer.hits:
        return "\n\n".join([lead, *map(one_line, answer.notes)])
    nearest = min(quoted(answer), key=lambda entry: entry.marker)
    return _told(f"{lead} The nearest passage, which is no answer:", [nearest], answer.notes)


def hits_text(hits: Hits) -> str:
    """The passages by their ranks, in the order asked for."""
    if not hits.hits:
        return "\n\n".join(["Nothing was found.", *map(one_line, hits.notes)])
    ranks = [hit.rank for hit in hits.hits]
    entries = sorted(quoted(hits), key=lambda entry: ranks.index(entry.marker))
    return _told(f"{count(len(entries), 'passage')}, [1] fits best.", entries, hits.notes)


def passages_text(document: Document, passages: Sequence[Passage], *, offset: int, left: int) -> str:
    """The passages, numbered as they stand in the article where it is shown from its start."""
    entries = [
        Quoted(offset + number, passage.text, document, passage.lines, passage.start, passage.id)
        for number, passage in enumerate(passages, start=1)
    ]
    after = f" {left:,} more follow: read on with offset {offset + len(passages)}." if left else ""
    return _told(f"{count(len(entries), 'passage')} of document {document.id}.{after}", entries, ())


def documents_text(documents: Sequence[Document], *, total: int, offset: int) -> str:
    """A line for each document."""
    lines = [f"{document.id} · {one_line(document.path)} · {heading(document)}" for document in documents]
    lead = f"{count(len(lines), 'article')} of {total:,}."
    if offset + len(lines) < total:
        lead += f" More follow: go on with offset {offset + len(lines)}."
    if not lines:
        return lead
    return _set_apart(lead, lines)


def status_text(status: IndexStatus) -> str:
    """What `briefqa status` prints, which names files that are new, changed or gone."""
    return _set_apart("The index and its articles.", render_status(status).split("\n"))


def _set_apart(lead: str, lines: Sequence[str]) -> str:
    word = fence(lines)
    return "\n".join([f"{lead} {about(word)}", "", f"<<<{word}", *lines, f"{word}>>>"])


def _told(lead: str, entries: Sequence[Quoted], notes: Sequence[str]) -> str:
    word, texts = fenced(entries)
    return "\n\n".join([f"{lead} {about(word)}", *texts, *(f"Note: {one_line(note)}" for note in notes)])
