"""What was imported and exported, as terminal text, CSV and JSON."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from briefqa.rendering.columns import wrapped
from briefqa.rendering.escape import one_line
from briefqa.rendering.tables import to_csv

if TYPE_CHECKING:
    from briefqa.evaluation.exchange.exporting import Exported
    from briefqa.evaluation.exchange.imported import ImportReport

IMPORT_SCHEMA = "briefqa.import/1"
EXPORT_SCHEMA = "briefqa.export/1"


def render_import(report: ImportReport) -> str:
    """What there is now, what was left out and why, and what to do next; lines of at most 80 columns but for the
    commands."""
    found = report.imported
    answerable = [question for question in found.questions if question.gold]
    whole = sum(not question.quoted for question in answerable)
    lines = wrapped(f"Imported {_count(len(found.questions), 'question')} from {report.source}")
    lines += wrapped(f"{len(answerable):,} answerable, {len(found.questions) - len(answerable):,} not", indent=2)
    if whole:
        lines += wrapped(f"{whole:,} with whole documents as gold: they count for documents only", indent=2)
    if found.widened:
        several = _count(len(found.widened), "question")
        lines += wrapped(f"{several} with longer quotes than marked, as shorter ones stand elsewhere too", indent=2)
    if report.seed is not None:
        lines += wrapped(f"A part, drawn at random (seed {report.seed}); fewer articles make it easier", indent=2)
    for reason, count in found.dropped.items():
        lines += wrapped(f"Left out: {_count(count, 'question')}: {reason}", indent=2)
    lines += wrapped(f"Question set: {report.question_set}")
    if report.corpus is not None and found.articles is not None:
        lines += wrapped(f"{_count(len(found.articles), 'article')}: {report.corpus}")
        index = _quoted(f"{report.name}-index")
        lines += ["Next:", f"  briefqa index {_quoted(report.corpus)} --index {index}"]
        lines += [f"  briefqa eval {_quoted(report.question_set)} --index {index}"]
    else:
        lines += ["Next:", f"  briefqa eval {_quoted(report.question_set)}"]
    return "\n".join(lines)


def import_csv(report: ImportReport) -> str:
    """One row; of the questions left out it has the number, not the reasons."""
    row = {**_import_counts(report), "left_out": sum(report.imported.dropped.values())}
    return to_csv(list(row), [list(row.values())])


def import_json(report: ImportReport) -> dict[str, object]:
    """Schema "briefqa.import/1"."""
    return {
        "schema": IMPORT_SCHEMA,
        **_import_counts(report),
        "left_out": [{"reason": reason, "questions": count} for reason, count in report.imported.dropped.items()],
    }


def render_export(found: Exported, folder: str) -> str:
    """What was written where."""
    lines = wrapped(f"Exported {_count(found.questions, 'question')} to {folder}")
    lines += wrapped(f"{found.answerable:,} answerable, {found.questions - found.answerable:,} not", indent=2)
    if found.quoted < found.answerable:
        whole = found.answerable - found.quoted
        lines += wrapped(f"{whole:,} with whole documents as gold: they are judged by documents only", indent=2)
    if found.drifted:
        lines += wrapped(f"{found.drifted:,} of the golds moved or changed: they are written as found", indent=2)
    if found.documents is not None:
        lines += wrapped(_count(found.documents, "document"), indent=2)
    return "\n".join([*lines, *wrapped(f"Files: {', '.join(found.files)}")])


def export_csv(found: Exported, folder: str, *, kind: str, run: str | None = None) -> str:
    """One row; the files are parted by |."""
    row = {**_export_counts(found, folder, kind=kind, run=run), "files": "|".join(found.files)}
    return to_csv(list(row), [list(row.values())])


def export_json(found: Exported, folder: str, *, kind: str, run: str | None = None) -> dict[str, object]:
    """Schema "briefqa.export/1"."""
    return {
        "schema": EXPORT_SCHEMA,
        **_export_counts(found, folder, kind=kind, run=run),
        "files": list(found.files),
    }


def _import_counts(report: ImportReport) -> dict[str, object]:
    found = report.imported
    return {
        "format": report.format,
        "source": report.source,
        "question_set": report.question_set,
        "corpus": report.corpus,
        "articles": None if found.articles is None else len(found.articles),
        "questions": len(found.questions),
        "answerable": sum(bool(question.gold) for question in found.questions),
        "quoted": sum(bool(question.gold) and question.quoted for question in found.questions),
        "widened": len(found.widened),
        "seed": report.seed,
    }


def _export_counts(found: Exported, folder: str, *, kind: str, run: str | None) -> dict[str, object]:
    return {
        "format": kind,
        "folder": folder,
        "run": run,
        "questions": found.questions,
        "answerable": found.answerable,
        "quoted": found.quoted,
        "drifted": found.drifted,
        "documents": found.documents,
    }


def _quoted(path: str) -> str:
    # What begins with a dash would be taken for an option.
    return one_line(shlex.quote(f"./{path}" if path.startswith("-") else path))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
