"""The values that travel between the stages: plain, frozen, and free of behaviour that needs another module.

All offsets are positions in `Document.text` (Python string indices), all line numbers are lines of the source
file counted from 1, and every range of offsets is half-open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from briefqa.explained import Explanation
    from briefqa.filters import Filtered

Span = tuple[int, int]
LinesOf = Literal["file", "text"]
FileState = Literal["as indexed", "changed", "gone", "unknown"]


@dataclass(frozen=True, slots=True)
class Rules:
    """Which files of a source are read and how, as briefqa.toml has it. `include` and `exclude` are patterns as in a
    .gitignore, relative to the source; what is said of `source`, `language` and `tags` fills what a file leaves open;
    `fields` are pairs, as of `LoadOptions.fields`. `clean` None: as the whole index."""

    collection: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    clean: bool | None = None
    source: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


NO_RULES = Rules()


class Source(NamedTuple):
    """A folder or file of articles: as the user gave it, and where it stands on this machine. Of a folder that was
    given with a wildcard, only the files that `pattern` fits."""

    given: str
    path: str
    is_file: bool = False
    pattern: str = ""
    rules: Rules = NO_RULES


@dataclass(frozen=True, slots=True)
class Document:
    """One article; what its file does not say is None or empty.

    `part` names it in a file of many. `line_map` and `page_map` say where the text stands (see `addresses`); lines are
    the file's, or, where `lines_of` is "text", as in a PDF, those of `text`. Dates are ISO 8601, perhaps a year or
    a month only; `language` is a code of ISO 639-1; `found_in` says for a field where its value comes from;
    `collection` is the one of briefqa.toml that the file belongs to.
    """

    id: str
    key: str
    path: str
    text: str
    sha256: str
    part: str = ""
    line_map: tuple[tuple[int, int], ...] = ((0, 1),)
    page_map: tuple[tuple[int, int], ...] = ()
    lines_of: LinesOf = "file"
    title: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    found_in: dict[str, str] = field(default_factory=dict)
    collection: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """What was left out of a document, and why; `lines` is None where the text that it stood in has none."""

    text: str
    reason: str
    lines: Span | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document: `document.text[start:end] == text`; `sentences` are spans that lie inside it."""

    id: str
    document_id: str
    start: int
    end: int
    text: str
    lines: tuple[int, int]
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage holds of a question, each from 0 to 1: the share of the question's idf mass in its best two
    neighbouring sentences, and the cosine of its nearest sentence."""

    pair_coverage: float
    sentence_cosine: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What stands behind a hit's score: cosine and BM25, each on a scale from 0 to 1 (`_share`), both fused, the
    evidence that adds to that, and the reranker's logit; where recency was asked for, all that as `relevance`, and what
    the article's date is worth, from 0 to 1. None where a retriever has no such thing, or did not look."""

    dense: float | None = None
    lexical: float | None = None
    dense_share: float | None = None
    lexical_share: float | None = None
    fused: float | None = None
    evidence: Evidence | None = None
    rerank: float | None = None
    relevance: float | None = None
    recency: float | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """Where else the same is told: `document.text[start:end]`, on these lines and, in formats with pages, this page."""

    document: Document
    start: int
    end: int
    lines: Span
    page: int | None


@dataclass(frozen=True, slots=True)
class Version:
    """What another version of an article says in the place of a quote: `document.text[start:end] == quote`."""

    document: Document
    quote: str
    start: int
    end: int
    lines: Span
    page: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was retrieved; the best has rank 1. Scores compare within one question only. `also_in` are the
    copies of its article that hold nearly all of it, newest first."""

    rank: int
    score: float
    passage: Passage
    document: Document
    scores: Scores
    also_in: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote with its address: `document.text[start:end] == quote`, and `sha256` is the quote's in UTF-8. `also_in`
    are the copies of its article in which the same words stand, `versions` those that say something else there; both
    come newest first. `file_state` says how the article's file stands to what was indexed."""

    marker: int
    passage_id: str
    quote: str
    sha256: str
    start: int
    end: int
    lines: tuple[int, int]
    document: Document
    page: int | None = None
    file_state: FileState = "unknown"
    also_in: tuple[Copy, ...] = ()
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """How many article files are new, changed and removed since the index was made."""

    new: int
    changed: int
    removed: int

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed)

    def __str__(self) -> str:
        return f"{self.new:,} new, {self.changed:,} changed, {self.removed:,} removed"


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered. `stale` and `changes` are None where it was not checked."""

    generation: int
    documents: int
    passages: int
    encoder: str
    stale: bool | None
    changes: ChangeCounts | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a question: quotes and how sure we are (0 to 1), or why nothing answers it.

    `text` is the quote of marker 1, which fits best. `missing` are the words of the question that the nearest passage
    does not hold; `notes` are remarks for the reader, each a sentence; `explanation` is there if it was asked for, and
    `filtered` if a filter was given.
    """

    question: str
    status: Literal["answered", "no_answer"]
    confidence: float
    text: str | None
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    index: IndexInfo
    milliseconds: dict[str, float]
    explanation: Explanation | None = None
    filtered: Filtered | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """The outcome of a search; `explanation` is there if it was asked for, and `filtered` if a filter was given."""

    question: str
    hits: tuple[Hit, ...]
    notes: tuple[str, ...]
    index: IndexInfo
    milliseconds: dict[str, float]
    explanation: Explanation | None = None
    filtered: Filtered | None = None
