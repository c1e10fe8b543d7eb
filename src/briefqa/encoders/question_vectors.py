"""Vectors of questions that were encoded before: a set is asked again and again, and its questions seldom change."""

from __future__ import annotations

import os
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefqa.protocols import QuestionEncoder, Vectors


class QuestionVectors:
    """Vectors by the content of their question, kept in the file `path`; one that can't be read counts as none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._vectors: dict[bytes, Vectors] = {}
        try:
            with np.load(path, allow_pickle=False) as stored:
                keys, vectors = stored["keys"], stored["vectors"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return
        if keys.ndim == 2 and keys.shape == (len(vectors), 32) and vectors.dtype == np.float32:
            self._vectors = {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}

    def of(self, texts: Sequence[str], encoder: QuestionEncoder) -> Vectors:
        """The vectors of `texts`, of shape (len(texts), dimension): those that are not known are encoded together,
        and kept."""
        keys = [sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if missing:
            made = encoder.encode_questions(list(missing.values()))
            self._vectors.update(zip(missing, made, strict=True))
            self._save()
        return np.stack([self._vectors[key] for key in keys])

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
