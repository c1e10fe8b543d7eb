"""Encoded passages of a run that was broken off, beside the generations: the next run goes on from them.

The file of an encoder at a precision is a row of records, each framed by its length and a checksum, and is only ever
appended to. A record that is torn or altered counts as none.
"""

from __future__ import annotations

import shutil
import struct
import time
import zlib
from typing import TYPE_CHECKING

import numpy as np

from briefqa.index.generation import ENCODED_FOLDER
from briefqa.index.sentence_vectors import code_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import BufferedRandom
    from pathlib import Path

    from briefqa.index.sentence_vectors import Codes
    from briefqa.protocols import Vectors

KEY_BYTES = 16
# Bytes of what follows, and its CRC-32.
_FRAME = struct.Struct("<II")
# Seconds of encoding that may be lost: a short run writes nothing.
PATIENCE = 5.0


class EncodedStore:
    """What one encoder made of passages at one precision, by key (of KEY_BYTES), in the index folder `index`."""

    def __init__(self, index: Path, encoder_sha256: str, precision: str, *, dimension: int) -> None:
        self._path = index / ENCODED_FOLDER / f"{encoder_sha256}-{precision}"
        self._dimension, self._width = dimension, code_width(dimension)
        self._places: dict[bytes, tuple[int, int]] = {}
        self._waiting: list[tuple[bytes, Vectors, Codes]] = []
        self._began = time.monotonic()
        self._file: BufferedRandom | None = None
        if self._path.exists():
            self._open()

    def __len__(self) -> int:
        """How many passages' are kept on disk."""
        return len(self._places)

    def find(self, key: bytes) -> tuple[Vectors, Codes] | None:
        """The vector, and the sentences' codes, of the passage with this key."""
        place = self._places.get(key)
        if place is None or self._file is None:
            return None
        self._file.seek(place[0])
        return self._parse(self._file.read(place[1]))

    def add(self, made: Iterable[tuple[bytes, Vectors, Codes]]) -> None:
        """Keep the vectors and codes, once the run is so long that they are worth it."""
        self._waiting += made
        if time.monotonic() - self._began < PATIENCE:
            return
        if self._file is None:
            self._path.parent.mkdir(exist_ok=True)
            self._open()
        assert self._file is not None  # noqa: S101 - for mypy: `_open` opens it
        place, frames = self._file.seek(0, 2), []
        for key, vector, codes in self._waiting:
            payload = key + np.asarray(vector, dtype="<f4").tobytes() + codes.tobytes()
            frames.append(_FRAME.pack(len(payload), zlib.crc32(payload)) + payload)
            self._places[key] = (place + _FRAME.size, len(payload))
            place += len(frames[-1])
        self._file.write(b"".join(frames))
        self._file.flush()
        self._waiting = []

    def close(self) -> None:
        """Close the file, which stays."""
        if self._file is not None:
            self._file.close()

    def _open(self) -> None:
        """Find what the file holds, and cut it off behind the last whole record."""
        self._file = self._path.open("r+b" if self._path.exists() else "w+b")
        end = 0
        for start, length in _frames(self._path):
            codes = length - KEY_BYTES - 4 * self._dimension
            if codes < 0 or codes % self._width:
                break
            self._file.seek(start)
            _, checksum = _FRAME.unpack(self._file.read(_FRAME.size))
            payload = self._file.read(length)
            if zlib.crc32(payload) == checksum:
                self._places[payload[:KEY_BYTES]] = (start + _FRAME.size, length)
            end = start + _FRAME.size + length
        self._file.truncate(end)

    def _parse(self, payload: bytes) -> tuple[Vectors, Codes]:
        vector = np.frombuffer(payload, dtype="<f4", count=self._dimension, offset=KEY_BYTES)
        codes = np.frombuffer(payload, dtype=np.uint8, offset=KEY_BYTES + 4 * self._dimension)
        return vector, codes.reshape(-1, self._width)


def kept_passages(index: Path) -> int:
    """How many encoded passages the last run that was broken off has left in the index folder `index`."""
    try:
        path = max((index / ENCODED_FOLDER).iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return sum(1 for _ in _frames(path))
    except (OSError, ValueError):  # no folder, or nothing in it
        return 0


def _frames(path: Path) -> Iterator[tuple[int, int]]:
    """Where each whole record begins, and the bytes of what it holds."""
    with path.open("rb") as file:
        end, size = 0, file.seek(0, 2)
        while end + _FRAME.size <= size:
            file.seek(end)
            length, _ = _FRAME.unpack(file.read(_FRAME.size))
            if end + _FRAME.size + length > size:
                return
            yield end, length
            end += _FRAME.size + length


def discard(index: Path) -> None:
    """Remove what earlier runs kept: a generation that holds it is published."""
    shutil.rmtree(index / ENCODED_FOLDER, ignore_errors=True)
