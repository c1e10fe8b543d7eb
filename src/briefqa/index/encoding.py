"""The encoding stage of a build: from passages without vectors to a file of vectors and one of sentence codes.

Nothing is held in memory but what is being encoded, so a build's memory does not grow with its articles.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from briefqa.index.disk import take_room
from briefqa.index.sentence_vectors import SentenceVectorsWriter, code_width, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from briefqa.index.encoded import EncodedStore
    from briefqa.index.intake import Tally
    from briefqa.index.segments import Segments
    from briefqa.index.sentence_vectors import Codes
    from briefqa.index.update import Progress
    from briefqa.protocols import PassageEncoder, Vectors

STAGE = "encoding passages"
# Passages encoded at once: the encoder sorts them by length, and of so many next to nothing is padding. As many as take
# about _SECONDS, as progress is told, and what is encoded kept, between two slabs only.
_SLAB, _FIRST_SLAB, _SECONDS = 512, 32, 5.0
_BLOCK = 4096  # reused vectors copied at once


def encode_pending(
    folder: Path,
    tally: Tally,
    earlier: Segments | None,
    *,
    dimension: int,
    encoder: Callable[[], PassageEncoder],
    store: Callable[[str], EncodedStore],
    progress: Progress,
) -> Vectors:
    """Write the codes of all passages' sentences into `folder`, and return the passages' vectors by number: float32 of
    shape (passages, dimension), mapped from a file without a name in `folder`.

    `encoder` is called if there is anything to encode, and `store` with its precision: what an earlier run kept is
    taken from there, and what this one makes is kept there.
    """
    with tempfile.TemporaryFile(dir=folder, prefix="vectors-") as file:
        vectors: Vectors = np.memmap(file, np.float32, "w+", shape=(tally.passages, dimension))
        take_room(file.fileno())
    with SentenceVectorsWriter(folder, code_width(dimension)) as writer:
        reused = _Reused(tally.reused, earlier, vectors, writer)
        for number, vector, codes in _encoded(tally, encoder, store, progress):
            reused.copy(number)
            vectors[number] = vector
            writer.add(codes)
        reused.copy(tally.passages)
    return vectors


def _encoded(
    tally: Tally,
    encoder: Callable[[], PassageEncoder],
    store: Callable[[str], EncodedStore],
    progress: Progress,
) -> Iterator[tuple[int, Vectors, Codes]]:
    """The number, the vector and the sentences' codes of each pending passage, in order."""
    if not len(tally.pending):
        return
    loaded = encoder()
    with closing(store(loaded.precision)) as kept:
        entries, total, done, size = iter(tally.pending), len(tally.pending), 0, _FIRST_SLAB
        progress(STAGE, 0, total)
        while slab := list(islice(entries, size)):
            found = {entry.number: kept.find(entry.key) for entry in slab}
            missing = [entry for entry in slab if found[entry.number] is None]
            began = time.monotonic()
            made = loaded.encode_passages([entry.text for entry in missing], [entry.sentences for entry in missing])
            size = _next_size(len(missing), time.monotonic() - began)
            fresh = [
                (entry.key, vector, pack(sentences))
                for entry, vector, sentences in zip(missing, made.vectors, made.sentences, strict=True)
            ]
            kept.add(fresh)
            found.update(
                (entry.number, (vector, codes)) for entry, (_, vector, codes) in zip(missing, fresh, strict=True)
            )
            yield from ((number, *pair) for number, pair in found.items() if pair)
            done += len(slab)
            progress(STAGE, done, total)


def _next_size(passages: int, seconds: float) -> int:
    """How many passages to encode next, if so many took so long."""
    if not passages or seconds <= 0:
        return _SLAB
    return max(1, min(_SLAB, int(passages / seconds * _SECONDS)))


class _Reused:
    """Copies what the earlier generation has, in the order of numbers."""

    def __init__(
        self,
        pairs: Sequence[tuple[int, int]],
        earlier: Segments | None,
        vectors: Vectors,
        writer: SentenceVectorsWriter,
    ) -> None:
        self._pairs, self._earlier, self._vectors, self._writer = pairs, earlier, vectors, writer
        self._done = 0

    def copy(self, before: int) -> None:
        """Copy those with a number below `before`."""
        while self._earlier is not None and self._done < len(self._pairs):
            block = [pair for pair in self._pairs[self._done : self._done + _BLOCK] if pair[0] < before]
            if not block:
                return
            here, there = zip(*block, strict=True)
            self._vectors[list(here)] = self._earlier.vectors(there)
            for codes in self._earlier.codes(there):
                self._writer.add(codes)
            self._done += len(block)
