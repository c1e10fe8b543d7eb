"""The articles as they are against the index as it is. Light and read-only, for every command."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.corpus.scan import Listing, scan
from briefqa.index.checksums import require_whole
from briefqa.index.generation import CLUTTER_FILE, live_generation, live_making, of_live, open_manifest
from briefqa.index.places import place_of, read_alike, resolve_source
from briefqa.index.plan import Changes, compare
from briefqa.index.states import STATES_FILE, FileState, read_states
from briefqa.reports import Remark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefqa.index.manifest import Making, Manifest
    from briefqa.types import Source


@dataclass(frozen=True, slots=True)
class Situation:
    """The articles as they are and the index as it is. Without an index, or with one that is to be ignored,
    `manifest`, `folder` and `states` are empty; `making` is the index's even then."""

    index: Path
    sources: tuple[Source, ...]
    listing: Listing
    changes: Changes
    manifest: Manifest | None
    making: Making
    folder: Path | None
    states: tuple[FileState, ...]
    scanned_ns: int


def survey(index: Path, sources: Sequence[Source], *, ignore_index: bool = False, hashing: bool = True) -> Situation:
    """Compare the articles of `sources` with the index, or with nothing if there is none or it is to be ignored."""
    scanned_ns = time.time_ns()
    listing = scan(sources)
    folder, manifest, states = (None, None, ()) if ignore_index else of_live(index, lambda: _read(index))
    making = live_making(index)
    source_of = {} if manifest is None else _matching(sources, manifest, index)
    reread = {
        number
        for number, known in source_of.items()
        if manifest and not read_alike(sources[number].rules, manifest.sources[known].rules)
    }
    created_ns = 0 if manifest is None else manifest.created_ns
    changes = compare(listing.files, states, created_ns=created_ns, source_of=source_of, reread=reread, hashing=hashing)
    return Situation(index, tuple(sources), listing, changes, manifest, making, folder, states, scanned_ns)


def _read(index: Path) -> tuple[Path | None, Manifest | None, tuple[FileState, ...]]:
    """The live generation and its states, after a look at the sizes of its files: a run that changes nothing should
    tell of damage, too."""
    if live_generation(index) is None:
        return None, None, ()
    folder, manifest = open_manifest(index)
    require_whole(folder, manifest.files, hashing=False)
    # What they say goes into every later generation.
    passed_on = (STATES_FILE, CLUTTER_FILE)
    require_whole(folder, {name: manifest.files[name] for name in passed_on if name in manifest.files})
    return folder, manifest, tuple(read_states(folder))


def _matching(sources: Sequence[Source], manifest: Manifest, index: Path) -> dict[int, int]:
    """The index's number for each listed source that it knows."""
    known = {place_of(resolve_source(source, index)): number for number, source in enumerate(manifest.sources)}
    return {number: known[place] for number, source in enumerate(sources) if (place := place_of(source)) in known}


def remarks(states: Sequence[FileState], listing: Listing) -> tuple[Remark, ...]:
    """What there is to tell about the files, those without a document first."""
    told = [Remark(key, reason, indexed=False) for key, reason in listing.unreadable]
    told += [Remark(state.key, text, bool(state.documents)) for state in states for text in state.remarks]
    return tuple(sorted(told, key=lambda remark: (remark.indexed, remark.key)))
