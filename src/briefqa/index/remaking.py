"""Makes files of a generation anew from its others, for `repair`.

catalog.sqlite tells which document a passage belongs to, how passages and sentences are counted, and, with the text of
every document, their sketches and the lexical index; int8 rows tell their codes; files.sqlite tells which documents
count, and what counts tells what files.sqlite held, but for files that gave no document and for remarks. The blocks of
the documents, and what was cut of them, tell what clutter.json held.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import numpy as np

from briefqa.index.catalog import CATALOG_FILE, HOMES_FILE, Catalog
from briefqa.index.dense import DENSE_FILE, ROWS_FILE, write_codes
from briefqa.index.duplicates import DUPLICATES_FILE
from briefqa.index.generation import CLUTTER_FILE
from briefqa.index.grouping import write_duplicates
from briefqa.index.lexical import LEXICAL_FOLDER, write_lexical
from briefqa.index.places import Locator
from briefqa.index.recurring import clutter_that_was_cut, find_clutter, write_clutter
from briefqa.index.segment import NUMBERS_FILE, Segment
from briefqa.index.sentence_vectors import CODES_FILE, OFFSETS_FILE
from briefqa.index.sketches import SKETCHES_FILE, SketchRows
from briefqa.index.states import STATES_FILE, FileState, read_states, write_states
from briefqa.index.tombstones import NONE, TOMBSTONES_FILE, read_tombstones, write_tombstones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from briefqa.index.manifest import Manifest, SegmentRecord
    from briefqa.index.recurring import Clutter
    from briefqa.index.tombstones import Tombstones
    from briefqa.index.update import Progress

_PART_MARK = "#"


class Remaking:
    """The files `wrong` of the generation `manifest`, of the index folder `index`, which `write` makes in `folder`,
    where the others are already. `files` are those that it makes: of a lexical index, all."""

    def __init__(self, index: Path, folder: Path, manifest: Manifest, wrong: Sequence[str]) -> None:
        self._folder, self._manifest = folder, manifest
        self._locator = Locator(manifest.sources, index)
        self.files = set(wrong)
        lexical = {name for name in manifest.files if name.startswith(f"{LEXICAL_FOLDER}/")}
        if self.files & lexical:
            self.files |= lexical

    def lost(self) -> list[str]:
        """The files that nothing else tells the content of."""
        found = []
        for record in self._manifest.segments:
            rounded = self._name(record, ROWS_FILE) in self._manifest.files
            vectors = ROWS_FILE if rounded else DENSE_FILE
            found += [self._name(record, name) for name in (CATALOG_FILE, CODES_FILE, vectors)]
        if {STATES_FILE, TOMBSTONES_FILE} <= self.files:
            found.append(STATES_FILE)
        return [name for name in found if name in self.files]

    def write(self, progress: Progress) -> None:
        """Make them. Raises IndexDamaged when the others do not belong together."""
        for record in self._manifest.segments:
            with closing(self._catalog(record)) as catalog:
                self._write_beside(record, catalog)
            if self._name(record, DENSE_FILE) in self.files:
                write_codes(self._folder / record.name)
        if TOMBSTONES_FILE in self.files:
            write_tombstones(self._folder, self._tombstones())
        there = TOMBSTONES_FILE in self._manifest.files
        dead = read_tombstones(self._folder) if there else NONE
        if STATES_FILE in self.files:
            write_states(self._folder, self._states(dead))
        if CLUTTER_FILE in self.files:
            write_clutter(self._folder, self._clutter(dead))
        lexical = any(name.startswith(f"{LEXICAL_FOLDER}/") for name in self.files)
        if not lexical and DUPLICATES_FILE not in self.files:
            return
        with ExitStack() as stack:
            segments = [stack.enter_context(closing(self._open(record, dead))) for record in self._manifest.segments]
            if lexical:
                progress("writing the lexical index", 0, 1)
                write_lexical(self._folder, (entry for segment in segments for entry in segment.lexical_entries()))
                progress("writing the lexical index", 1, 1)
            if DUPLICATES_FILE in self.files:
                write_duplicates(self._folder, segments, progress)

    def _write_beside(self, record: SegmentRecord, catalog: Catalog) -> None:
        folder = self._folder / record.name
        if self._name(record, HOMES_FILE) in self.files:
            np.save(folder / HOMES_FILE, np.array(catalog.homes(), dtype=np.int32), allow_pickle=False)
        if self._name(record, NUMBERS_FILE) in self.files:
            np.save(folder / NUMBERS_FILE, np.array(catalog.numbers()[1], dtype=np.int64), allow_pickle=False)
        if self._name(record, OFFSETS_FILE) in self.files:
            ends = np.cumsum([0, *catalog.sentence_counts()], dtype=np.int64)
            np.save(folder / OFFSETS_FILE, ends, allow_pickle=False)
        if self._name(record, SKETCHES_FILE) in self.files:
            sketches = SketchRows()
            for number, document in catalog.documents():
                sketches.add(number, document.text)
            sketches.write(folder)

    def _tombstones(self) -> Tombstones:
        live = {number for state in read_states(self._folder) for number in state.documents}
        documents: list[int] = []
        passages: list[int] = []
        for record in self._manifest.segments:
            first, first_passage = record.document_numbers[0], record.passage_numbers[0]
            with closing(self._catalog(record)) as catalog:
                held, numbers = catalog.numbers()
                dead = {number for number in held if first + number not in live}
                homes = zip(numbers, catalog.homes(), strict=True)
                documents += [first + number for number in sorted(dead)]
                passages += [first_passage + number for number, home in homes if home in dead]
        return NONE.with_more(documents, passages)

    def _states(self, dead: Tombstones) -> Iterator[FileState]:
        gone = set(dead.documents.tolist())
        files: dict[tuple[int, str], tuple[str, list[int]]] = {}
        for record in self._manifest.segments:
            first = record.document_numbers[0]
            with closing(self._catalog(record)) as catalog:
                parts = {number: part for number, part in catalog.facts("part")}
                for own, source, key, sha256 in catalog.contents():
                    if first + own not in gone:
                        name = key.removesuffix(f"{_PART_MARK}{parts[own]}") if parts[own] else key
                        files.setdefault((source, name), (sha256, []))[1].append(first + own)
        for (source, key), (sha256, numbers) in files.items():
            size, mtime_ns = _as_indexed(self._locator.file(source, key), sha256)
            documents = range(min(numbers), max(numbers) + 1)
            yield FileState(source, key, size, mtime_ns, sha256, documents, ())

    def _clutter(self, dead: Tombstones) -> Clutter:
        """What recurs in the documents, and what recurred in more of them when it was cut."""
        gone = set(dead.documents.tolist())
        known: Clutter = {}
        blocks: list[tuple[str, bytes]] = []
        for record in self._manifest.segments:
            first = record.document_numbers[0]
            with closing(self._catalog(record)) as catalog:
                for number, origin, entry in catalog.blocks():
                    if cut := clutter_that_was_cut(entry, catalog.cuts(number)):
                        known.setdefault(origin, {}).update(cut)
                    if first + number not in gone:
                        blocks.append((origin, entry))
        return find_clutter(known, blocks)

    def _catalog(self, record: SegmentRecord) -> Catalog:
        return Catalog(self._folder / record.name, lambda source, key, part: key)

    def _open(self, record: SegmentRecord, tombstones: Tombstones) -> Segment:
        dead = tombstones.within(record.document_numbers, record.passage_numbers)
        dimension = self._manifest.encoder.dimension
        return Segment(
            self._folder / record.name, record, lambda source, key, part: key, dimension=dimension, dead=dead
        )

    def _name(self, record: SegmentRecord, name: str) -> str:
        return f"{record.name}/{name}"


def _as_indexed(path: Path, sha256: str) -> tuple[int, int]:
    """Size and time of an article file that still has the content `sha256`; else none that a file can have, so that the
    next run reads it."""
    try:
        status = path.stat()
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                return status.st_size, status.st_mtime_ns
    except OSError:
        pass
    return -1, 0
