"""Reads the files that a run needs, finds what recurs in them, and reads again who has to lose it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from briefqa.corpus.loading import Job
from briefqa.corpus.pool import load_all
from briefqa.index.places import relative_to_index
from briefqa.index.recurring import documents_with, find_clutter, read_clutter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.corpus.scan import ScannedFile
    from briefqa.index.manifest import Loading
    from briefqa.index.recurring import Clutter
    from briefqa.index.segments import Segments
    from briefqa.index.survey import Situation
    from briefqa.index.taken import Taken
    from briefqa.index.update import Progress


def read_files(
    situation: Situation, taken: Taken, *, earlier: Segments | None, loading: Loading, progress: Progress
) -> tuple[Situation, Clutter]:
    """Take in every file that is not kept; the documents of kept files are those of `earlier`. Returns the clutter of
    each origin, and the situation, in which a file with clutter that nobody knew of is kept no longer, but read too."""
    kept = situation.changes.kept
    _take_in(
        [file for file in situation.listing.files if (file.source, file.key) not in kept],
        situation,
        taken,
        loading,
        progress,
    )
    if not loading.clean:
        return situation, {}
    known: Clutter = {}
    blocks = list(taken.blocks)
    if earlier is not None and situation.folder is not None and kept:
        known = read_clutter(situation.folder)
        staying = {number for state in kept.values() for number in state.documents}
        blocks += [(origin, entry) for number, origin, entry in earlier.blocks() if number in staying]
    clutter = find_clutter(known, blocks)
    affected = documents_with(earlier, clutter, known) if earlier is not None and kept else set()
    again = {place for place, state in kept.items() if not affected.isdisjoint(state.documents)}
    if again:
        _take_in(
            [file for file in situation.listing.files if (file.source, file.key) in again],
            situation,
            taken,
            loading,
            progress,
        )
        left = {place: state for place, state in kept.items() if place not in again}
        situation = replace(situation, changes=situation.changes._replace(kept=left))
    return situation, clutter


def _take_in(
    files: Sequence[ScannedFile], situation: Situation, taken: Taken, loading: Loading, progress: Progress
) -> None:
    """Files are read ahead, in processes of their own where that pays or is safer."""
    jobs = [Job(file, _place(situation, file), loading.clean, situation.sources[file.source].rules) for file in files]
    with closing(load_all(jobs)) as outcomes:
        for count, (file, outcome) in enumerate(zip(files, outcomes, strict=True), 1):
            taken.add(file, outcome)
            progress("reading articles", count, len(files))


def _place(situation: Situation, file: ScannedFile) -> str:
    return relative_to_index(situation.sources[file.source], situation.index).path
