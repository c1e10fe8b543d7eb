"""The measures of a run, and of others beside it, as the cells of tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefqa.evaluation.results import LOWER_IS_BETTER
from briefqa.rendering.report import OF_ANSWERS, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefqa.evaluation.results import Measure, Report, Setting, Summary
    from briefqa.evaluation.runs import Run

NONE = "–"

_HEADLINES = {
    "passages.R@5": "of the gold quotes stand in the first five passages (R@5)",
    "passages.nDCG@10": "nDCG@10 of the passages",
    "quote_hit": "of the answerable questions print a gold quote",
    "false_answers": "of the unanswerable questions are answered",
}
_OF_TAGS = ("passages.R@5", "passages.nDCG@10", "quote_hit")


@dataclass(frozen=True, slots=True)
class Bar:
    """A value and its interval on a track from 0 to 100. Without an interval it has no width."""

    value: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """From low to high."""
        return round(self.high - self.low, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A measure in words: value, interval, and how many questions tell; `bar` for those from 0 to 1 alone."""

    value: str
    interval: str
    n: int
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Row:
    """A measure of one run, or of several, in their order."""

    label: str
    lower_is_better: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Measures that belong together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag and how many questions have it: R@5 and nDCG@10 of passages, printed gold quotes, and false answers."""

    tag: str
    questions: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was the same or not for runs that are set side by side."""

    label: str
    values: tuple[str, ...]


def headlines(report: Report) -> list[Row]:
    """The few measures to read first."""
    return [
        _row(key, label, [report])
        for key, label in _HEADLINES.items()
        if report.calibration or key.startswith("passages.")
    ]


def sections(reports: Sequence[Report]) -> list[Section]:
    """The measures of the terminal's report, for each of the reports; those of answers if any of them has such."""
    return [
        Section(title, tuple(_row(key, label, reports) for key, label in labels.items()))
        for title, labels in SECTIONS.items()
        if title not in OF_ANSWERS or any(report.calibration for report in reports)
    ]


def by_tag(report: Report) -> list[TagRow]:
    """The measures of each tag; what does not apply to its questions is a dash."""
    return [_tag_row(tag, summary) for tag, summary in report.tags.items()]


def differences(runs: Sequence[Run]) -> list[Fact]:
    """What the runs were made with, where they differ: question set, corpus, encoder, version, and settings."""
    facts = [
        Fact("question set", tuple(_versioned(run.record.questions, run.record.questions_sha256) for run in runs)),
        Fact("briefqa", tuple(run.record.briefqa for run in runs)),
        *_facts("index", [run.record.index for run in runs]),
        *_facts("settings", [run.record.settings for run in runs]),
    ]
    return [fact for fact in facts if len(set(fact.values)) > 1]


def number(value: float | None, digits: int) -> str:
    """A number in words, or a dash."""
    return NONE if value is None else f"{value:.{digits}f}"


def setting(value: Setting) -> str:
    """A setting in words, and hashes by their beginning."""
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text[:12] if len(text) == 64 else text


def label_of(key: str) -> str:
    """The words for a setting, or for a part of an index's identity."""
    return key.removesuffix("_sha256").replace("_", " ")


def _facts(kind: str, tables: Sequence[Mapping[str, Setting]]) -> list[Fact]:
    keys = dict.fromkeys(key for table in tables for key in table)
    return [
        Fact(f"{kind}: {label_of(key)}", tuple(setting(table[key]) if key in table else NONE for table in tables))
        for key in keys
    ]


def _versioned(name: str, sha256: str) -> str:
    return f"{name} ({setting(sha256)})"


def _row(key: str, label: str, reports: Sequence[Report]) -> Row:
    cells = tuple(cell(key, report.overall) for report in reports)
    return Row(label, key in LOWER_IS_BETTER, cells)


def _tag_row(tag: str, summary: Summary) -> TagRow:
    false = cell("false_answers", summary)
    if false.n:
        share = summary.measures["false_answers"].value or 0.0
        false = replace(false, value=f"{round(share * false.n)} of {false.n}")
    return TagRow(tag, summary.questions, (*(cell(key, summary) for key in _OF_TAGS), false))


def cell(key: str, summary: Summary) -> Cell:
    """A measure of a set of questions; a dash where none of them can tell."""
    measure = summary.measures.get(key)
    if measure is None or measure.value is None:
        return Cell(NONE, NONE, measure.n if measure else 0, None)
    digits = 1 if key.startswith("ms_") else 3
    interval = NONE
    if measure.low is not None and measure.high is not None:
        interval = f"{measure.low:.{digits}f}–{measure.high:.{digits}f}"
    return Cell(f"{measure.value:.{digits}f}", interval, measure.n, None if digits == 1 else _bar(measure))


def _bar(measure: Measure) -> Bar | None:
    if measure.value is None:
        return None
    low = measure.value if measure.low is None else measure.low
    high = measure.value if measure.high is None else measure.high
    return Bar(round(100 * measure.value, 1), round(100 * low, 1), round(100 * high, 1))
