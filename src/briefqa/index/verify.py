"""Checks a whole index: every checksum, and that every passage and sentence stands where the catalog says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.addresses import Lines
from briefqa.errors import IndexDamaged
from briefqa.index.blame import wrong_parts
from briefqa.index.catalog import HOMES_FILE
from briefqa.index.duplicates import wrong_groups
from briefqa.index.generation import CLUTTER_FILE, live_generation_name, of_live, open_manifest
from briefqa.index.reader import GenerationReader
from briefqa.index.recurring import read_clutter
from briefqa.index.sketches import NUMBER, SKETCHES_FILE
from briefqa.index.states import STATES_FILE, read_states

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from briefqa.index.manifest import Manifest
    from briefqa.index.segment import Segment


def verify(index: Path) -> tuple[Manifest, list[str]]:
    """The live generation's manifest and all that is wrong with it, a phrase each.

    Raises IndexMissing without an index, IndexDamaged or IndexMismatch when not even the manifest can be read.
    """
    while True:
        live = live_generation_name(index)
        found = of_live(index, lambda: _verify(index))
        if not found[1] or live_generation_name(index) == live:
            return found
        # What is missing has been replaced meanwhile.


def _verify(index: Path) -> tuple[Manifest, list[str]]:
    folder, manifest = open_manifest(index)
    wrong = wrong_parts(index, folder, manifest)
    if not wrong:
        try:
            reader = GenerationReader(index, folder, manifest)
            wrong = list(misplaced(reader))
            reader.close()
        except IndexDamaged as error:
            wrong = [str(error)]
    return manifest, wrong


def misplaced(reader: GenerationReader) -> Iterator[str]:
    """Where the parts of a generation contradict each other, a phrase each."""
    indexed = set()
    for segment in reader.segments.opened:
        yield from _misplaced_in(segment)
        first = segment.record.document_numbers[0]
        indexed |= {first + number for number in segment.catalog.numbers()[0]}
    indexed.difference_update(reader.segments.tombstones.documents.tolist())
    yield from wrong_groups(reader.duplicates, indexed)
    if CLUTTER_FILE in reader.manifest.files:
        read_clutter(reader.folder)
    files = [number for state in read_states(reader.folder) for number in state.documents]
    if len(files) != len(indexed) or set(files) != indexed:
        yield f"{reader.folder / STATES_FILE} does not name the documents that the segments hold"


def _misplaced_in(segment: Segment) -> Iterator[str]:
    catalog, record = segment.catalog, segment.record
    documents, passages = catalog.counts()
    if (documents, passages) != (record.documents, record.passages):
        yield f"{catalog.path} holds {documents} documents and {passages} passages, and should hold " + (
            f"{record.documents} and {record.passages}"
        )
    numbers = catalog.numbers()[1]
    if numbers != segment.numbers.tolist():
        yield f"{catalog.path} numbers its passages in another way than {segment.folder} does"
    if catalog.homes() != segment.homes.tolist():
        yield f"{segment.folder / HOMES_FILE} says of other passages which document they belong to than {catalog.path}"
    if segment.sketches[NUMBER].tolist() != catalog.numbers()[0]:
        yield f"{segment.folder / SKETCHES_FILE} is not of the documents of {catalog.path}"
    if not {number for number, _, _ in catalog.blocks()}.issubset(catalog.numbers()[0]):
        yield f"{catalog.path} has blocks of documents that it does not hold"
    vectors = dict(zip(numbers, segment.sentences.counts(), strict=False))
    for number, document in catalog.documents():
        lines = Lines(document.text, document.line_map)
        for row in catalog.passages_of(number):
            start, end = row.span
            inside = all(start <= low < high <= end for low, high in row.sentences)
            if not (0 <= start < end <= len(document.text)) or not inside or lines.of(start, end) != row.lines:
                yield f"passage {row.id} of {document.path} is not where the catalog says"
            if len(row.sentences) != vectors.get(row.number, 0):
                yield f"passage {row.id} of {document.path} has not one vector for each of its sentences"
