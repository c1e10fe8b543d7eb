"""A few passages through onnxruntime, with the encoder that the index carries: torch alone takes seconds to load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from briefqa.encoders.onnx import ExportedModel, batches
from briefqa.errors import REBUILD, IndexDamaged
from briefqa.protocols import EncodedPassages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tokenizers import Encoding

    from briefqa.protocols import Vectors
    from briefqa.types import Span


class OnnxPassageEncoder:
    """The passage side of an exported encoder that pools late: see encoders/late_pooling.py, which it does as."""

    precision = "fp32"

    def __init__(self, model: ExportedModel) -> None:
        self._model = model
        self.dimension, self.window = int(model.description["dimension"]), model.window
        self._prompt = str(model.description["passage_prompt"])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See PassageEncoder."""
        tokenizer = self._model.tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return [len(encoding.ids) for encoding in tokenizer.encode_batch([self._prompt + text for text in texts])]

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> EncodedPassages:
        """See PassageEncoder."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        found: list[Vectors] = [vectors[:0]] * len(texts)
        for places in batches(texts):
            batch = self._model.tokenize([self._prompt + texts[place] for place in places], cut="longest_first")
            vectors[places], tokens = self._model.run(["vectors", "tokens"], batch)
            for place, encoding, rows in zip(places, batch, tokens, strict=True):
                found[place] = _pooled(encoding, rows, sentences[place], vectors[place], skip=len(self._prompt))
        return EncodedPassages(vectors, tuple(found))


def open_for_passages(folder: Path) -> OnnxPassageEncoder | None:
    """The encoder exported to `folder`, or None if it does not pool late: the mean of its tokens' vectors is not what
    it makes of them, or it was exported before that was noted. Raises IndexDamaged for a folder that is incomplete."""
    try:
        model = ExportedModel(folder, "encoder.json")
        return OnnxPassageEncoder(model) if model.description.get("late_pooling") is True else None
    except Exception as error:  # each of the libraries has an error type of its own, or a bare Exception
        raise IndexDamaged(f"The index's encoder in {folder} can't be loaded. {REBUILD}") from error


def _pooled(encoding: Encoding, tokens: Vectors, spans: Sequence[Span], passage: Vectors, *, skip: int) -> Vectors:
    """A vector for each of the spans, which count from the character `skip` on."""
    starts, ends = (np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2) - skip).T
    first, last = np.array(spans, dtype=np.int64).reshape(-1, 2, 1).transpose(1, 0, 2)
    # Special tokens and padding are no characters long.
    inside = (starts < last) & (ends > first) & (ends > starts)
    counts = inside.sum(axis=1, keepdims=True)
    means = inside.astype(np.float32) @ tokens / np.maximum(counts, 1)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    units = means / np.maximum(lengths, np.finfo(np.float32).tiny)
    return np.asarray(np.where(counts > 0, units, passage), dtype=np.float32)
