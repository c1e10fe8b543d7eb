"""The search for one gold quote through documents that are shown one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from briefqa.evaluation.alignment import Quote, Text
from briefqa.evaluation.datasets import Gold
from briefqa.types import Document, Span

LEAST_SIMILAR = 0.7
"""From this similarity on, a place in the gold's own document is taken for the quote, edited."""
LEAST_SIMILAR_ELSEWHERE = 0.8
"""The same in other documents, which are many, and of which some may say nearly the same of something else."""
FEWEST_WORDS_ELSEWHERE = 8
"""Shorter quotes are looked for in other documents word for word only."""

_QUOTE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Found:
    """Where a quote stands, and its similarity from 0 to 1; `verbatim` if it stands there word for word."""

    document: Document
    span: Span
    similarity: float = 1.0
    verbatim: bool = True


class GoldSearch:
    """Looks for a gold in its own document, None where the index has none of that name, and in those shown to it.

    `exact` is the place where the gold stands as it should, word for word in its own document. A gold without a quote
    is all of that document, and nowhere else.
    """

    def __init__(self, gold: Gold, document: Document | None, text: Text | None) -> None:
        self.gold = gold
        self.exact: Found | None = None
        self._has_document = document is not None
        self._quote = Quote(gold.quote or "")
        self._edited: Found | None = None
        self._best: Found | None = None
        self._rank = (False, 0.0, False)
        self._equals = 0
        if document and gold.quote is None:
            self.exact = Found(document, (0, len(document.text)))
        elif document and text:
            found = self._look(document, text, least=LEAST_SIMILAR, whole_words=False)
            self.exact, self._edited = (found, None) if found and found.verbatim else (None, found)

    def look_in(self, document: Document, text: Text) -> None:
        """Look in a document other than the gold's own, which is passed over."""
        if self.gold.quote is None:
            return
        least = LEAST_SIMILAR_ELSEWHERE
        if document.key == self.gold.document or not self._quote.may_stand_in(text, least=least):
            return
        verbatim_only = self._edited or self._rank[0] or self._quote.words < FEWEST_WORDS_ELSEWHERE
        found = self._look(document, text, least=None if verbatim_only else least, whole_words=True)
        if found is None:
            return
        rank = (found.verbatim, found.similarity, _file_name(document.key) == _file_name(self.gold.document))
        if rank > self._rank:
            self._best, self._rank, self._equals = found, rank, 0
        self._equals += rank == self._rank

    def elsewhere(self) -> Found | str:
        """The place of a gold that is not where it should be, when all documents were shown, or why it is lost."""
        best = self._best
        for found in (best if best and best.verbatim else None, self._edited, best):
            if found and (found is self._edited or self._equals == 1):
                return found
        if best is None:
            return self.reason()
        alike = "word for word" if best.verbatim else "nearly so"
        return self.reason(f"it stands {alike} in {self._equals} others, {best.document.key!r} among them")

    def reason(self, more: str = "") -> str:
        """What to say of the gold if it is lost."""
        if self.gold.quote is None:
            return f"the document {self.gold.document!r} is not in the index"
        start = " ".join(self.gold.quote.split())
        start = start if len(start) <= _QUOTE_SHOWN else start[:_QUOTE_SHOWN] + "..."
        if self._has_document:
            said = f"the quote {start!r} is not in the document {self.gold.document!r}"
        else:
            said = f"the document {self.gold.document!r} is not in the index (quote {start!r})"
        return f"{said}; {more}" if more else said

    def _look(self, document: Document, text: Text, *, least: float | None, whole_words: bool) -> Found | None:
        """The quote in a document: word for word or, unless `least` is None, the most similar place from there on."""
        span = self._quote.find(text, whole_words=whole_words)
        if span:
            return Found(document, span)
        place = self._quote.nearest(text, least=least) if least is not None else None
        if place is None:
            return None
        # Once the quote is corrected, it is found where these words stand first.
        first = Quote(document.text[place.start : place.end]).find(text)
        return Found(document, first or (place.start, place.end), place.similarity, verbatim=False)


def _file_name(key: str) -> str:
    return PurePosixPath(key).name
