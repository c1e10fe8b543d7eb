"""Texts read to be compared sentence by sentence: what one holds of the other, and what it says in its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from briefqa.answering.versions import alikeness, differ
from briefqa.wording import WordSpans, word_spans, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.types import Document, Passage, Span

# Sentences that share so many of their words stand for each other in two versions ...
_CORRESPOND = 0.6
# ... and so many, if nothing that matters differs, say the same.
_SAME = 0.8


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at its place in a document, and its words."""

    text: str
    span: Span
    words: tuple[str, ...]
    bag: frozenset[str]


class Reading:
    """A document, or the `part` of it, read to be compared: its words, and its `sentences`."""

    def __init__(self, document: Document, spans: Sequence[Span], part: Span | None = None) -> None:
        self.document = document
        self._part = part or (0, len(document.text))
        self.sentences = list(_sentences(document.text, spans))

    def find(self, sentence: Sentence) -> Span | None:
        """Where the sentence stands here word for word: as a sentence, or in one."""
        span = self._places.get(sentence.words)
        if span is None and sentence.bag <= self._vocabulary:
            span = self._words.find(sentence.words)
        return span

    def corresponding(self, sentence: Sentence, home: Reading) -> Sentence | None:
        """The sentence here that stands for `sentence` of the reading `home`, which does not stand here itself: the
        most alike of those that are not at home, too."""
        alike = ((alikeness(sentence.bag, other.bag), other) for other in self.sentences)
        corresponding = [(share, other) for share, other in alike if share >= _CORRESPOND]
        corresponding.sort(key=lambda entry: -entry[0])  # few; to look for a sentence at home costs more
        return next((other for _, other in corresponding if home.find(other) is None), None)

    @cached_property
    def _places(self) -> dict[tuple[str, ...], Span]:
        return {sentence.words: sentence.span for sentence in reversed(self.sentences)}

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        start, end = self._part
        return frozenset(words(self.document.text[start:end]))

    @cached_property
    def _words(self) -> WordSpans:
        return word_spans(self.document.text, *self._part)


@dataclass(frozen=True, slots=True)
class Match:
    """What another text has for a sentence, at `span`: the same word for word, or the sentence `other`, which says the
    same or, where it `differs`, something else."""

    span: Span
    other: Sentence | None = None
    differs: bool = False


def read_passage(passage: Passage, document: Document) -> Reading:
    """The passage to be compared."""
    return Reading(document, passage.sentences, (passage.start, passage.end))


def match(sentence: Sentence, home: Reading, other: Reading) -> Match | None:
    """What `other` has for a sentence of `home`; None where it has nothing, or where nobody can tell."""
    span = other.find(sentence)
    if span:
        return Match(span)
    found = other.corresponding(sentence, home)
    if found is None:
        return None
    differs = differ(sentence.text, found.text)
    same = alikeness(sentence.bag, found.bag) >= _SAME
    return Match(found.span, found, differs) if differs or same else None


def share_told(home: Reading, matches: Sequence[Match | None]) -> float:
    """The share of the words of `home` that are in sentences with a match, from 0 to 1; 0 where one says something
    else."""
    if any(entry and entry.differs for entry in matches):
        return 0.0
    total = sum(len(sentence.words) for sentence in home.sentences)
    told = sum(len(sentence.words) for sentence, entry in zip(home.sentences, matches, strict=True) if entry)
    return told / total if total else 0.0


def newer(one: Document, other: Document) -> bool:
    """Whether the first article is surely of a later date than the other: published or, if that is the same, updated
    later. One with a date is newer than one without."""
    for mine, theirs in ((one.published, other.published), (one.updated, other.updated)):
        if mine and theirs:
            length = min(len(mine), len(theirs))
            if mine[:length] != theirs[:length]:
                return mine > theirs
        elif mine or theirs:
            return bool(mine)
    return False


def _sentences(text: str, spans: Sequence[Span]) -> Iterator[Sentence]:
    for start, end in sorted(set(spans)):
        found = tuple(words(text[start:end]))
        if found:
            yield Sentence(text[start:end], (start, end), found, frozenset(found))
