"""Growing a question set by hand: sentences to choose from by number, and the golds that are made of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from briefqa.analysis import content_tokens
from briefqa.errors import UsageError
from briefqa.evaluation.candidates import Shown
from briefqa.evaluation.datasets import Gold, Question
from briefqa.evaluation.gold import GoldSpan, resolve_gold
from briefqa.types import Document, Span

Sentences = Callable[[str], Sequence[Span]]
"""A text's sentences that can be quoted, in order."""

MOST_MARKED = 3
"""More golds than this are not taken for a question: the ones that matter most tell enough."""

ALIKE = 0.6
"""From this resemblance of their words on, two questions are taken for nearly the same."""

_PART = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?\Z", re.ASCII)


class Choices:
    """The sentences that were shown for one question, numbered from 1 in the order they came up, each once."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._shown: list[Shown] = []
        self._numbers: dict[tuple[str, int], Shown] = {}
        self._spans: dict[str, Sequence[Span]] = {}

    def of(self, document: Document, start: int, end: int) -> list[Shown]:
        """The sentences that `document.text[start:end]` holds some of, with the numbers they have now; a text without
        sentences counts as one."""
        spans = self._sentences_of(document)
        return [
            self._numbered(document, place) for place, (first, last) in enumerate(spans) if first < end and last > start
        ]

    def golds(self, selection: str, *, most: int = MOST_MARKED) -> tuple[Gold, ...]:
        """The golds that "1,4" (two of them) or "2-3" (two neighbouring sentences as one) selects.

        Raises UsageError for anything else, for more than `most`, and where a quote would be found somewhere else.
        """
        parts = re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", selection.strip(" ,;")))
        found = tuple(dict.fromkeys(self._gold(part) for part in parts))
        if len(found) > most:
            message = f"{len(found)} golds are too many; choose the {most} that matter most"
            raise UsageError(message)
        return found

    def _gold(self, part: str) -> Gold:
        matched = _PART.match(part)
        numbers = [int(number) for number in matched.groups() if number] if matched else [0]
        if not all(1 <= number <= len(self._shown) for number in numbers):
            shown = f"the numbers 1 to {len(self._shown)}" if self._shown else "the numbers shown, as there are none"
            message = f"{part!r} is none of {shown}; type for example 2, 2-3 or 1,4"
            raise UsageError(message)
        first, last = self._shown[numbers[0] - 1], self._shown[numbers[-1] - 1]
        if first.document.id != last.document.id or last.place - first.place != numbers[-1] - numbers[0]:
            message = f"{part} are not neighbouring sentences of one document; separate them by a comma"
            raise UsageError(message)
        if last.place < first.place:
            message = f"{part} runs backwards; type {numbers[-1]}-{numbers[0]}"
            raise UsageError(message)
        return gold_of(first.document, self._sentences_of(first.document), first.place, last.place)

    def _numbered(self, document: Document, place: int) -> Shown:
        key = (document.id, place)
        if key not in self._numbers:
            start, end = self._sentences_of(document)[place]
            self._numbers[key] = Shown(len(self._shown) + 1, document, place, document.text[start:end])
            self._shown.append(self._numbers[key])
        return self._numbers[key]

    def _sentences_of(self, document: Document) -> Sequence[Span]:
        if document.id not in self._spans:
            self._spans[document.id] = self._sentences(document.text) or [(0, len(document.text))]
        return self._spans[document.id]


def gold_of(document: Document, sentences: Sequence[Span], first: int, last: int) -> Gold:
    """The gold that sentences `first` to `last` of a document make, with single spaces.

    As a quote's first occurrence counts, one that stands earlier too is widened by neighbouring sentences, as few as
    possible, until it is the one meant. Raises UsageError where no such quote is left.
    """
    for wider in range(len(sentences)):
        for before in range(wider, -1, -1):
            start, end = first - before, last + wider - before
            if start < 0 or end >= len(sentences):
                continue
            span = (sentences[start][0], sentences[end][1])
            gold = Gold(document.key, " ".join(document.text[span[0] : span[1]].split()))
            if _stands_at(gold, document, span):
                return gold
    message = f"the same words stand earlier in {document.key!r}, and so does everything around them; choose those"
    raise UsageError(message)


def near_duplicates(text: str, questions: Iterable[Question]) -> list[Question]:
    """The questions that ask nearly the same: of the different terms of both, they share the larger part (Broder 1997,
    "On the resemblance and containment of documents"). Two that differ by a name or number on each side ask for
    different things."""
    terms = _terms(text)
    return [question for question in questions if _alike(terms, _terms(question.text))]


def _alike(terms: dict[str, bool], others: dict[str, bool]) -> bool:
    both, either = terms.keys() & others.keys(), terms.keys() | others.keys()
    if not either or len(both) < ALIKE * len(either):
        return False
    return not (any(terms[term] for term in terms.keys() - both) and any(others[term] for term in others.keys() - both))


def _terms(text: str) -> dict[str, bool]:
    """The terms of a question, and whether each is a name or number there."""
    return {token.term: not text[token.start].islower() for token in content_tokens(text)}


def _stands_at(gold: Gold, document: Document, span: Span) -> bool:
    """Whether an evaluation will find the gold there."""
    question = Question("new", "new", (), (gold,), 1)
    resolution = resolve_gold([question], lambda: [document], path=document.key)
    return resolution.spans["new"] == (GoldSpan(document.id, *span),)
