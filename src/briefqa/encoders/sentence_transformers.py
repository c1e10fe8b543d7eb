"""Building: passages through sentence-transformers, with the model's own prompts, and rerankers to be exported."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from transformers.utils import logging as transformers_logging

from briefqa.encoders.export import export_encoder, export_reranker
from briefqa.encoders.hardware import BF16, FP32, best_device, best_precision
from briefqa.encoders.late_pooling import LatePooling, pools_late
from briefqa.encoders.onnx import OnnxReranker
from briefqa.encoders.running import can_reduce, ready
from briefqa.errors import EncoderError
from briefqa.protocols import EncodedPassages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from briefqa.encoders.models import ModelFolder
    from briefqa.protocols import Vectors
    from briefqa.types import Span

_PASSAGE_PROMPTS = ("document", "passage", "corpus")
_QUESTION_PROMPTS = ("query", "question")
_BATCH = 32
# How far the logits of an exported reranker may be from the library's.
_AGREEMENT = 1e-3


class SentenceTransformersEncoder:
    """Any sentence-transformers text model, read from a folder; nothing is downloaded, no remote code is run.

    `model` is as the library loads it, in fp32. Passages are encoded with a copy of it in `precision`: fp32, bf16, or
    auto for what the device is fastest at.
    """

    def __init__(self, model: ModelFolder, *, device: str | None = None, precision: str = "auto") -> None:
        self.name = model.name
        _keep_quiet()
        device = device or best_device()
        try:
            # In full precision, whatever the weights are kept in: it is exported so.
            self.model = SentenceTransformer(
                str(model.path), device=device, local_files_only=True, trust_remote_code=False
            ).float()
        except Exception as error:
            raise EncoderError(
                f"The encoder {model.name} in {model.path} can't be loaded: {_first_line(error)}"
            ) from error
        dimension = self.model.get_embedding_dimension()
        if dimension is None:
            raise EncoderError(f"The encoder {model.name} does not say how long its vectors are.")
        self.dimension: int = dimension
        self.window: int = int(self.model.max_seq_length or self.tokenizer.model_max_length)
        self.passage_prompt = self._prompt(_PASSAGE_PROMPTS)
        self.question_prompt = self._prompt(_QUESTION_PROMPTS)
        self.pools_late = pools_late(self.model, prompt=self.passage_prompt)
        self.precision = self._precision(precision, device)
        self._running: SentenceTransformer | None = None
        self._pooling: LatePooling | None = None

    @property
    def running(self) -> SentenceTransformer:
        """The model that passages are encoded with, made when first asked for."""
        if self._running is None:
            self._running = ready(self.model, self.precision)
        return self._running

    @property
    def tokenizer(self) -> Any:
        """The transformers tokenizer of the model."""
        return self.model.tokenizer

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens in each text as a passage, special tokens and prompt included, before any truncation."""
        encoded = self.tokenizer(
            [self.passage_prompt + text for text in texts], truncation=False, verbose=False, return_attention_mask=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> EncodedPassages:
        """The texts and the sentences that stand at `sentences[n]` in the n-th of them, in the order given."""
        if self.pools_late:
            if self._pooling is None:
                self._pooling = LatePooling(self.running, prompt=self.passage_prompt)
            return self._pooling.encode(texts, sentences)
        # A mean can be taken over any part of a text. What other poolings make of a part need not resemble what the
        # model was trained to make of a whole, so each sentence is encoded by itself: simple, and slower.
        alone = [text[start:end] for text, spans in zip(texts, sentences, strict=True) for start, end in spans]
        ends = np.cumsum([len(spans) for spans in sentences], dtype=np.int64)
        parts = np.split(self._encode(alone), ends[:-1]) if len(texts) else []
        return EncodedPassages(self._encode(texts), tuple(parts))

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with torch.inference_mode():
            vectors = self.running.encode(
                list(texts),
                prompt=self.passage_prompt or None,
                batch_size=_BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def export(self, folder: Path) -> None:
        """Fill the empty `folder` with the model as ONNX. Raises EncoderError for a model that has no such form."""
        export_encoder(self, folder)

    def _precision(self, wanted: str, device: str) -> str:
        if wanted == BF16 and not can_reduce(self.model):
            raise EncoderError(f"The encoder {self.name} can't run in bf16. Index with: --precision auto")
        if wanted == "auto":
            return best_precision(device) if can_reduce(self.model) else FP32
        return wanted

    def _prompt(self, names: Sequence[str]) -> str:
        prompts = self.model.prompts or {}
        chosen = next((prompts[name] for name in names if prompts.get(name)), None)
        default = prompts.get(self.model.default_prompt_name or "")
        return str(chosen or default or "")


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one output; nothing is downloaded, no remote code is run."""

    def __init__(self, model: ModelFolder, *, device: str | None = None) -> None:
        self.name = model.name
        _check_head(model)
        _keep_quiet()
        try:
            # In full precision, whatever the weights are kept in: onnxruntime lacks the others on most CPUs.
            self.model = CrossEncoder(
                str(model.path), device=device, local_files_only=True, trust_remote_code=False
            ).float()
        except Exception as error:
            raise EncoderError(
                f"The reranker {model.name} in {model.path} can't be loaded: {_first_line(error)}"
            ) from error
        if self.model.num_labels != 1:
            raise EncoderError(
                f"The reranker {model.name} gives {self.model.num_labels} numbers for a pair, and ranking needs one."
                " Choose a cross-encoder that was trained to score relevance."
            )
        self.window: int = int(self.model.max_seq_length or self.tokenizer.model_max_length)
        prompts = self.model.prompts or {}
        self.question_prompt = str(prompts.get(self.model.default_prompt_name or "") or "")

    @property
    def tokenizer(self) -> Any:
        """The transformers tokenizer of the model."""
        return self.model.tokenizer

    def export(self, folder: Path) -> None:
        """Fill the empty `folder` with the model as ONNX. Raises EncoderError for a model that has no such form."""
        try:
            export_reranker(self, folder)
        except RuntimeError as error:
            raise EncoderError(f"The reranker {self.name} can't be written as ONNX: {_first_line(error)}") from error
        self._check(OnnxReranker(folder))

    def _check(self, exported: OnnxReranker) -> None:
        """What the tracer gets wrong, or another order of padding, would go unseen: scores are only compared."""
        question, texts = "Who?", ["She.", "A longer one."]
        expected = self.model.predict(
            [(question, text) for text in texts], activation_fn=torch.nn.Identity(), show_progress_bar=False
        )
        if not np.allclose(exported.score(question, texts), expected, rtol=_AGREEMENT, atol=_AGREEMENT):
            raise EncoderError(f"The reranker {self.name} does not score as ONNX as it does here, so it is not used.")


def _check_head(model: ModelFolder) -> None:
    """The library would give any other model a new head, of random weights."""
    try:
        architectures = json.loads((model.path / "config.json").read_text(encoding="utf-8"))["architectures"]
        fine = any(str(entry).endswith("ForSequenceClassification") for entry in architectures)
    except (OSError, ValueError, KeyError, TypeError):
        fine = False
    if not fine:
        raise EncoderError(
            f"The reranker {model.name} in {model.path} is no cross-encoder: its config.json names no model"
            " for sequence classification."
        )


def _keep_quiet() -> None:
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
