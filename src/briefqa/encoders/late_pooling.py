"""Late pooling: a passage's vector and those of its sentences from one run of the transformer."""

from __future__ import annotations

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

_BATCH = 32
_VECTOR = "sentence_embedding"


def pools_late(model: SentenceTransformer, *, prompt: str) -> bool:
    """Whether `encode_late` can encode with `model`: a text transformer with a fast tokenizer, its tokens' mean, and
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


@torch.inference_mode()
def encode_late(
    model: SentenceTransformer, texts: Sequence[str], sentences: Sequence[Sequence[Span]], *, prompt: str
) -> EncodedPassages:
    """Passages as the model encodes them, and each sentence as the mean of its tokens' vectors, which have seen the
    whole passage, put through what follows pooling.

    This is "late chunking" (Günther et al. 2024, "Late Chunking: Contextual Chunk Embeddings Using Long-Context
    Embedding Models"), of sentences instead of chunks. A token belongs to every sentence that it overlaps; a sentence
    without one, as it stands past the window, gets its passage's vector.
    """
    model.eval()
    vectors = np.zeros((len(texts), model.get_embedding_dimension() or 0), dtype=np.float32)
    found: list[Vectors] = [vectors[:0]] * len(texts)
    for places in _batches(texts):
        entire, parts = _encode_batch(
            model, [prompt + texts[place] for place in places], [sentences[place] for place in places], skip=len(prompt)
        )
        vectors[places] = entire
        for place, part in zip(places, parts, strict=True):
            found[place] = part
    return EncodedPassages(vectors, tuple(found))


def _encode_batch(
    model: SentenceTransformer, texts: list[str], sentences: list[Sequence[Span]], *, skip: int
) -> tuple[Vectors, list[Vectors]]:
    """The vectors of `texts`, and those of their sentences, whose spans count from the character `skip` on."""
    batch = model.tokenizer(texts, padding=True, truncation=True, return_offsets_mapping=True, return_tensors="pt")
    offsets = batch.pop("offset_mapping") - skip
    features: dict[str, Any] = model({name: tensor.to(model.device) for name, tensor in batch.items()})
    passages = torch.nn.functional.normalize(features[_VECTOR].float(), dim=1)
    tokens = features["token_embeddings"]
    inside = [_inside(*pair).to(tokens.device, torch.float32) for pair in zip(offsets, sentences, strict=True)]
    counts = [member.sum(dim=1, keepdim=True) for member in inside]
    means = torch.cat(
        [member @ rows.float() / count.clamp(min=1) for member, rows, count in zip(inside, tokens, counts, strict=True)]
    )
    pooled: dict[str, Any] = {_VECTOR: means.to(tokens.dtype)}
    for module in list(model)[2:]:
        pooled = module(pooled)
    lengths = torch.tensor([len(spans) for spans in sentences])
    own = passages.repeat_interleave(lengths.to(passages.device), dim=0)
    units = torch.where(torch.cat(counts) > 0, torch.nn.functional.normalize(pooled[_VECTOR].float(), dim=1), own)
    return passages.cpu().numpy(), np.split(units.cpu().numpy(), lengths.cumsum(0)[:-1].numpy())


def _inside(offsets: torch.Tensor, spans: Sequence[Span]) -> torch.Tensor:
    """Which tokens, given their (start, end) offsets, overlap which spans: bool of shape (spans, tokens)."""
    first, last = torch.tensor(list(spans), dtype=torch.long).reshape(-1, 2, 1).unbind(1)
    starts, ends = offsets.unbind(1)
    # Special tokens and padding are no characters long.
    return (starts < last) & (ends > first) & (ends > starts)


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """The places of the texts in batches of similar length, longest first, as the library makes them."""
    by_length = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
    for start in range(0, len(texts), _BATCH):
        yield by_length[start : start + _BATCH]
