"""Writes a loaded encoder or reranker as ONNX beside its tokenizer, so that questions are asked without torch."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer

from briefqa.encoders.optimise import save_for_opening, save_for_reading
from briefqa.encoders.tokenizer_files import save_tokenizer
from briefqa.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefqa.encoders.sentence_transformers import CrossEncoderReranker, SentenceTransformersEncoder

MODEL_FILE = "model.onnx"
WEIGHTS_FILE = "weights.bin"
READER_FILE = "reader.onnx"
READER_WEIGHTS_FILE = "reader-weights.bin"
ENCODER_FILE = "encoder.json"
RERANKER_FILE = "reranker.json"
_EXPORTABLE = (Transformer, Pooling, Dense, Normalize)
_OPSET = 17

Axes: TypeAlias = dict[int, str]


class _Pipeline(torch.nn.Module):
    """The model's modules as one function of its input tensors: a unit vector a text, and a vector a token."""

    outputs: Mapping[str, Axes] = {"vectors": {0: "batch"}, "tokens": {0: "batch", 1: "tokens"}}

    def __init__(self, model: torch.nn.Module, inputs: list[str]) -> None:
        super().__init__()
        self.model = model
        self.inputs = inputs

    def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features: dict[str, Any] = self.model(dict(zip(self.inputs, tensors, strict=True)))
        vectors = torch.nn.functional.normalize(features["sentence_embedding"], p=2.0, dim=1)
        return vectors, features["token_embeddings"]


class _Scorer(torch.nn.Module):
    """A cross-encoder as a function of its input tensors, ending in one logit a pair."""

    outputs: Mapping[str, Axes] = {"logits": {0: "batch"}}

    def __init__(self, model: torch.nn.Module, inputs: list[str]) -> None:
        super().__init__()
        self.model = model
        self.inputs = inputs

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        features: dict[str, Any] = dict(zip(self.inputs, tensors, strict=True))
        logits: torch.Tensor = self.model(features)["scores"]
        return logits.squeeze(-1)


def export_encoder(encoder: SentenceTransformersEncoder, folder: Path) -> None:
    """Fill `folder`, which exists and is empty. Raises EncoderError for a model whose parts have no ONNX form here."""
    _check_exportable(encoder)
    sample = encoder.tokenizer(["A sample question?", "Another"], padding=True, return_tensors="pt")
    inputs = _inputs(encoder.tokenizer, sample)
    _write_model(_Pipeline(encoder.model, inputs), sample, folder)
    _write_tokenizer(encoder.tokenizer, folder)
    description = {
        "name": encoder.name,
        "dimension": encoder.dimension,
        "window": encoder.window,
        "question_prompt": encoder.question_prompt,
        "passage_prompt": encoder.passage_prompt,
        "inputs": inputs,
        "pad_id": encoder.tokenizer.pad_token_id or 0,
        # Whether a mean of token vectors, made a unit vector, is what the model would make of a part of a text.
        "late_pooling": encoder.pools_late and not any(isinstance(module, Dense) for module in encoder.model),
    }
    _write_description(description, folder / ENCODER_FILE)


def export_reranker(reranker: CrossEncoderReranker, folder: Path) -> None:
    """Fill `folder`, which exists and is empty. Raises EncoderError for a model whose parts have no ONNX form here."""
    if not all(isinstance(module, Transformer) for module in reranker.model):
        parts = ", ".join(type(module).__name__ for module in reranker.model)
        raise EncoderError(
            f"The reranker {reranker.name} is made of {parts}, which briefqa can't take along as ONNX."
            " Choose a model that is one transformer with a classification head."
        )
    _check_tokenizer(reranker.tokenizer, f"The reranker {reranker.name}")
    pairs = [("A sample question?", "A passage."), ("Another", "One more passage, longer.")]
    sample = reranker.tokenizer(pairs, padding=True, truncation=True, return_tensors="pt")
    inputs = _inputs(reranker.tokenizer, sample)
    _write_model(_Scorer(reranker.model, inputs), sample, folder)
    _write_tokenizer(reranker.tokenizer, folder)
    description = {
        "name": reranker.name,
        "window": reranker.window,
        "question_prompt": reranker.question_prompt,
        "inputs": inputs,
        "pad_id": reranker.tokenizer.pad_token_id or 0,
    }
    _write_description(description, folder / RERANKER_FILE)


def _check_exportable(encoder: SentenceTransformersEncoder) -> None:
    for module in encoder.model:
        if not isinstance(module, _EXPORTABLE):
            raise EncoderError(
                f"The encoder {encoder.name} has a {type(module).__name__} part, which briefqa can't take along as"
                " ONNX. Choose a model made of transformer, pooling, dense and normalisation parts."
            )
        if isinstance(module, Pooling) and not module.include_prompt and encoder.question_prompt:
            raise EncoderError(
                f"The encoder {encoder.name} leaves its prompt out of pooling, which briefqa does not support."
            )
    _check_tokenizer(encoder.tokenizer, f"The encoder {encoder.name}")


def _check_tokenizer(tokenizer: Any, model: str) -> None:
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        raise EncoderError(f"{model} has no fast tokenizer, which asking without torch needs.")


def _inputs(tokenizer: Any, sample: Any) -> list[str]:
    """The names of the tensors that the model takes, of those that its tokenizer makes."""
    return [entry for entry in tokenizer.model_input_names if entry in sample]


def _write_model(pipeline: _Pipeline | _Scorer, sample: Any, folder: Path) -> None:
    """Trace `pipeline` with the tensors of `sample`."""
    inputs = pipeline.inputs
    device = pipeline.model.device
    dynamic: dict[str, Axes] = {entry: {0: "batch", 1: "tokens"} for entry in inputs}
    with tempfile.TemporaryDirectory(prefix="briefqa-") as temporary:
        raw = Path(temporary, "raw.onnx")
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # the tracer's remarks on constants that our dynamic axes make right
            torch.onnx.export(
                pipeline.eval(),
                tuple(sample[entry].to(device) for entry in inputs),
                str(raw),
                input_names=inputs,
                output_names=list(pipeline.outputs),
                dynamic_axes={**dynamic, **pipeline.outputs},
                opset_version=_OPSET,
                dynamo=False,
            )
        save_for_opening(raw, folder / MODEL_FILE, weights=WEIGHTS_FILE)
        if isinstance(pipeline, _Pipeline):
            save_for_reading(raw, folder / READER_FILE, weights=READER_WEIGHTS_FILE)


def _write_tokenizer(tokenizer: Any, folder: Path) -> None:
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    save_tokenizer(backend, folder)


def _write_description(description: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
