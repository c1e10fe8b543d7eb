"""What an evaluation found: plain values, for rendering, for runs that are kept, and for gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from briefqa.evaluation.calibration import Calibration
from briefqa.evaluation.statistics import Method
from briefqa.types import IndexInfo, Span

RETRIEVAL = ("R@1", "R@3", "R@5", "R@10", "P@5", "Success@5", "RR@10", "AP@10", "nDCG@10")
"""The measures of a ranking, of passages or of documents, by their standard names."""

LOWER_IS_BETTER = frozenset({"missed_answers", "false_answers", "brier", "ms_p50", "ms_p95"})

MEASURES = (
    *(f"passages.{name}" for name in RETRIEVAL),
    *(f"documents.{name}" for name in RETRIEVAL),
    "characters.R@5",
    "characters.P@5",
    "characters.IoU@5",
    "quote_hit@1",
    "quote_hit@3",
    "quote_hit",
    "missed_answers",
    "false_answers",
    "auroc",
    "brier",
    "ms_p50",
    "ms_p95",
)
"""The keys of every measure, in the order they are shown. All are shares or scores from 0 to 1 but the last two."""

Setting = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A value over `n` questions with its interval; None where no question, or too few, can tell.

    `interval` names the method behind `low` and `high`.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    interval: Method | None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that was found: its id, its document's key, where it stands in it, its score, and the numbers
    (from 0) of the question's gold quotes that it holds at least half of."""

    id: str
    document: str
    span: Span
    lines: Span
    score: float
    golds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A quote, and whether it holds a gold one whole."""

    document: str
    lines: Span
    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class FoundGold:
    """A gold quote as it stands in its document, named by key and id: `text` from `span[0]` to `span[1]`. If the
    document as a whole is gold, `span` covers it and `text` is empty."""

    document: str
    document_id: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question. `measures` holds those of `MEASURES` that apply to a single question of its kind.

    `golds` are what answers it, none for a question that nothing answers. `hits` are the passages found and `quotes`
    the quotes to print, best first, whatever `status` says; `right` tells whether one of the quotes holds a gold one.
    Where retrieval alone was measured, `status` is "not_asked". `milliseconds` is the whole time of the answer.
    """

    id: str
    text: str
    tags: tuple[str, ...]
    line: int
    status: Literal["answered", "no_answer", "not_asked"]
    confidence: float
    right: bool
    measures: Mapping[str, float]
    golds: tuple[FoundGold, ...]
    hits: tuple[FoundPassage, ...]
    quotes: tuple[FoundQuote, ...]
    milliseconds: float

    @property
    def answerable(self) -> bool:
        """Whether anything answers the question."""
        return bool(self.golds)

    @property
    def quoted(self) -> bool:
        """Whether every gold is a quote; else the question counts for measures of documents only."""
        return all(gold.text for gold in self.golds)

    @property
    def judged(self) -> bool:
        """Whether it was asked, and `right` tells whether its quotes are right."""
        return self.quoted and self.status != "not_asked"


@dataclass(frozen=True, slots=True)
class Summary:
    """Measures over a set of questions, by the keys of `MEASURES` in their order, and how many questions there are."""

    answerable: int
    unanswerable: int
    measures: Mapping[str, Measure]

    @property
    def questions(self) -> int:
        """Answerable or not."""
        return self.answerable + self.unanswerable


@dataclass(frozen=True, slots=True)
class Drift:
    """A gold that no longer stands word for word in the document that its question names, and where it was found.

    `quote` is what the question set says of `document`, `found_quote` what `found_document` says, with single spaces;
    where they differ, `difference` shows how, and is empty for a quote that only moved. `similarity` is from 0 to 1.
    """

    question_id: str
    line: int
    document: str
    quote: str
    kind: Literal["moved", "edited", "moved and edited"]
    found_document: str
    found_quote: str
    similarity: float
    difference: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A gold that was found nowhere, and why not: `reason` goes on from "question ...: "."""

    question_id: str
    line: int
    document: str
    quote: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a question set.

    `overall` holds every measure; `tags`, sorted by tag, those that apply to the tag's questions; `outcomes` are
    in the set's order. `calibration` holds the confidence against whether the quotes to print were right; None where
    retrieval alone was measured. `index` is None if the answers did not all come from one index. `level`,
    `resamples` and `seed` are those of the intervals. `drift` lists the golds that moved or changed, in the set's
    order: their questions were measured by the places found.
    """

    path: str
    overall: Summary
    tags: Mapping[str, Summary]
    outcomes: tuple[Outcome, ...]
    calibration: Calibration | None
    index: IndexInfo | None
    settings: Mapping[str, Setting]
    level: float
    resamples: int
    seed: int
    drift: tuple[Drift, ...] = ()
