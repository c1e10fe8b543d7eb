"""Small sentence-transformers models, made on the spot: random weights, a letter vocabulary, every kind of module."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "csto", "members", "query", "passage", ":", ".", "?"),
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
]
WINDOW = 24
WIDTH = 32


class MakeModel(Protocol):
    """Saves a model and gives its folder, and the model as sentence-transformers holds it."""

    def __call__(
        self,
        *,
        pooling: str = "mean",
        include_prompt: bool = True,
        prompts: dict[str, str] | None = None,
        default_prompt_name: str | None = None,
        dense: int | None = None,
        normalize: bool = False,
        layer_norm: bool = False,
    ) -> tuple[Path, SentenceTransformer]:
        """A transformer of two layers, pooling, and what else is asked for."""


@pytest.fixture(scope="session")
def _transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch  # noqa: PLC0415 - seconds, and only the tests that are marked `model` need it
    from transformers import BertConfig, BertModel, BertTokenizer  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("bert")
    torch.manual_seed(20181122)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=40,
    )
    model: Any = BertModel(config)
    model.save_pretrained(folder)
    tokenizer: Any = BertTokenizer(vocab={word: number for number, word in enumerate(VOCABULARY)})
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def make_model(_transformer: Path, tmp_path: Path) -> MakeModel:
    """`make_model(pooling=..., prompts=..., dense=..., normalize=...)`."""
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import (  # noqa: PLC0415
        Dense,
        LayerNorm,
        Normalize,
        Pooling,
        Transformer,
    )

    def make(
        *,
        pooling: str = "mean",
        include_prompt: bool = True,
        prompts: dict[str, str] | None = None,
        default_prompt_name: str | None = None,
        dense: int | None = None,
        normalize: bool = False,
        layer_norm: bool = False,
    ) -> tuple[Path, SentenceTransformer]:
        torch.manual_seed(7)
        modules: list[Any] = [
            Transformer(str(_transformer), max_seq_length=WINDOW),
            Pooling(WIDTH, pooling_mode=pooling, include_prompt=include_prompt),
        ]
        if dense is not None:
            modules.append(Dense(WIDTH, dense))
        if layer_norm:
            modules.append(LayerNorm(WIDTH))
        if normalize:
            modules.append(Normalize())
        model = SentenceTransformer(
            modules=modules, prompts=prompts, default_prompt_name=default_prompt_name, device="cpu"
        )
        folder = tmp_path / "model"
        model.save(str(folder), create_model_card=False)
        return folder, model

    return make
