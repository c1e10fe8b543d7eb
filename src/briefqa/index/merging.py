"""When segments are merged, and how: their live rows are copied, and nothing is encoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from briefqa.index.arrays import new_array
from briefqa.index.catalog_writer import CatalogWriter
from briefqa.index.dense import write_dense
from briefqa.index.manifest import SegmentRecord
from briefqa.index.segment import NUMBERS_FILE
from briefqa.index.sentence_vectors import write_sentence_vectors
from briefqa.index.sketches import NUMBER, ROWS, write_sketches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefqa.config import DenseKind
    from briefqa.index.segment import Segment

_BLOCK = 16_384  # vectors copied at once


@dataclass(frozen=True, slots=True)
class Limits:
    """When an index is written anew, in whole or in part.

    One of at most `whole` passages is always written whole: that takes less than a second, and leaves no deleted
    passage. Beyond that, a segment with fewer than `factor` times as many passages as all that follow it, or with fewer
    than `least`, is merged with them: so there are never more than some log(passages) segments, and a passage is copied
    some log(passages) times. A segment of which more than `dead_share` is deleted is written anew, and so is the
    lexical index.
    """

    whole: int = 4096
    least: int = 256
    factor: int = 4
    dead_share: float = 0.2


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Size:
    """How many passages of a segment count, and how many are deleted."""

    live: int
    dead: int


def plan_merges(sizes: Sequence[Size], limits: Limits) -> list[tuple[int, int]]:
    """Which of the segments of these sizes are written as one: half-open ranges, one of a single segment that is
    written without what is deleted."""
    start, following = len(sizes), 0
    for place in reversed(range(len(sizes))):
        if following and sizes[place].live < max(limits.factor * following, limits.least):
            start = place
        following += sizes[place].live
    stale = [
        (place, place + 1)
        for place, size in enumerate(sizes[:start])
        if size.dead > limits.dead_share * (size.live + size.dead)
    ]
    return [*stale, (start, len(sizes))] if start < len(sizes) else stale


def merge(segments: Sequence[Segment], folder: Path, dense: DenseKind) -> SegmentRecord:
    """Write the live rows of `segments`, which follow each other, as one segment into the new `folder`, with vectors
    held as `dense` says. Passages and documents keep their numbers in the index, so that nothing else has to change.
    Raises IndexDamaged."""
    folder.mkdir()
    first, last = segments[0].record, segments[-1].record
    document_numbers = first.document_numbers[0], last.document_numbers[1]
    passage_numbers = first.passage_numbers[0], last.passage_numbers[1]
    writer = CatalogWriter(folder)
    for segment in segments:
        segment.check()
        starts = segment.record.document_numbers[0], segment.record.passage_numbers[0]
        writer.copy(
            segment.catalog.path,
            shifts=(starts[0] - document_numbers[0], starts[1] - passage_numbers[0]),
            dead=(segment.dead.documents.tolist(), segment.dead.passages.tolist()),
        )
    writer.close()
    starts_at = (segment.record.passage_numbers[0] - passage_numbers[0] for segment in segments)
    numbers = np.concatenate([segment.live + start for segment, start in zip(segments, starts_at, strict=True)])
    if len(numbers) < passage_numbers[1] - passage_numbers[0]:
        np.save(folder / NUMBERS_FILE, numbers, allow_pickle=False)
    _copy_sketches(segments, folder)
    _copy_vectors(segments, folder, len(numbers), dense)
    write_sentence_vectors(folder, [codes for segment in segments for codes in segment.codes(segment.live)])
    documents = sum(segment.record.documents - len(segment.dead.documents) for segment in segments)
    return SegmentRecord(folder.name, documents, len(numbers), document_numbers, passage_numbers)


def _copy_sketches(segments: Sequence[Segment], folder: Path) -> None:
    parts = []
    for segment in segments:
        part = np.stack([segment.sketch_row(row) for row in range(ROWS)])
        part[NUMBER] += segment.record.document_numbers[0] - segments[0].record.document_numbers[0]
        parts.append(part)
    write_sketches(folder, parts)


def _copy_vectors(segments: Sequence[Segment], folder: Path, count: int, dense: DenseKind) -> None:
    path = folder / "vectors-work.npy"
    shape = (count, segments[0].dense.dimension)
    vectors = new_array(path, np.float32, shape)
    start = 0
    for segment in segments:
        live = segment.live
        for low in range(0, len(live), _BLOCK):
            block = segment.vectors(live[low : low + _BLOCK])
            vectors[start : start + len(block)] = block
            start += len(block)
    write_dense(folder, vectors, dense)
    del vectors  # Windows removes no file that is mapped
    path.unlink()
