"""Where the golds of a question set stand now, as terminal text, CSV and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from briefqa.rendering.columns import wrapped
from briefqa.rendering.style import count
from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.evaluation.results import Drift, Lost

SCHEMA = "briefqa.gold/1"


def render_gold_places(path: str, golds: int, drift: Sequence[Drift], lost: Sequence[Lost], *, written: bool) -> str:
    """The golds that moved, changed or are lost, and a last line that counts them; at most 80 columns."""
    lines: list[str] = []
    for entry in drift:
        lines += wrapped(f"{path}:{entry.line}: question {entry.question_id}: {_told(entry)}")
        lines += wrapped(entry.difference or f"“{entry.found_quote}”", indent=4)
    for gone in lost:
        lines += wrapped(f"{path}:{gone.line}: question {gone.question_id}: lost: {gone.reason}")
    kept = golds - len(drift) - len(lost)
    fixed = "the places found were written to the set" if written else "write the places found with --fix"
    counts = f"{count(golds, 'gold')}: {kept} where they were, {len(drift)} moved or changed, {len(lost)} lost"
    return "\n".join([*lines, *wrapped(f"{counts}; {fixed}" if drift else counts)])


def gold_csv(drift: Sequence[Drift], lost: Sequence[Lost]) -> str:
    """A row for each gold that moved, changed or is lost."""
    header = ["line", "question", "kind", "document", "quote", "found_document", "found_quote", "similarity", "reason"]
    rows: list[list[object]] = [
        [entry.line, entry.question_id, entry.kind, entry.document, entry.quote, entry.found_document,
         entry.found_quote, entry.similarity, None]
        for entry in drift
    ]  # fmt: skip
    rows += [
        [gone.line, gone.question_id, "lost", gone.document, gone.quote, None, None, None, gone.reason] for gone in lost
    ]
    return to_csv(header, rows)


def gold_json(
    path: str, golds: int, drift: Sequence[Drift], lost: Sequence[Lost], *, written: bool
) -> dict[str, object]:
    """Schema "briefqa.gold/1"."""
    return {
        "schema": SCHEMA,
        "path": path,
        "golds": golds,
        "written": written,
        "drift": [asdict(entry) for entry in drift],
        "lost": [asdict(entry) for entry in lost],
    }


def _told(entry: Drift) -> str:
    if entry.kind == "edited":
        return f"changed in {entry.document} ({entry.similarity:.0%} alike)"
    moved = f"moved from {entry.document} to {entry.found_document}"
    return moved if entry.kind == "moved" else f"{moved} and changed ({entry.similarity:.0%} alike)"
