"""Of passages that copies of an article share, one is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.answering.readings import match, newer, read_passage, share_told
from briefqa.answering.telling import Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefqa.answering.readings import Reading
    from briefqa.protocols import Candidate, CopyStore
    from briefqa.types import Document

HELD = 0.8
"""A passage tells nothing new if others hold so much of it, in words."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A candidate, read."""

    candidate: Candidate
    document: Document
    reading: Reading


def tell_once(candidates: Sequence[Candidate], groups: Mapping[int, int | None], store: CopyStore) -> Told:
    """`candidates` without those that tell nothing new: `groups` names the group of each one's document. The better one
    stays, or, of passages that tell the same, that of the newest article. Passages that contradict each other stay."""
    named = [group for candidate in candidates if (group := groups[candidate.number]) is not None]
    if len(set(named)) == len(named):
        return Told(list(candidates))
    entries = _read([candidate for candidate in candidates if groups[candidate.number] is not None], store)
    kept: list[Candidate] = []
    told: dict[int, list[_Entry]] = {}
    copies: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        group = groups[candidate.number]
        if group is None:
            kept.append(candidate)
            continue
        entry, others = entries[candidate.number], told.setdefault(group, [])
        holder = _holder(entry, others)
        if holder is None:
            kept.append(candidate)
            others.append(entry)
            continue
        chosen, left = holder, entry
        if newer(entry.document, holder.document) and _holder(holder, [entry]):
            chosen, left = entry, holder
            kept[kept.index(holder.candidate)] = candidate
            others[others.index(holder)] = entry
        stands_for = copies.pop(holder.candidate.passage_id, [])
        copies[chosen.candidate.passage_id] = [*stands_for, left.candidate]
    return Told(sorted(kept, key=lambda entry: (-entry.score, entry.passage_id)), copies)


def _read(candidates: Sequence[Candidate], store: CopyStore) -> dict[int, _Entry]:
    stored = store.passages([candidate.number for candidate in candidates])
    return {
        candidate.number: _Entry(candidate, document, read_passage(passage, document))
        for candidate, (passage, document) in zip(candidates, stored, strict=True)
    }


def _holder(entry: _Entry, told: Sequence[_Entry]) -> _Entry | None:
    """The one of `told` that holds most of the entry's passage, if those that don't contradict it hold nearly all."""
    rows = []
    for other in told:
        matches = [match(sentence, entry.reading, other.reading) for sentence in entry.reading.sentences]
        if other.document.id != entry.document.id and not any(found and found.differs for found in matches):
            rows.append((share_told(entry.reading, matches), other, matches))
    if not rows:
        return None
    together = [next(filter(None, column), None) for column in zip(*(matches for _, _, matches in rows), strict=True)]
    if share_told(entry.reading, together) < HELD:
        return None
    return max(rows, key=lambda row: row[0])[1]
