"""Encoding in bf16, and with packed weights: near the model as the library runs it, which stays as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from briefqa.encoders.models import find_model
from briefqa.errors import EncoderError
from tests.encoders.conftest import MakeModel

pytestmark = pytest.mark.model

TEXTS = ["the csto members. csto the?", "the " * 30, "csto"]
SPANS = [[(0, 17), (18, 27)], [(0, 3)], []]


def load(folder: Path, precision: str) -> Any:
    from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder  # noqa: PLC0415 - torch

    return SentenceTransformersEncoder(find_model(str(folder)), device="cpu", precision=precision)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("dense", [None, 12])
def test_bf16_is_near_fp32_and_of_unit_length(make_model: MakeModel, pooling: str, dense: int | None) -> None:
    folder, model = make_model(pooling=pooling, dense=dense)
    encoder = load(folder, "bf16")
    encoded = encoder.encode_passages(TEXTS, SPANS)
    expected = model.encode(TEXTS, normalize_embeddings=True, convert_to_numpy=True)
    for found, wanted in ((encoded, expected), (load(folder, "fp32").encode_passages(TEXTS, SPANS), expected)):
        assert np.sum(found.vectors * wanted, axis=1).min() > 0.999
    parts = np.concatenate(encoded.sentences)
    exact = np.concatenate(load(folder, "fp32").encode_passages(TEXTS, SPANS).sentences)
    assert np.sum(parts * exact, axis=1).min() > 0.999
    for rows in (encoded.vectors, parts):
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    # It was not fp32 after all.
    assert np.abs(encoded.vectors - expected).max() > 1e-5


def test_only_the_copy_that_encodes_is_turned(make_model: MakeModel) -> None:
    import torch  # noqa: PLC0415

    folder, _ = make_model(dense=12)
    encoder = load(folder, "bf16")
    encoder.encode_passages(TEXTS, SPANS)
    assert encoder.precision == "bf16"
    assert {parameter.dtype for parameter in encoder.model.parameters()} == {torch.float32}
    assert torch.bfloat16 in {parameter.dtype for parameter in encoder.running[0].parameters()}
    assert {parameter.dtype for parameter in encoder.running[2].parameters()} <= {torch.float32}


def test_auto_is_what_the_device_is_fastest_at(make_model: MakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = make_model()
    for precision in ("bf16", "fp32"):
        monkeypatch.setattr("briefqa.encoders.sentence_transformers.best_precision", lambda _, it=precision: it)
        assert load(folder, "auto").precision == precision


def test_weights_kept_in_half_are_run_and_exported_in_full(make_model: MakeModel, tmp_path: Path) -> None:
    import torch  # noqa: PLC0415

    folder, model = make_model()
    model.to(torch.bfloat16).save(str(folder), create_model_card=False)
    encoder = load(folder, "fp32")
    assert {parameter.dtype for parameter in encoder.model.parameters()} == {torch.float32}
    into = tmp_path / "exported"
    into.mkdir()
    encoder.export(into)


def test_a_torch_without_the_operators_encodes_all_the_same(
    make_model: MakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from briefqa.encoders import running  # noqa: PLC0415 - torch

    folder, model = make_model()

    def refuse(_: object) -> None:
        raise AttributeError("'_OpNamespace' 'mkldnn' object has no attribute '_reorder_linear_weight'")

    monkeypatch.setattr(running, "_Packed", refuse)
    expected = model.encode(TEXTS, normalize_embeddings=True, convert_to_numpy=True)
    np.testing.assert_allclose(load(folder, "fp32").encode_passages(TEXTS, SPANS).vectors, expected, atol=1e-5)


def test_a_model_without_a_transformer_is_fp32(make_model: MakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = make_model()
    monkeypatch.setattr("briefqa.encoders.sentence_transformers.can_reduce", lambda _: False)
    monkeypatch.setattr("briefqa.encoders.sentence_transformers.best_precision", lambda _: "bf16")
    assert load(folder, "auto").precision == "fp32"
    with pytest.raises(EncoderError, match=r"model can't run in bf16\. Index with: --precision auto$"):
        load(folder, "bf16")
