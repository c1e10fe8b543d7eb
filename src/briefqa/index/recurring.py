"""What recurs in many documents of a source, over all of an index: what is clutter there, and who has to lose it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from briefqa.corpus.cleaning.recurrence import RECURS, clutter_of, cut_before, holds
from briefqa.errors import damaged
from briefqa.index.generation import CLUTTER_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from briefqa.index.segments import Segments
    from briefqa.types import Cut, Document

    Clutter = dict[str, dict[int, int]]


def origin_of(document: Document) -> str:
    """Whose furniture a document may have: its publisher's, or its site's; "" where neither is known."""
    return document.source or urlsplit(document.url or "").hostname or ""


def find_clutter(known: Mapping[str, Mapping[int, int]], blocks: Iterable[tuple[str, bytes]]) -> Clutter:
    """The clutter by origin: what is `known` to be some, and what the documents' `blocks`, each with its origin, show
    now. What was clutter once stays so, as it no longer stands in the texts."""
    by_origin: dict[str, list[bytes]] = defaultdict(list)
    for origin, entry in blocks:
        if entry:
            by_origin[origin].append(entry)
    found = {origin: clutter_of(entries) for origin, entries in by_origin.items()}
    return {
        origin: both
        for origin in sorted({*known, *found})
        if (both := {**known.get(origin, {}), **found.get(origin, {})})
    }


def documents_with(segments: Segments, clutter: Clutter, known: Mapping[str, Mapping[int, int]]) -> set[int]:
    """The numbers of the documents that hold clutter which was not `known` to be some when they were read."""
    fresh = {origin: entries.keys() - known.get(origin, {}).keys() for origin, entries in clutter.items()}
    if not any(fresh.values()):
        return set()
    return {number for number, origin, blocks in segments.blocks() if holds(blocks, fresh.get(origin, set()))}


def clutter_that_was_cut(blocks: bytes, cuts: Iterable[Cut]) -> dict[int, int]:
    """The clutter that a document with these blocks had to lose, as its `cuts` tell it. Raises ValueError for others'
    blocks or cuts."""
    found: dict[int, int] = {}
    for cut in cuts:
        if cut.reason.startswith(RECURS):
            seen = int(cut.reason.removeprefix(RECURS).partition(" ")[0])
            found |= dict.fromkeys(cut_before(blocks, cut.text), seen)
    return found


def write_clutter(folder: Path, clutter: Clutter) -> None:
    """Write the clutter into the generation's folder."""
    table = {origin: {f"{block:016x}": seen for block, seen in entries.items()} for origin, entries in clutter.items()}
    (folder / CLUTTER_FILE).write_text(json.dumps(table, indent=0) + "\n", encoding="utf-8")


def read_clutter(folder: Path) -> Clutter:
    """What `write_clutter` wrote. Raises IndexDamaged."""
    path = folder / CLUTTER_FILE
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        return {
            str(origin): {int(block, 16): int(seen) for block, seen in entries.items()}
            for origin, entries in table.items()
        }
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise damaged(path) from error
