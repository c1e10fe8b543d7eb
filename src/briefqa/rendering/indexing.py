"""Index runs and the state of an index as terminal text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from briefqa.languages import name_of
from briefqa.rendering.escape import one_line
from briefqa.rendering.style import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.reports import IndexReport, IndexStatus, Remark, RepairReport, Rereading

_LISTED = 20


def render_index_report(report: IndexReport, index: str) -> str:
    """What an index run did, in two lines at most."""
    holds = f"{count(report.documents, 'document')}, {count(report.passages, 'passage')}"
    if not report.changed_index:
        return f"Nothing changed: {one_line(index)} holds {holds} ({report.seconds:.2f} s)."
    named = (
        (report.added, "new"),
        (report.changed, "changed"),
        (report.removed, "removed"),
        (report.kept, "unchanged"),
    )
    changes = ", ".join(f"{number:,} {what}" for number, what in named if number)
    rate = f" with {one_line(report.encoder)}" if report.encoded else ""
    return (
        f"Indexed {holds} into {one_line(index)} in {report.seconds:.1f} s.\n"
        f"Articles: {changes}. Passages: {report.encoded:,} encoded{rate}, {report.reused:,} reused."
    )


def render_update(report: IndexReport, at: str) -> str:
    """What an update did while folders are watched, in one line; `at` is the time of day."""
    holds = f"{count(report.documents, 'document')}, {count(report.passages, 'passage')}"
    named = ((report.added, "new"), (report.changed, "changed"), (report.removed, "removed"))
    changes = ", ".join(f"{number:,} {what}" for number, what in named if number) or "made anew"
    return f"{at}  {changes}: {holds} ({report.seconds:.1f} s)"


def render_repair(report: RepairReport, index: str) -> str:
    """What a repair did: a line, and one for everything that was mended."""
    if not report.mended:
        return f"Nothing to mend: {one_line(index)} is whole."
    mended = [f"  {one_line(name)}" for name in report.mended]
    return "\n".join([f"Mended {one_line(index)}, which is whole again (generation {report.generation}):", *mended])


def render_rereading(found: Rereading) -> str:
    """What of an index was held against its articles, a line, and one for every file that could not be."""
    held = ", ".join((count(found.files, "file"), count(found.passages, "passage"), count(found.sentences, "sentence")))
    lines = [f"Read again, and where they are cited: {held}."]
    for paths, what in ((found.changed, "changed since"), (found.gone, "gone since")):
        lines += [f"{what}: {one_line(path)}" for path in paths[:_LISTED]] + _more(paths)
    return "\n".join(lines)


def render_kept(passages: int) -> str:
    """What an interrupted run leaves for the next one."""
    return f"{count(passages, 'encoded passage')} kept: the same command goes on from there."


def render_remarks(remarks: Sequence[Remark]) -> str:
    """A line for each file that could not be indexed or that there is a warning about."""
    failed = [remark for remark in remarks if not remark.indexed]
    warned = [remark for remark in remarks if remark.indexed]
    lines = [f"not indexed: {one_line(remark.key)}: {one_line(remark.text)}" for remark in failed[:_LISTED]]
    lines += _more(failed)
    lines += [f"warning: {one_line(remark.key)}: {one_line(remark.text)}" for remark in warned[:_LISTED]]
    return "\n".join(lines + _more(warned))


def render_notes(notes: Sequence[str]) -> str:
    """A line for each remark on the whole."""
    return "\n".join(f"note: {one_line(note)}" for note in notes)


def render_status(status: IndexStatus) -> str:
    """The state of an index, one fact a line."""
    made = datetime.fromtimestamp(status.made, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
    overlap = f", {status.overlap_tokens} shared" if status.overlap_tokens else ""
    rows = [
        ("index", f"{one_line(status.index)}, generation {status.generation}, made {made}"),
        (
            "holds",
            f"{count(status.documents, 'document')}, {count(status.passages, 'passage')}, {_size(status.bytes)}",
        ),
        *([("languages", _languages(status))] if any(code for code, _ in status.languages) else []),
        ("articles", ", ".join(one_line(source) for source in status.sources)),
        ("encoder", f"{one_line(status.encoder)} ({status.dimension} dimensions, {one_line(status.precision)})"),
        *([("reranker", _reranker(status))] if status.reranker else []),
        ("passages", f"of at most {status.passage_tokens} tokens{overlap}; the encoder reads {status.window}"),
        ("articles now", _freshness(status)),
    ]
    lines = [f"{name:<13} {value}" for name, value in rows]
    for keys, what in ((status.new, "new"), (status.changed, "changed"), (status.removed, "removed")):
        lines += [f"  {what:<8} {one_line(key)}" for key in keys[:_LISTED]]
        lines += _more(keys)
    if status.remarks:
        lines.append(render_remarks(status.remarks))
    if status.notes:
        lines.append(render_notes(status.notes))
    return "\n".join(lines)


def _languages(status: IndexStatus) -> str:
    named = ((name_of(code) if code else "unknown", count) for code, count in status.languages)
    return ", ".join(f"{one_line(name)} {count:,}" for name, count in named)


def _reranker(status: IndexStatus) -> str:
    return f"{one_line(status.reranker or '')} (reads {status.reranker_window} tokens)"


def _freshness(status: IndexStatus) -> str:
    if status.missing_sources:
        return f"not found on this machine: {', '.join(one_line(source) for source in status.missing_sources)}"
    if not status.stale:
        return "as indexed"
    counts = ((status.new, "new"), (status.changed, "changed"), (status.removed, "removed"))
    return ", ".join(f"{len(keys):,} {what}" for keys, what in counts if keys) + ": run briefqa index"


def _more(items: Sequence[object]) -> list[str]:
    return [f"  and {len(items) - _LISTED:,} more"] if len(items) > _LISTED else []


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000.0:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000.0
    return f"{size:.1f} GB"
