"""What became of the questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from briefqa.evaluation.results import Outcome, Report


@dataclass(frozen=True, slots=True)
class Kind:
    """What may become of a question: a key for the script, and a sign beside the words, for no colour says it."""

    key: str
    sign: str
    label: str


FOUND = Kind("right", "✓", "right")
WRONG = Kind("wrong", "≠", "wrong quote")
MISSED = Kind("missed", "○", "missed")
FALSE = Kind("false", "✕", "false answer")
REFUSED = Kind("refused", "●", "rightly refused")
# Where the gold are whole documents:
UNJUDGED = Kind("unjudged", "?", "answered, not judged")
KINDS = (FOUND, WRONG, MISSED, FALSE, REFUSED)
# Where retrieval alone was measured:
NEAR = Kind("right", "✓", "gold in the first five")
FAR = Kind("missed", "○", "gold not in the first five")
NOTHING = Kind("refused", "●", "nothing to find")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar that is 100 long: so many questions that came to the same end."""

    kind: Kind
    count: int
    share: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class OutcomeBar:
    """What became of `n` questions."""

    label: str
    n: int
    segments: tuple[Segment, ...]


def kind_of(outcome: Outcome) -> Kind:
    """What became of a question. Only what was printed counts: a right quote that was held back is an answer missed."""
    if outcome.status == "not_asked":
        found = NEAR if outcome.measures.get(f"{'passages' if outcome.quoted else 'documents'}.Success@5") else FAR
        return found if outcome.answerable else NOTHING
    if outcome.status == "answered" and not outcome.quoted:
        return UNJUDGED
    if outcome.status == "answered":
        return (FOUND if outcome.right else WRONG) if outcome.answerable else FALSE
    return MISSED if outcome.answerable else REFUSED


def count_kinds(outcomes: Iterable[Outcome]) -> dict[Kind, int]:
    """How many questions came to each end that is possible, zeros too."""
    counts = Counter(kind_of(outcome) for outcome in outcomes)
    possible = (NEAR, FAR, NOTHING) if {NEAR, FAR, NOTHING} & counts.keys() else KINDS
    unjudged = (UNJUDGED,) if UNJUDGED in counts else ()
    return {kind: counts[kind] for kind in (*possible, *unjudged)}


def outcome_bars(report: Report) -> list[OutcomeBar]:
    """What became of the questions that something answers, and of the others; a bar for each sort that there is."""
    counts = count_kinds(report.outcomes)
    ends = {"Answerable": (FOUND, WRONG, UNJUDGED, MISSED, NEAR, FAR), "Nothing answers": (REFUSED, FALSE, NOTHING)}
    bars = []
    for label, every in ends.items():
        kinds = [kind for kind in every if kind in counts]
        total = sum(counts[kind] for kind in kinds)
        x, segments = 0.0, []
        for kind in kinds:
            width = 100 * counts[kind] / total if total else 0.0
            segments.append(Segment(kind, counts[kind], f"{width:.0f}%", round(x, 2), round(width, 2)))
            x += width
        bars += [OutcomeBar(label, total, tuple(segments))] if total else []
    return bars
