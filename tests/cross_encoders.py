"""Small cross-encoders, made on the spot: random weights and a letter vocabulary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "csto", "members", "query", ":", ".", "?"),
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
]
WINDOW = 24


def save_cross_encoder(folder: Path, *, labels: int = 1, prompt: str | None = None, half: bool = False) -> Path:
    """A BERT of two layers with a head of `labels` outputs that reads 24 tokens, saved to `folder`."""
    import torch  # noqa: PLC0415 - seconds, and only the tests that are marked `model` need it
    from sentence_transformers import CrossEncoder  # noqa: PLC0415
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer  # noqa: PLC0415

    torch.manual_seed(20181122)
    config: Any = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=40,
        initializer_range=0.3,  # the usual one makes all scores much alike
    )
    config.num_labels = labels
    model: Any = BertForSequenceClassification(config)
    model.save_pretrained(folder / "bare")
    tokenizer: Any = BertTokenizer(vocab={word: number for number, word in enumerate(VOCABULARY)})
    tokenizer.save_pretrained(folder / "bare")
    saved: Any = CrossEncoder(
        str(folder / "bare"),
        device="cpu",
        max_length=WINDOW,
        prompts={"query": prompt} if prompt else None,
        default_prompt_name="query" if prompt else None,
    )
    (saved.half() if half else saved).save_pretrained(str(folder / "model"), create_model_card=False)
    return folder / "model"
