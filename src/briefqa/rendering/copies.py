"""Copies and versions of what was found, and the groups of copies in an index, as terminal text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.rendering.escape import one_line
from briefqa.rendering.style import count, paragraph, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.rendering.style import Style
    from briefqa.reports import DuplicateGroups, GroupMember
    from briefqa.types import Citation, Copy, Document, Version

_NAMED = 3
_LISTED = 20


def render_also_in(copies: Sequence[Copy], style: Style, *, indent: int) -> list[str]:
    """Where else the same is told: at most three places, and how many more there are; [] for none."""
    if not copies:
        return []
    named = [_place(copy) for copy in copies[:_NAMED]]
    more = [f"{len(copies) - _NAMED:,} more"] if len(copies) > _NAMED else []
    return paragraph(f"also in: {', '.join([*named, *more])}", style, indent=indent)


def render_versions(citation: Citation, style: Style, *, indent: int) -> list[str]:
    """What other versions of the article say in the place of the quote, each once, with their dates; [] for none."""
    lines: list[str] = []
    told: dict[str, list[Version]] = {}
    for version in citation.versions:
        told.setdefault(" ".join(version.quote.split()), []).append(version)
    for quote, versions in list(told.items())[:_NAMED]:
        first = versions[0]
        others = f" and {count(len(versions) - 1, 'other article')}" if len(versions) > 1 else ""
        text = f"{_age(first.document, citation.document)} says: “{quote}” ({_place(first)}{others})"
        lines += paragraph(text, style, indent=indent)
    if len(told) > _NAMED:
        lines += paragraph(f"and {count(len(told) - _NAMED, 'more version')} with other words", style, indent=indent)
    return lines


def render_duplicates(found: DuplicateGroups) -> str:
    """The groups of copies in an index, each with the document that comes first and how much of the others is equal."""
    documents = sum(map(len, found.groups))
    where = f"{one_line(found.index)}, generation {found.generation}: {count(found.documents, 'document')}"
    if not found.groups:
        return f"{where}, none of them a copy of another."
    lines = [f"{where}, {documents:,} of them in {count(len(found.groups), 'group')} of copies."]
    for group in found.groups[:_LISTED]:
        lines += ["", *(_member(member, number == 0) for number, member in enumerate(group[:_LISTED]))]
        lines += [f"  and {len(group) - _LISTED:,} more"] if len(group) > _LISTED else []
    if len(found.groups) > _LISTED:
        lines += ["", f"and {len(found.groups) - _LISTED:,} more groups: briefqa status --duplicates --json lists all."]
    return "\n".join(lines)


def _member(member: GroupMember, first: bool) -> str:
    share = "first" if first else f"{member.equal_sentences:.0%}"
    return f"  {share:>5}  {one_line(member.published or 'no date'):<10}  {one_line(member.path)}"


def _place(entry: Copy | Version) -> str:
    return place(entry.document, entry.lines, entry.start)


def _age(version: Document, cited: Document) -> str:
    """How the version's date stands to the cited article's."""
    theirs, mine = version.published, cited.published
    if theirs is None:
        return "another version, without a date,"
    length = min(len(theirs), len(mine or ""))
    if not length or theirs[:length] == (mine or "")[:length]:
        return f"another version of {one_line(theirs)}"
    return f"{'earlier' if theirs < (mine or '') else 'later'} version of {one_line(theirs)}"
