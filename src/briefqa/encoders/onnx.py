"""Asking: questions through onnxruntime, with the models that the index carries. Never loads torch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime

from briefqa.encoders.side_by_side import side_by_side
from briefqa.encoders.tokenizer_files import open_tokenizer
from briefqa.errors import REBUILD, IndexDamaged
from briefqa.protocols import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Encoding

    from briefqa.protocols import Vectors

# Batches of one forward pass: larger ones are no faster on few cores, and pad more.
_BATCH = 8


class ExportedModel:
    """An exported model: its description, its tokenizer, and a session that runs it."""

    def __init__(self, folder: Path, description_file: str) -> None:
        self.description: dict[str, Any] = json.loads((folder / description_file).read_text(encoding="utf-8"))
        self.tokenizer = open_tokenizer(folder)
        self.session = _session(folder / "model.onnx")
        self.window = int(self.description["window"])
        self._inputs = [str(entry) for entry in self.description["inputs"]]
        self._pad_id = int(self.description["pad_id"])

    def tokenize(self, texts: Sequence[Any], *, cut: str) -> list[Encoding]:
        """One batch of texts, or of pairs, padded to one length; what is longer than the window is cut by the
        tokenizer's strategy `cut`."""
        self.tokenizer.enable_truncation(self.window, strategy=cut)
        self.tokenizer.enable_padding(pad_id=self._pad_id)
        return self.tokenizer.encode_batch(list(texts))

    def run(
        self, outputs: Sequence[str], encodings: Sequence[Encoding], session: onnxruntime.InferenceSession | None = None
    ) -> list[NDArray[np.float32]]:
        """The model's named `outputs` for a tokenized batch, or those of another `session` with its inputs."""
        columns = {
            "input_ids": [encoding.ids for encoding in encodings],
            "attention_mask": [encoding.attention_mask for encoding in encodings],
            "token_type_ids": [encoding.type_ids for encoding in encodings],
        }
        feed = {entry: np.array(columns[entry], dtype=np.int64) for entry in self._inputs}
        return [np.asarray(rows, dtype=np.float32) for rows in (session or self.session).run(list(outputs), feed)]


class OnnxEncoder:
    """The query side of an exported encoder. Raises IndexDamaged when its folder is incomplete or unreadable.

    Questions are encoded in 32 bits, passages are read in 8: see `optimise.save_for_reading`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reader: onnxruntime.InferenceSession | None = None
        try:
            self._model = ExportedModel(folder, "encoder.json")
            description = self._model.description
            self.dimension = int(description["dimension"])
            self.window = self._model.window
            self._question_prompt = str(description["question_prompt"])
            self._passage_prompt = str(description["passage_prompt"])
        except Exception as error:  # each of the libraries has an error type of its own, or a bare Exception
            raise _damaged(folder) from error

    def count_tokens(self, text: str) -> int:
        """Tokens in `text` as a question, special tokens and prompt included, before any truncation."""
        self._model.tokenizer.no_truncation()
        return len(self._model.tokenizer.encode(self._question_prompt + text).ids)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """float32 of shape (len(texts), dimension), rows of length 1; tokens past the window are not read."""
        return self._encode([self._question_prompt + text for text in texts])

    def read_question(self, text: str) -> Reading:
        """See QuestionEncoder."""
        prompt = self._question_prompt
        return self._read(self._tokenize_alone(prompt + text), len(prompt), self._model.session)

    def read_passages(self, texts: Sequence[str]) -> list[Reading]:
        """See QuestionEncoder."""
        if self._reader is None:
            try:
                self._reader = _session(self._folder / "reader.onnx", threads=1)
            except Exception as error:  # as above
                raise _damaged(self._folder) from error
        reader, prompt = self._reader, self._passage_prompt
        # The tokenizer is for one thread, the session for many: a passage a core is faster than all cores a passage.
        encoded = [self._tokenize_alone(prompt + text) for text in texts]
        return side_by_side(lambda encoding: self._read(encoding, len(prompt), reader), encoded)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for places in batches(texts):
            batch = self._model.tokenize([texts[place] for place in places], cut="longest_first")
            (vectors[places],) = self._model.run(["vectors"], batch)
        return vectors

    def _tokenize_alone(self, text: str) -> Encoding:
        # As a batch is as wide as its longest text: of four passages a quarter would be padding.
        return self._model.tokenize([text], cut="longest_first")[0]

    def _read(self, encoding: Encoding, shift: int, session: onnxruntime.InferenceSession) -> Reading:
        (vector,), (rows,) = self._model.run(["vectors", "tokens"], [encoding], session)
        return _reading(encoding, vector, rows, shift)


class OnnxReranker:
    """An exported cross-encoder. Raises IndexDamaged when its folder is incomplete or unreadable."""

    def __init__(self, folder: Path) -> None:
        try:
            self._model = ExportedModel(folder, "reranker.json")
            self._question_prompt = str(self._model.description["question_prompt"])
        except Exception as error:  # as above
            raise IndexDamaged(f"The index's reranker in {folder} can't be loaded. {REBUILD}") from error

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """The logit of each text for the question, higher is better. Only texts are cut to fit the window, unless
        the question takes more than three quarters of it; then it is cut to that."""
        asked = self._cut(self._question_prompt + question)
        logits = np.empty(len(texts), dtype=np.float32)
        for places in batches(texts):
            batch = self._model.tokenize([(asked, texts[place]) for place in places], cut="only_second")
            (logits[places],) = self._model.run(["logits"], batch)
        return [float(logit) for logit in logits]

    def _cut(self, question: str) -> str:
        tokenizer, window = self._model.tokenizer, self._model.window
        tokenizer.no_truncation()
        tokenizer.no_padding()
        offsets = tokenizer.encode(question, add_special_tokens=False).offsets
        room = window - window // 4 - tokenizer.num_special_tokens_to_add(is_pair=True)
        return question if len(offsets) <= room else question[: offsets[room - 1][1]]


def _reading(encoding: Encoding, vector: Vectors, tokens: Vectors, shift: int) -> Reading:
    """The reading of a text that stands behind `shift` characters of a prompt."""
    spans = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2) - shift
    # Special tokens and padding have empty spans, those of a prompt end before the text begins.
    own = (spans[:, 1] > spans[:, 0]) & (spans[:, 1] > 0) & ~np.array(encoding.special_tokens_mask, dtype=bool)
    kept = tokens[own]
    lengths = np.linalg.norm(kept, axis=1, keepdims=True)
    return Reading(vector, kept / np.maximum(lengths, np.finfo(np.float32).tiny), np.maximum(spans[own], 0))


def batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """The places of the texts in batches of similar length: little padding."""
    by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for start in range(0, len(texts), _BATCH):
        yield by_length[start : start + _BATCH]


def _damaged(folder: Path) -> IndexDamaged:
    return IndexDamaged(f"The index's encoder in {folder} can't be loaded. {REBUILD}")


def _session(path: Path, *, threads: int = 0) -> onnxruntime.InferenceSession:
    """A session for a few short texts, on so many threads (0: as many as there are cores): the graph is optimised
    already, and what pays off later isn't done now."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.disable_prepacking", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
