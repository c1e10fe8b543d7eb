"""An evaluation report as terminal text of at most 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from briefqa.rendering.columns import FEW, FEW_NOTE, clip, padded
from briefqa.rendering.escape import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from briefqa.evaluation.results import Measure, Outcome, Report, Summary

_WIDTH = 80
_SHOWN = 5
_LINES_OF_CHANGES = 3
_RETRIEVAL = ("R@1", "R@5", "R@10", "RR@10", "nDCG@10")
SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Passages": {f"passages.{name}": name for name in _RETRIEVAL},
    "Documents": {f"documents.{name}": name for name in _RETRIEVAL},
    "Characters": {"characters.R@5": "R@5", "characters.P@5": "P@5", "characters.IoU@5": "IoU@5"},
    "Quotes": {
        "quote_hit@1": "gold quote printed first",
        "quote_hit@3": "among the first three",
        "quote_hit": "printed at all",
    },
    "Abstention": {
        "missed_answers": "missed answers",
        "false_answers": "false answers",
        "auroc": "AUROC of confidence",
        "brier": "Brier score",
    },
    "Milliseconds": {"ms_p50": "median", "ms_p95": "95th percentile"},
}
"""The measures to show, by the keys of `MEASURES`, with the words for them."""
OF_ANSWERS = {"Quotes", "Abstention"}
"""Those that an evaluation of retrieval alone has not."""


def render_report(report: Report, *, color: bool = False) -> str:
    """The report as lines of at most 80 columns, with no newline at the end.

    Whatever comes from the question set is escaped; `color` adds ANSI bold and dim, and nothing else.
    """
    blocks = [
        _heading(report),
        *_headline(report),
        _by_coverage(report),
        _by_tag(report),
        _worst(report),
        _false(report),
        _drift(report),
        _footer(report),
    ]
    lines = []
    for style, text in (line for block in blocks for line in block):
        lines.append(f"\x1b[{style}m{text}\x1b[0m" if color and style and text else text)
    return "\n".join(lines)


_BOLD = "1"
_DIM = "2"
_Line = tuple[str, str]


def _heading(report: Report) -> Iterator[_Line]:
    overall = report.overall
    yield _BOLD, clip(f"Evaluation of {report.path}", _WIDTH)
    yield "", f"{overall.questions} questions: {overall.answerable} answerable, {overall.unanswerable} not"
    if report.index:
        index = report.index
        counts = f"generation {index.generation}, {index.documents} documents, {index.passages} passages"
        yield from _wrapped(f"Index: {counts}, encoder {index.encoder}")
    if report.settings:
        yield from _wrapped("Settings: " + ", ".join(f"{key}={value}" for key, value in report.settings.items()))
    whole = sum(not outcome.quoted for outcome in report.outcomes)
    if whole:
        named = (
            "1 answerable question names whole documents, and counts"
            if whole == 1
            else (f"{whole} answerable questions name whole documents, and count")
        )
        yield from _wrapped(f"{named} for documents only.")
    if overall.questions < FEW:
        yield from _wrapped(FEW_NOTE)


def _headline(report: Report) -> Iterator[list[_Line]]:
    yield [("", ""), (_BOLD, f"{'':<28}{'value':>9}{f'{report.level:.0%} interval':>22}{'n':>7}")]
    for section, labels in SECTIONS.items():
        if section in OF_ANSWERS and all(outcome.status == "not_asked" for outcome in report.outcomes):
            continue
        digits = 1 if section == "Milliseconds" else 3
        rows = [_row(label, report.overall.measures[key], digits=digits) for key, label in labels.items()]
        yield [(_BOLD, section), *(("", row) for row in rows)]


def _row(label: str, measure: Measure, *, digits: int) -> str:
    interval = "-"
    if measure.low is not None and measure.high is not None:
        interval = f"{measure.low:.{digits}f} to {measure.high:.{digits}f}"
    return f"  {label:<26}{_number(measure.value, digits=digits):>9}{interval:>22}{measure.n:>7}"


def _by_coverage(report: Report) -> Iterator[_Line]:
    if report.calibration is None:
        return
    found = report.calibration
    rows = {
        "": [f"{point.coverage:.0%}" for point in found.risk],
        "from confidence": [_number(point.threshold, digits=2) for point in found.risk],
        "no right quote": [_number(point.risk, digits=2) for point in found.risk],
    }
    yield "", ""
    yield _BOLD, "If only the surest were answered (risk by coverage)"
    for label, cells in rows.items():
        yield "", f"  {label:<16}" + "".join(f"{cell:>6}" for cell in cells)
    yield _DIM, f"Area under that curve (AURC) {found.aurc:.3f}; expected calibration error {found.ece:.3f}."


def _by_tag(report: Report) -> Iterator[_Line]:
    if not report.tags:
        return
    yield "", ""
    yield _BOLD, f"{'By tag':<26}{'n':>6}{'R@5':>9}{'nDCG@10':>10}{'quote hit':>12}{'false answers':>16}"
    for tag, summary in report.tags.items():
        row = [_value(summary, name) for name in ("passages.R@5", "passages.nDCG@10", "quote_hit")]
        false = summary.measures.get("false_answers")
        wrong = f"{round((false.value or 0) * false.n)} of {false.n}" if false else "-"
        label = padded(clip(tag, 24), 26)
        yield "", f"{label}{summary.questions:>6}{row[0]:>9}{row[1]:>10}{row[2]:>12}{wrong:>16}"
    yield _DIM, "R@5 and nDCG@10 are those of passages."


def _value(summary: Summary, name: str) -> str:
    measure = summary.measures.get(name)
    return _number(measure.value if measure else None, digits=3)


def _worst(report: Report) -> Iterator[_Line]:
    wrong = [outcome for outcome in report.outcomes if outcome.measures.get("quote_hit") == 0]
    wrong.sort(key=lambda outcome: (outcome.measures["passages.nDCG@10"], outcome.measures["documents.nDCG@10"]))
    return _listed("Answerable, but the gold quote was not printed", wrong, reasons=[_reason(o) for o in wrong])


def _reason(outcome: Outcome) -> str:
    reciprocal = outcome.measures["passages.RR@10"]
    found = f"gold at {round(1 / reciprocal)}" if reciprocal else "gold not found"
    return f"{'no answer' if outcome.status == 'no_answer' else 'other quote'}, {found}"


def _false(report: Report) -> Iterator[_Line]:
    wrong = [outcome for outcome in report.outcomes if outcome.measures.get("false_answers") == 1]
    wrong.sort(key=lambda outcome: -outcome.confidence)
    reasons = [f"confidence {outcome.confidence:.2f}" for outcome in wrong]
    return _listed("Unanswerable, but answered", wrong, reasons=reasons)


def _listed(title: str, outcomes: Sequence[Outcome], *, reasons: Iterable[str]) -> Iterator[_Line]:
    if not outcomes:
        return
    shown = outcomes[:_SHOWN]
    yield "", ""
    yield _BOLD, title + (f" ({len(shown)} of {len(outcomes)}, worst first)" if len(shown) < len(outcomes) else "")
    for outcome, reason in zip(shown, reasons, strict=False):
        label = padded(clip(outcome.id, 12), 14)
        yield "", f"  {label}{reason:<28}{clip(outcome.text, _WIDTH - 44)}"


def _drift(report: Report) -> Iterator[_Line]:
    if not report.drift:
        return
    shown = sorted(report.drift, key=lambda drift: drift.similarity)[:_SHOWN]
    yield "", ""
    more = f" ({len(shown)} of {len(report.drift)}, worst first)" if len(shown) < len(report.drift) else ""
    yield _BOLD, f"Gold that moved or changed{more}"
    for drift in shown:
        label = padded(clip(drift.question_id, 12), 14)
        # However slight, a change leaves a quote less than wholly alike.
        similar = "" if drift.kind == "moved" else f", {min(99, int(100 * drift.similarity))}% alike"
        yield "", f"  {label}{drift.kind + similar:<28}{clip(drift.found_document, _WIDTH - 44)}"
        if drift.kind != "edited":
            yield "", f"    {clip(f'was in {drift.document}', _WIDTH - 4)}"
        changes = one_line(drift.difference)
        for line in textwrap.wrap(changes, _WIDTH - 4, max_lines=_LINES_OF_CHANGES, placeholder=" …"):
            yield "", f"    {clip(line, _WIDTH - 4)}"


def _footer(report: Report) -> Iterator[_Line]:
    yield "", ""
    text = (
        f"Intervals: {report.level:.0%}, percentile bootstrap over questions ({report.resamples} resamples, "
        f"seed {report.seed}); Wilson for shares and wherever all outcomes are 0 or 1 or alike; Newcombe for AUROC."
    )
    yield from ((_DIM, line) for _, line in _wrapped(text))


def _wrapped(text: str) -> Iterator[_Line]:
    for line in textwrap.wrap(one_line(text), _WIDTH, subsequent_indent="  "):
        yield "", clip(line, _WIDTH) if line[0] != " " else "  " + clip(line, _WIDTH - 2)


def _number(value: float | None, *, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
