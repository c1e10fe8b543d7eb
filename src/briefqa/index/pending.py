"""Passages that are still without vectors, in a file: the texts of a large build need not fit into memory."""

from __future__ import annotations

import hashlib
import struct
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from briefqa.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from briefqa.types import Span

# A passage's number, its text's bytes, its sentences.
_FRAME = struct.Struct("<QII")


@dataclass(frozen=True, slots=True)
class Pending:
    """A passage that is still without vectors: its number, the text to encode, and its sentences' spans in it."""

    number: int
    text: str
    sentences: tuple[Span, ...]

    @property
    def key(self) -> bytes:
        """What its vectors depend on, besides the encoder, in 16 bytes."""
        spans = np.array(self.sentences, dtype="<i8").tobytes()
        text = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).digest()
        return hashlib.sha256(text + spans).digest()[:16]


class PendingPassages:
    """Pending passages in the order in which they are added, that of their numbers; read once all are there.

    The file has no name, so nothing is left of it whatever happens."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, prefix="pending-")  # noqa: SIM115 - closed by `close`
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, entry: Pending) -> None:
        """Add a passage."""
        text = entry.text.encode("utf-8", "surrogatepass")
        self._file.write(_FRAME.pack(entry.number, len(text), len(entry.sentences)))
        self._file.write(text + np.array(entry.sentences, dtype="<i8").tobytes())
        self._count += 1

    def __iter__(self) -> Iterator[Pending]:
        self._file.seek(0)
        for _ in range(self._count):
            number, text, sentences = _FRAME.unpack(self._read(_FRAME.size))
            decoded = self._read(text).decode("utf-8", "surrogatepass")
            flat = np.frombuffer(self._read(16 * sentences), dtype="<i8").tolist()
            yield Pending(number, decoded, tuple(zip(flat[::2], flat[1::2], strict=True)))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _read(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) != count:
            raise IndexDamaged("What was to be encoded can't be read again: run briefqa index once more.")
        return data
