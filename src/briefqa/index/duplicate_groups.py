"""The groups of copies in an index, told for people: what is in each, and how much of it is equal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.index.blame import blaming_damage
from briefqa.index.reader import open_generation
from briefqa.reports import DuplicateGroups, GroupMember
from briefqa.wording import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.config import Settings
    from briefqa.types import Document, Passage


def duplicate_groups(settings: Settings) -> DuplicateGroups:
    """The groups of the index in `settings.index`, those with most documents first. Raises IndexMissing, IndexDamaged
    or IndexMismatch."""
    reader = open_generation(Path(settings.index))
    try:
        with blaming_damage(reader.index, reader.folder.name):
            groups = [_members(reader.documents_of_group(group)) for group in reader.duplicates.groups()]
        manifest = reader.manifest
    finally:
        reader.close()
    groups.sort(key=lambda members: (-len(members), members[0].path))
    return DuplicateGroups(settings.index, manifest.generation, manifest.documents, tuple(groups))


def _members(group: Sequence[tuple[Document, list[Passage]]]) -> tuple[GroupMember, ...]:
    by_path = sorted(group, key=lambda entry: entry[0].path)
    ordered = sorted(by_path, key=lambda entry: _rank(entry[0]), reverse=True)
    first = set(_sentences(*ordered[0]))
    return tuple(
        GroupMember(
            path=document.path,
            title=document.title,
            published=document.published,
            equal_sentences=_share_in(first, _sentences(document, passages)),
        )
        for document, passages in ordered
    )


def _rank(document: Document) -> tuple[str, str, int]:
    """Newest last, then longest; ISO dates sort as text."""
    return document.published or "", document.updated or "", len(document.text)


def _sentences(document: Document, passages: Sequence[Passage]) -> list[tuple[str, ...]]:
    spans = sorted({span for passage in passages for span in passage.sentences})
    return [tuple(words(document.text[start:end])) for start, end in spans]


def _share_in(first: set[tuple[str, ...]], sentences: Sequence[tuple[str, ...]]) -> float:
    return sum(sentence in first for sentence in sentences) / len(sentences) if sentences else 1.0
