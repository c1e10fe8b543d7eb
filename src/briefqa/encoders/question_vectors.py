"""Vectors of questions that were encoded before: a set is asked again and again, and its questions seldom change."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefqa.protocols import QuestionEncoder, Vectors


class QuestionVectors:
    """Vectors of so many dimensions by the content of their question, kept in the file `path`. One that can't be read,
    or that holds something else, counts as none; one that can't be written is done without."""

    def __init__(self, path: Path, *, dimension: int) -> None:
        self.path, self._dimension = path, dimension
        self._vectors: dict[bytes, Vectors] = {}
        try:
            # Opened here, as np.load leaves the file of an archive that is none open.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                keys, vectors = stored["keys"], stored["vectors"]
        except Exception:  # a damaged archive raises anything, and all that is lost is time
            return
        alike = (keys.dtype, vectors.dtype, keys.ndim) == (np.uint8, np.float32, 2)
        if alike and keys.shape[1] == 32 and vectors.shape == (len(keys), dimension):
            self._vectors = {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}

    def of(self, texts: Sequence[str], encoder: QuestionEncoder) -> Vectors:
        """The vectors of `texts`, of shape (len(texts), dimension): those that are not known are encoded together,
        and kept."""
        keys = [sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if missing:
            made = encoder.encode_questions(list(missing.values()))
            self._vectors.update(zip(missing, made, strict=True))
            with suppress(OSError):
                self._save()
        found = [self._vectors[key] for key in keys]
        return np.array(found, dtype=np.float32).reshape(-1, self._dimension)

    def _save(self) -> None:
        keys = np.frombuffer(b"".join(self._vectors), dtype=np.uint8).reshape(-1, 32)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            with unfinished.open("wb") as file:
                np.savez(file, keys=keys, vectors=np.stack(list(self._vectors.values())))
            unfinished.replace(self.path)
        finally:
            unfinished.unlink(missing_ok=True)
