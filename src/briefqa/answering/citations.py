"""Citations: a quote with its address, and the check that the address holds it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from briefqa.addresses import lines_of, page_at
from briefqa.errors import IndexDamaged
from briefqa.types import Citation

if TYPE_CHECKING:
    from briefqa.answering.quotes import Quote
    from briefqa.types import Document, Passage, Span


def cite(quote: Quote, marker: int) -> Citation:
    """The citation of `quote`, to be shown as [marker]."""
    return cite_span(marker, quote.hit.passage, quote.hit.document, (quote.start, quote.end))


def cite_span(marker: int, passage: Passage, document: Document, span: Span) -> Citation:
    """The citation of what stands at `span` in the document, inside the passage."""
    start, end = span
    quote = document.text[start:end]
    return Citation(
        marker=marker,
        passage_id=passage.id,
        quote=quote,
        sha256=hashlib.sha256(quote.encode()).hexdigest(),
        start=start,
        end=end,
        lines=lines_of(document, start, end),
        document=document,
        page=page_at(document, start),
    )


def check(citation: Citation, passage: Passage, document: Document) -> None:
    """Raise IndexDamaged unless the quote stands, to the letter, at its address in the passage and the document."""
    where = slice(citation.start, citation.end)
    fine = (
        citation.passage_id == passage.id
        and citation.document.id == document.id
        and document.text[where] == citation.quote
        and document.text[passage.start : passage.end] == passage.text
        and passage.document_id == document.id
        and passage.start <= citation.start < citation.end <= passage.end
        and citation.lines == lines_of(document, citation.start, citation.end)
        and citation.page == page_at(document, citation.start)
        and hashlib.sha256(citation.quote.encode()).hexdigest() == citation.sha256
    )
    if not fine:
        raise IndexDamaged(
            f"A quote of {document.path} does not stand at its address in the index."
            " Check the index with: briefqa verify"
        )
