"""What runs that are not questions report: plain, frozen, like the values of `types`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell about an article file: why it gave no document, or a warning if it did."""

    key: str
    text: str
    indexed: bool


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a web address: the `file` that holds it, of so many `bytes` if it was written now, or the
    `reason` why it could not be had."""

    address: str
    state: Literal["saved", "unchanged", "failed"]
    file: str | None = None
    bytes: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The outcome of an index run. Counts of files: `added`, `changed`, `removed`, `kept`; of passages: `encoded`,
    and `reused` where a vector was at hand. `notes` are remarks on the whole, each a sentence."""

    changed_index: bool
    generation: int
    documents: int
    passages: int
    added: int
    changed: int
    removed: int
    kept: int
    encoded: int
    reused: int
    remarks: tuple[Remark, ...]
    encoder: str
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every article file gave a document."""
        return all(remark.indexed for remark in self.remarks)


@dataclass(frozen=True, slots=True)
class Rereading:
    """What was held against the articles: how many `files` that are as they were indexed, with their passages and
    sentences; and the paths of those that have `changed` or are `gone` since, which nothing can be held against."""

    files: int
    passages: int
    sentences: int
    changed: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RepairReport:
    """The outcome of a repair: the generation that is live now, and what was `mended`, by its path in the index folder;
    () for an index that was whole."""

    generation: int
    mended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A document of a group of copies: the share of its sentences that stand in the group's first one, word for word,
    from 0 to 1."""

    path: str
    title: str | None
    published: str | None
    equal_sentences: float


@dataclass(frozen=True, slots=True)
class DuplicateGroups:
    """The groups of documents that are copies, excerpts or versions of each other: the newest of each comes first, of
    equally new ones the longest."""

    index: str
    generation: int
    documents: int
    groups: tuple[tuple[GroupMember, ...], ...]


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index holds and was made with (`made` in seconds since the epoch), and the keys of the articles that
    are new, changed or removed since. With `missing_sources` nothing is known about changes; without a reranker, what
    is said of it is None. `languages` are codes of ISO 639-1, or None for unknown ones, with the number of documents,
    most first; `notes` are remarks on the whole, each a sentence."""

    index: str
    generation: int
    made: int
    documents: int
    passages: int
    bytes: int
    encoder: str
    encoder_sha256: str
    dimension: int
    window: int
    precision: str
    reranker: str | None
    reranker_sha256: str | None
    reranker_window: int | None
    passage_tokens: int
    overlap_tokens: int
    sources: tuple[str, ...]
    missing_sources: tuple[str, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    remarks: tuple[Remark, ...]
    languages: tuple[tuple[str | None, int], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def stale(self) -> bool | None:
        """Whether the articles have moved on; None when they can't be found."""
        return None if self.missing_sources else bool(self.new or self.changed or self.removed)
