"""Late pooling: a passage's vector and those of its sentences from one run of the transformer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer

from briefqa.protocols import EncodedPassages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sentence_transformers import SentenceTransformer

    from briefqa.protocols import Vectors
    from briefqa.types import Span

# Tokens of a batch, padding included. On a CPU what a layer makes of so many stays in its cache.
_CPU_TOKENS, _GPU_TOKENS = 2048, 32768
# Texts are padded to a multiple of so many tokens: oneDNN keeps code and buffers for every shape that it has met.
_STEP = 8
_VECTOR = "sentence_embedding"


def pools_late(model: SentenceTransformer, *, prompt: str) -> bool:
    """Whether `LatePooling` can encode with `model`: a text transformer with a fast tokenizer, its tokens' mean, and
    after that only what works on the mean."""
    if len(model) == 1 or model.modalities != ["text"] or not getattr(model.tokenizer, "is_fast", False):
        return False
    transformer, pooling, *rest = model
    return (
        isinstance(transformer, Transformer)
        and isinstance(pooling, Pooling)
        and pooling.pooling_mode == "mean"
        and (pooling.include_prompt or not prompt)
        and all(isinstance(module, Dense | Normalize) and module.module_input_name == _VECTOR for module in rest)
    )


@dataclass(frozen=True, slots=True)
class _Tokenized:
    """A text's tokens: a row for each of the model's inputs, and where each token stands in the text."""

    inputs: dict[str, list[int]]
    offsets: list[Span]

    def __len__(self) -> int:
        return len(self.offsets)


class LatePooling:
    """Encodes passages as the model does, and each sentence as the mean of its tokens' vectors, which have seen the
    whole passage, put through what follows pooling.

    This is "late chunking" (Günther et al. 2024, "Late Chunking: Contextual Chunk Embeddings Using Long-Context
    Embedding Models"), of sentences instead of chunks. A token belongs to every sentence that it overlaps; a sentence
    without one, as it stands past the window, gets its passage's vector.

    On a CPU each core encodes batches of its own: several that share one wait for each other at every layer.
    """

    def __init__(self, model: SentenceTransformer, *, prompt: str) -> None:
        self._model, self._prompt = model, prompt
        self._window = int(model.max_seq_length or model.tokenizer.model_max_length)
        on_cpu = model.device.type == "cpu"
        self._most_tokens = _CPU_TOKENS if on_cpu else _GPU_TOKENS
        self._workers = ThreadPoolExecutor(torch.get_num_threads() if on_cpu else 1, initializer=_alone)

    def encode(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> EncodedPassages:
        """The texts, of any number, and the sentences that stand at `sentences[n]` in the n-th of them."""
        vectors = np.zeros((len(texts), self._model.get_embedding_dimension() or 0), dtype=np.float32)
        found: list[Vectors] = [vectors[:0]] * len(texts)
        tokenized = self._tokenize(texts) if texts else []
        batches = list(_batches([self._padded_length(entry) for entry in tokenized], self._most_tokens))
        parts = self._workers.map(
            self._encode_batch,
            ([tokenized[place] for place in places] for places in batches),
            ([sentences[place] for place in places] for places in batches),
        )
        for places, (passages, units) in zip(batches, parts, strict=True):
            vectors[places] = passages
            for place, unit in zip(places, units, strict=True):
                found[place] = unit
        return EncodedPassages(vectors, tuple(found))

    def _tokenize(self, texts: Sequence[str]) -> list[_Tokenized]:
        # All at once, and here: the tokenizer has threads of its own, and can't be used by two of ours.
        encoded = self._model.tokenizer(
            [self._prompt + text for text in texts], padding=False, truncation=True, return_offsets_mapping=True
        )
        offsets = encoded.pop("offset_mapping")
        skip = len(self._prompt)
        return [
            _Tokenized(
                {name: rows[place] for name, rows in encoded.items()},
                [(start - skip, end - skip) for start, end in spans],
            )
            for place, spans in enumerate(offsets)
        ]

    def _padded_length(self, entry: _Tokenized) -> int:
        return max(len(entry), min(self._window, -(-len(entry) // _STEP) * _STEP))

    @torch.inference_mode()
    def _encode_batch(
        self, batch: Sequence[_Tokenized], sentences: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[Vectors]]:
        model, device = self._model, self._model.device
        inputs = _padded(batch, model.tokenizer, max(map(self._padded_length, batch)))
        features: dict[str, Any] = model({name: tensor.to(device) for name, tensor in inputs.items()})
        passages = torch.nn.functional.normalize(features[_VECTOR].float(), dim=1)
        tokens = features["token_embeddings"].float()
        means, counts = [], []
        for entry, spans, rows in zip(batch, sentences, tokens, strict=True):
            inside = _inside(entry.offsets, spans).to(device, torch.float32)
            count = inside.sum(dim=1, keepdim=True)
            means.append(inside @ rows[: len(entry)] / count.clamp(min=1))
            counts.append(count)
        pooled: dict[str, Any] = {_VECTOR: torch.cat(means)}
        for module in list(model)[2:]:
            pooled = module(pooled)
        lengths = torch.tensor([len(spans) for spans in sentences])
        own = passages.repeat_interleave(lengths.to(device), dim=0)
        units = torch.where(torch.cat(counts) > 0, torch.nn.functional.normalize(pooled[_VECTOR].float(), dim=1), own)
        return passages.cpu().numpy(), np.split(units.cpu().numpy(), lengths.cumsum(0)[:-1].numpy())


def _alone() -> None:
    """One core a worker."""
    torch.set_num_threads(1)


def _padded(batch: Sequence[_Tokenized], tokenizer: Any, length: int) -> dict[str, torch.Tensor]:
    """The batch's inputs as tensors of shape (texts, length).

    Padding stands on the right, whatever the tokenizer says: so each token is where it would be in the text alone."""
    filling = {"input_ids": tokenizer.pad_token_id or 0, "token_type_ids": tokenizer.pad_token_type_id}
    tensors = {}
    for name in batch[0].inputs:
        tensor = torch.full((len(batch), length), filling.get(name, 0), dtype=torch.long)
        for row, entry in zip(tensor, batch, strict=True):
            row[: len(entry)] = torch.tensor(entry.inputs[name], dtype=torch.long)
        tensors[name] = tensor
    return tensors


def _inside(offsets: Sequence[Span], spans: Sequence[Span]) -> torch.Tensor:
    """Which tokens, given their (start, end) offsets, overlap which spans: bool of shape (spans, tokens)."""
    first, last = torch.tensor(list(spans), dtype=torch.long).reshape(-1, 2, 1).unbind(1)
    starts, ends = torch.tensor(list(offsets), dtype=torch.long).reshape(-1, 2).unbind(1)
    # Special tokens are no characters long.
    return (starts < last) & (ends > first) & (ends > starts)


def _batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """The places of texts so many tokens long, in batches of at most `most` when padded, or of one text: longest first,
    so that those of a batch are alike and the last to be done are quick."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > most:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
