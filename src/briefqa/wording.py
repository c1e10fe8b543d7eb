"""The words of a text as they are compared where two texts are told alike: punctuation, case and the way that lines
are broken don't count."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.types import Span

# A character of a script that is written without spaces is a word of its own: Thai, Lao, Myanmar, Khmer, kana, Han.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A number is one word, whatever groups its digits: 1,200.5
_WORD = re.compile(rf"\d+(?:[.,]\d+)+|[^\W{_SPACELESS}]+|[{_SPACELESS}]")


def words(text: str) -> list[str]:
    """The words of `text`, in order: runs of letters and digits in lower case, and numbers."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


class WordSpans:
    """The words of a text and where in it each stands."""

    def __init__(self, found: Sequence[str], spans: Sequence[Span]) -> None:
        self.words, self.spans = tuple(found), tuple(spans)
        # White space is in no word, so that a match in the joined words is one of whole words.
        self._joined = f" {' '.join(self.words)} "

    def find(self, wanted: Sequence[str]) -> Span | None:
        """Where the words `wanted` first stand, one after the other: from the first one's start to the last one's
        end; None where they don't, or for no words."""
        at = self._joined.find(f" {' '.join(wanted)} ") if wanted else -1
        if at < 0:
            return None
        first = self._joined.count(" ", 0, at)
        return self.spans[first][0], self.spans[first + len(wanted) - 1][1]


def word_spans(text: str, start: int = 0, end: int | None = None) -> WordSpans:
    """The words of `text[start:end]`, each as `words` gives it, with their offsets in `text`."""
    found: list[str] = []
    spans: list[Span] = []
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        for word in words(match[0]):
            found.append(word)
            spans.append(match.span())
    return WordSpans(found, spans)
