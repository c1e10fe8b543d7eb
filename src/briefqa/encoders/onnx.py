"""Asking: questions through onnxruntime, with the model that the index carries. Never loads torch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from briefqa.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefqa.protocols import Vectors

# Batches of one forward pass: larger ones are no faster on few cores, and pad more.
_BATCH = 8


class OnnxEncoder:
    """The query side of an exported encoder. Raises IndexDamaged when its folder is incomplete or unreadable."""

    def __init__(self, folder: Path) -> None:
        try:
            description: dict[str, Any] = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), _session_options(), providers=["CPUExecutionProvider"]
            )
            self.dimension = int(description["dimension"])
            self.window = int(description["window"])
            self._question_prompt = str(description["question_prompt"])
            self._passage_prompt = str(description["passage_prompt"])
            self._inputs = [str(entry) for entry in description["inputs"]]
            self._pad_id = int(description["pad_id"])
        except Exception as error:  # each of the libraries has an error type of its own, or a bare Exception
            raise IndexDamaged(
                f"The index's encoder in {folder} can't be loaded. Make the index again with: briefqa index --rebuild"
            ) from error

    def count_tokens(self, text: str) -> int:
        """Tokens in `text` as a question, special tokens and prompt included, before any truncation."""
        self._tokenizer.no_truncation()
        return len(self._tokenizer.encode(self._question_prompt + text).ids)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """float32 of shape (len(texts), dimension), rows of length 1; tokens past the window are not read."""
        return self._encode([self._question_prompt + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The same for texts of articles, as the index's passages were encoded."""
        return self._encode([self._passage_prompt + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # little padding in a batch
        for start in range(0, len(texts), _BATCH):
            places = by_length[start : start + _BATCH]
            vectors[places] = self._encode_batch([texts[place] for place in places])
        return vectors

    def _encode_batch(self, texts: Sequence[str]) -> Vectors:
        self._tokenizer.enable_truncation(self.window)
        self._tokenizer.enable_padding(pad_id=self._pad_id)
        encodings = self._tokenizer.encode_batch(list(texts))
        columns = {
            "input_ids": [encoding.ids for encoding in encodings],
            "attention_mask": [encoding.attention_mask for encoding in encodings],
            "token_type_ids": [encoding.type_ids for encoding in encodings],
        }
        feed = {entry: np.array(columns[entry], dtype=np.int64) for entry in self._inputs}
        (vectors,) = self._session.run(["vectors"], feed)
        return np.asarray(vectors, dtype=np.float32)


def _session_options() -> onnxruntime.SessionOptions:
    """Options for a few short texts: the graph is optimised already, and what pays off later isn't done now."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.disable_prepacking", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
