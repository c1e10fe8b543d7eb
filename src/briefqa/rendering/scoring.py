"""Scored TREC runs as terminal text, CSV and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from briefqa.rendering.columns import clip, wrapped
from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.evaluation.results import Measure
    from briefqa.evaluation.scoring import Contrast, ScoredRun, Scoring

SCHEMA = "briefqa.score/1"

_NAME = 13
_FEW = 30
_SHOWN = 3


def render_scoring(found: Scoring, qrels: str, *, color: bool = False) -> str:
    """A block for each run, and one for each that is held against the first; lines of at most 80 columns.

    Whatever comes from the files is escaped; `color` adds ANSI bold and nothing else.
    """

    def bold(line: str) -> str:
        return f"\x1b[1m{line}\x1b[0m" if color else line

    lines = list(map(bold, wrapped(f"Judgements: {qrels}")))
    lines += wrapped(f"{_count(len(found.questions), 'question')}, {found.relevant} relevant")
    lines += _ids(found.without_relevant, "with nothing relevant, which count 0")
    if found.few:
        lines += wrapped(f"Fewer than {_FEW} questions: the intervals are wide, and small differences mean nothing.")
    for run in found.runs:
        lines += ["", *map(bold, wrapped(run.label)), *_ids(run.missing, "missing, which count 0")]
        lines += _ids(run.unknown, "that nobody judged, ignored")
        lines += [bold(f"{'':<{_NAME}}{'value':>9}{f'{found.level:.0%} interval':>20}{'n':>8}")]
        lines += [line for name, measure in run.measures.items() for line in _row(name, measure)]
    several = len(found.contrasts) > 1
    for run, contrasts in zip(found.runs[1:], found.contrasts, strict=True):
        lines += ["", *map(bold, wrapped(f"{run.label} against {found.runs[0].label}"))]
        head = f"{'':<{_NAME}}{'change':>8}{f'{found.level:.0%} interval':>19}{'p':>7}"
        lines += [bold(f"{head}{'p Holm' if several else '':>8}{'wins':>8}{'losses':>8}{'ties':>8}")]
        lines += [line for contrast in contrasts for line in _contrast(contrast, several=several)]
    return "\n".join([*lines, "", *_footer(found)])


def scoring_csv(found: Scoring) -> str:
    """A row for each run and measure; against the first run, the last columns are empty for the first itself."""
    header = [
        "run", "measure", "value", "low", "high", "n",
        "difference", "difference_low", "difference_high", "p", "p_holm", "wins", "losses", "ties",
    ]  # fmt: skip
    rows = []
    for run, contrasts in zip(found.runs, [(), *found.contrasts], strict=True):
        by_measure = {contrast.measure: contrast for contrast in contrasts}
        for name, measure in run.measures.items():
            row = [run.label, name, measure.value, measure.low, measure.high, measure.n]
            rows.append(row + _against(by_measure.get(name)))
    return to_csv(header, rows)


def by_question_csv(found: Scoring) -> str:
    """A row for each run and question, with a column for each measure."""
    rows = [
        [run.label, question, *(run.scores[name][question] for name in found.measures)]
        for run in found.runs
        for question in found.questions
    ]
    return to_csv(["run", "question", *found.measures], rows)


def scoring_json(found: Scoring, qrels: str, *, by_question: bool = False) -> dict[str, object]:
    """Schema "briefqa.score/1"; the scores of single questions only if asked for."""
    return {
        "schema": SCHEMA,
        "qrels": qrels,
        "questions": len(found.questions),
        "few": found.few,
        "relevant": found.relevant,
        "without_relevant": list(found.without_relevant),
        "runs": [
            {
                "run": run.label,
                "missing": list(run.missing),
                "unknown": list(run.unknown),
                "measures": [{"measure": name, **asdict(measure)} for name, measure in run.measures.items()],
                "by_question": _scores_json(run, found) if by_question else None,
                "against_first": [_contrast_json(contrast) for contrast in contrasts],
            }
            for run, contrasts in zip(found.runs, [(), *found.contrasts], strict=True)
        ],
        "method": {
            "level": found.level,
            "resamples": found.resamples,
            "permutations": found.permutations,
            "seed": found.seed,
        },
    }


def _scores_json(run: ScoredRun, found: Scoring) -> list[dict[str, object]]:
    return [
        {
            "question": question,
            "scores": [{"measure": name, "score": run.scores[name][question]} for name in found.measures],
        }
        for question in found.questions
    ]


def _contrast_json(contrast: Contrast) -> dict[str, object]:
    pair = contrast.paired
    low, high = pair.interval or (None, None)
    return {
        "measure": contrast.measure,
        "difference": pair.difference,
        "low": low,
        "high": high,
        "p": pair.p,
        "p_holm": contrast.p,
        "wins": pair.higher,
        "losses": pair.lower,
        "ties": pair.ties,
        "detectable": pair.detectable,
    }


def _against(contrast: Contrast | None) -> list[object]:
    if contrast is None:
        return [None] * 8
    pair = contrast.paired
    low, high = pair.interval or (None, None)
    return [pair.difference, low, high, pair.p, contrast.p, pair.higher, pair.lower, pair.ties]


def _row(name: str, measure: Measure) -> Iterator[str]:
    interval = "-" if measure.low is None or measure.high is None else f"{measure.low:.3f} to {measure.high:.3f}"
    value = "-" if measure.value is None else f"{measure.value:.3f}"
    yield from _named(name, f"{value:>9}{interval:>20}{measure.n:>8}")


def _contrast(contrast: Contrast, *, several: bool) -> Iterator[str]:
    pair = contrast.paired
    interval = f"{pair.interval[0]:+.3f} to {pair.interval[1]:+.3f}" if pair.interval else "-"
    adjusted = _p(contrast.p) if several else ""
    cells = f"{pair.difference:>+8.3f}{interval:>19}{_p(pair.p):>7}{adjusted:>8}"
    yield from _named(contrast.measure, f"{cells}{pair.higher:>8}{pair.lower:>8}{pair.ties:>8}")


def _named(name: str, cells: str) -> Iterator[str]:
    """A row, its name on a line of its own where it is too long for the column."""
    if len(name) >= _NAME:
        yield name
        name = ""
    yield f"{name:<{_NAME}}{cells}"


def _p(p: float) -> str:
    return "<.001" if p < 0.0005 else f"{p:.3f}"


def _ids(ids: Sequence[str], what: str) -> list[str]:
    if not ids:
        return []
    shown = ", ".join(clip(identity, 24) for identity in ids[:_SHOWN])
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return wrapped(f"{_count(len(ids), 'question')} {what}: {shown}{more}")


def _footer(found: Scoring) -> list[str]:
    said = [
        f"Intervals: {found.level:.0%}, percentile bootstrap over questions ({found.resamples} resamples, seed "
        f"{found.seed}); Wilson where all outcomes are 0 or 1 or alike."
    ]
    if found.contrasts:
        said.append(f"p: paired randomisation test ({found.permutations} exchanges, or all where few differ).")
    if len(found.contrasts) > 1:
        said.append(f"p Holm: adjusted for the {len(found.contrasts)} runs, for each measure by itself.")
    said.append(
        "Ranked as by trec_eval: by score in single precision, ties by falling id; the rank column says nothing."
    )
    return wrapped(" ".join(said))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
