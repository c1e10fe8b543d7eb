"""Telling each thing once: of passages that copies of an article share one is kept, and what is quoted names its
copies, and the versions that say something else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from briefqa.addresses import lines_of, page_at
from briefqa.answering.citations import check, cite_span
from briefqa.answering.once import HELD, tell_once
from briefqa.answering.readings import Reading, match, newer, read_passage, share_told
from briefqa.types import Copy, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefqa.answering.readings import Sentence
    from briefqa.answering.telling import Told
    from briefqa.protocols import Candidate, CopyStore, Retriever
    from briefqa.types import Citation, Document, Hit, Passage, Span

    _Group = Sequence[tuple[Reading, list[Passage]]]

Placed = TypeVar("Placed", Copy, Version)

# Passages that copies share mostly stand side by side in the ranking: so many are looked at first, at least.
_DEPTH = 50
# A later version is quoted instead if the place is at most so many times as long.
_LONGEST = 2.0


class Copies:
    """What `store` knows of copies, as it is asked about for one question."""

    def __init__(self, store: CopyStore) -> None:
        self._store = store
        self._groups: dict[int, int | None] = {}
        self._read: dict[int, _Group] = {}
        self._seen: set[str] = set()

    def retrieve(self, retriever: Retriever, question: str, depth: int, *, needed: int) -> Told:
        """The best `depth` candidates for the question without those that tell nothing new (see `tell_once`); what is
        behind them is looked at, too, until `needed` are left or there is no more."""
        depth = max(depth, _DEPTH)
        while True:
            found = retriever.retrieve(question, depth)
            told = self._tell_once(found, self._store)
            if len(told.candidates) >= needed or len(found) < depth:
                return told
            depth *= 2

    def complete_hits(self, hits: Sequence[Hit], told: Told) -> tuple[Hit, ...]:
        """The hits of the first of `told`'s candidates, with their copies."""
        store = self._store
        return tuple(
            replace(hit, also_in=self._also_in(hit, candidate, told.copies.get(candidate.passage_id, ()), store))
            for hit, candidate in zip(hits, told.candidates, strict=False)
        )

    def complete_citations(
        self, citations: Sequence[Citation], candidates: Sequence[Candidate]
    ) -> tuple[Citation, ...]:
        """The citations of passages of `candidates` with their copies and versions. Where a later version of an article
        that was found for the question, too, says something else, it is quoted in the earlier one's place.

        Raises IndexDamaged for a quote that the store does not hold.
        """
        store = self._store
        numbers = {candidate.passage_id: candidate.number for candidate in candidates}
        found: list[Citation] = []
        for citation in citations:
            group = self._groups[numbers[citation.passage_id]]
            entry = citation if group is None else self._complete(citation, self._group(group, store))
            if all((entry.document.id, entry.start) != (other.document.id, other.start) for other in found):
                found.append(replace(entry, marker=len(found) + 1))
        return tuple(found)

    def _tell_once(self, candidates: Sequence[Candidate], store: CopyStore) -> Told:
        numbers = [candidate.number for candidate in candidates]
        self._groups.update(zip(numbers, store.groups(numbers), strict=True))
        grouped = [number for number in numbers if self._groups[number] is not None]
        self._seen.update(document.id for _, document in store.passages(grouped))
        return tell_once(candidates, self._groups, store)

    def _group(self, group: int, store: CopyStore) -> _Group:
        if group not in self._read:
            self._read[group] = [
                (Reading(document, [span for passage in passages for span in passage.sentences]), passages)
                for document, passages in store.group(group)
            ]
        return self._read[group]

    def _also_in(
        self, hit: Hit, candidate: Candidate, stands_for: Iterable[Candidate], store: CopyStore
    ) -> tuple[Copy, ...]:
        group = self._groups[candidate.number]
        if group is None:
            return ()
        home = read_passage(hit.passage, hit.document)
        found = {}
        for passage, document in store.passages([entry.number for entry in stands_for]):
            found[document.id] = _copy(document, (passage.start, passage.end))
        for reading, _ in self._group(group, store):
            matches = [match(sentence, home, reading) for sentence in home.sentences]
            spans = [entry.span for entry in matches if entry and entry.other is None]
            if reading.document.id != hit.document.id and share_told(home, matches) >= HELD and spans:
                found[reading.document.id] = _copy(reading.document, _around(spans))
        return _newest_first(found.values())

    def _complete(self, citation: Citation, group: _Group) -> Citation:
        if all(reading.document.id != citation.document.id for reading, _ in group):
            return citation  # the group is too large to be looked at as a whole
        later = sorted(
            ((reading, passages) for reading, passages in group if newer(reading.document, citation.document)),
            key=lambda entry: _date(entry[0].document),
            reverse=True,
        )
        for reading, passages in later:
            instead = self._instead(citation, reading, passages, group)
            if instead:
                return _with_copies(instead, group)
        return _with_copies(citation, group)

    def _instead(
        self, citation: Citation, reading: Reading, passages: Sequence[Passage], group: _Group
    ) -> Citation | None:
        """The citation of what the later version `reading` says in the place of the quote, if that is something else,
        and can be quoted in one piece."""
        if reading.document.id not in self._seen:
            return None
        sentences, home = _quoted(citation, group)
        found = [entry for sentence in sentences if (entry := match(sentence, home, reading))]
        if len(found) < len(sentences) or not any(entry.differs for entry in found):
            return None
        start, end = _around([entry.span for entry in found])
        holding = [passage for passage in passages if passage.start <= start and end <= passage.end]
        if not holding or end - start > _LONGEST * len(citation.quote):
            return None
        instead = cite_span(citation.marker, holding[0], reading.document, (start, end))
        check(instead, holding[0], reading.document)
        return instead


def _quoted(citation: Citation, group: _Group) -> tuple[list[Sentence], Reading]:
    """The sentences of the quote, and its document."""
    home = next(reading for reading, _ in group if reading.document.id == citation.document.id)
    inside = [entry for entry in home.sentences if citation.start <= entry.span[0] and entry.span[1] <= citation.end]
    return inside, home


def _with_copies(citation: Citation, group: _Group) -> Citation:
    sentences, home = _quoted(citation, group)
    copies, versions = [], []
    for reading, _ in group:
        document = reading.document
        matches = [match(sentence, home, reading) for sentence in sentences]
        if document.id == citation.document.id or not matches:
            continue
        different = [entry.other for entry in matches if entry and entry.differs and entry.other]
        if different:
            versions.append(_version(document, different[0]))
        elif all(entry and entry.other is None for entry in matches):
            copies.append(_copy(document, _around([entry.span for entry in matches if entry])))
    return replace(citation, also_in=_newest_first(copies), versions=_newest_first(versions))


def _copy(document: Document, span: Span) -> Copy:
    return Copy(document, *span, lines_of(document, *span), page_at(document, span[0]))


def _version(document: Document, sentence: Sentence) -> Version:
    start, end = sentence.span
    return Version(document, sentence.text, start, end, lines_of(document, start, end), page_at(document, start))


def _around(spans: Sequence[Span]) -> Span:
    return min(start for start, _ in spans), max(end for _, end in spans)


def _date(document: Document) -> tuple[str, str]:
    return document.published or "", document.updated or ""


def _newest_first(entries: Iterable[Placed]) -> tuple[Placed, ...]:
    by_path = sorted(entries, key=lambda entry: entry.document.path)
    return tuple(sorted(by_path, key=lambda entry: _date(entry.document), reverse=True))
