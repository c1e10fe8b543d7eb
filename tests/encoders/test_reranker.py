from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefqa.encoders.factory import InstalledEncoders
from briefqa.encoders.models import DEFAULT_ENCODER, find_model, find_reranker
from briefqa.encoders.onnx import OnnxReranker
from briefqa.errors import EncoderError, IndexDamaged
from tests.cross_encoders import WINDOW, save_cross_encoder

if TYPE_CHECKING:
    from briefqa.encoders.sentence_transformers import CrossEncoderReranker

QUESTION = "csto members?"
TEXTS = [
    "the csto.",
    "",
    "Members of the CSTO\nThe members are the csto members.",
    "the members: the csto. " * 8,
    "unknown ☃ and a very long text that stands well past the window of this model",
    *(f"the members {letter}." for letter in "abcdefghij"),
]


@pytest.mark.parametrize("name", ["no-such-organisation/no-such-model", "./no/such/folder"])
def test_an_unknown_name_is_told_with_what_to_do(name: str) -> None:
    with pytest.raises(EncoderError) as caught:
        find_reranker(name)
    assert str(caught.value) == (
        f"There is no reranker {name!r} here: it is no folder, and the local model cache does not hold it."
        f" briefqa downloads nothing by itself. Fetch it once with `hf download {name}`, or name a folder."
    )


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]", encoding="utf-8")
    with pytest.raises(EncoderError) as caught:
        find_reranker(str(tmp_path))
    assert str(caught.value) == f"{tmp_path} is a folder but no sentence-transformers model: it has no config.json."


def test_the_default_encoder_is_no_reranker_by_its_name() -> None:
    with pytest.raises(EncoderError, match=r"^There is no reranker 'all-MiniLM-L6-v2' here: "):
        find_reranker(DEFAULT_ENCODER)


def exported(folder: Path, into: Path) -> OnnxReranker:
    encoders = InstalledEncoders()
    into.mkdir()
    encoders.load_reranker(encoders.find_reranker(str(folder))).export(into)
    reranker = encoders.open_reranker(into)
    assert isinstance(reranker, OnnxReranker)
    return reranker


def by_the_library(folder: Path, question: str, texts: list[str]) -> list[float]:
    """Logits in full precision, only the texts cut at the window."""
    import torch  # noqa: PLC0415
    from sentence_transformers import CrossEncoder  # noqa: PLC0415

    model = CrossEncoder(str(folder), device="cpu").float()
    logits = model.predict(
        [(question, text) for text in texts],
        activation_fn=torch.nn.Identity(),
        processing_kwargs={"text": {"truncation": "only_second"}},
    )
    return [float(logit) for logit in logits]


@pytest.mark.model
@pytest.mark.parametrize("prompt", [None, "query: "])
def test_logits_are_those_of_the_library(tmp_path: Path, prompt: str | None) -> None:
    folder = save_cross_encoder(tmp_path, prompt=prompt)
    scores = exported(folder, tmp_path / "exported").score(QUESTION, TEXTS)
    np.testing.assert_allclose(scores, by_the_library(folder, QUESTION, TEXTS), atol=1e-4)
    # They differ, or this test would not see texts that change places.
    assert len({round(score, 3) for score in scores}) > 10
    assert all(isinstance(score, float) for score in scores)


@pytest.mark.model
def test_a_model_in_half_precision_is_exported_in_full(tmp_path: Path) -> None:
    folder = save_cross_encoder(tmp_path, half=True)
    scores = exported(folder, tmp_path / "exported").score(QUESTION, TEXTS)
    np.testing.assert_allclose(scores, by_the_library(folder, QUESTION, TEXTS), atol=1e-4)


@pytest.mark.model
def test_a_pair_scores_alike_alone_and_in_a_batch(tmp_path: Path) -> None:
    reranker = exported(save_cross_encoder(tmp_path), tmp_path / "exported")
    alone = [reranker.score(QUESTION, [text])[0] for text in TEXTS]
    np.testing.assert_allclose(reranker.score(QUESTION, TEXTS), alone, atol=1e-5)
    assert reranker.score(QUESTION, []) == []


@pytest.mark.model
def test_texts_are_cut_and_a_question_only_past_three_quarters_of_the_window(tmp_path: Path) -> None:
    folder = save_cross_encoder(tmp_path)
    reranker = exported(folder, tmp_path / "exported")
    # 24 tokens less [CLS], two [SEP] and a quarter: a question has 15, and leaves 6 for the text.
    assert WINDOW - WINDOW // 4 - 3 == 15
    whole = "the " * 14 + "csto"
    text = "members the members the members the"
    np.testing.assert_allclose(reranker.score(whole, [text]), by_the_library(folder, whole, [text]), atol=1e-4)
    cut = reranker.score(whole + " members" * 400, [text, text + " csto csto"])
    np.testing.assert_allclose(cut, reranker.score(whole, [text] * 2), atol=1e-6)
    assert abs(reranker.score("the " * 15, [text])[0] - cut[0]) > 1e-3


@pytest.mark.model
def test_the_folder_says_what_stands_in_it(tmp_path: Path) -> None:
    folder = save_cross_encoder(tmp_path, prompt="query: ")
    exported(folder, tmp_path / "exported")
    assert {path.name for path in (tmp_path / "exported").iterdir()} == {
        "model.onnx",
        "weights.bin",
        "tokenizer-rules.json",
        "vocabulary.txt",
        "reranker.json",
    }
    assert json.loads((tmp_path / "exported" / "reranker.json").read_text(encoding="utf-8")) == {
        "name": str(folder),
        "window": WINDOW,
        "question_prompt": "query: ",
        "inputs": ["input_ids", "token_type_ids", "attention_mask"],
        "pad_id": 0,
    }


@pytest.mark.model
def test_several_outputs_are_refused(tmp_path: Path) -> None:
    folder = save_cross_encoder(tmp_path, labels=3)
    with pytest.raises(EncoderError) as caught:
        InstalledEncoders().load_reranker(find_reranker(str(folder)))
    assert str(caught.value) == (
        f"The reranker {folder} gives 3 numbers for a pair, and ranking needs one."
        " Choose a cross-encoder that was trained to score relevance."
    )


@pytest.mark.model
@pytest.mark.parametrize("config", [None, "not JSON", "{}", '{"architectures": null}'])
def test_what_is_no_cross_encoder_is_refused(tmp_path: Path, config: str | None) -> None:
    folder = find_model(DEFAULT_ENCODER).path  # the library would score with a head of random weights
    if config is not None:
        folder = tmp_path
        (folder / "config.json").write_text(config, encoding="utf-8")
    with pytest.raises(EncoderError) as caught:
        InstalledEncoders().load_reranker(find_reranker(str(folder)))
    assert str(caught.value) == (
        f"The reranker {folder} in {folder} is no cross-encoder: its config.json names no model"
        " for sequence classification."
    )


@pytest.mark.model
def test_a_folder_that_is_no_working_model_is_refused(tmp_path: Path) -> None:
    config = '{"architectures": ["BertForSequenceClassification"]}'
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    with pytest.raises(EncoderError) as caught:
        InstalledEncoders().load_reranker(find_reranker(str(tmp_path)))
    assert str(caught.value).startswith(f"The reranker {tmp_path} in {tmp_path} can't be loaded: ")
    assert "\n" not in str(caught.value)


def loaded(folder: Path) -> CrossEncoderReranker:
    from briefqa.encoders.sentence_transformers import CrossEncoderReranker  # noqa: PLC0415 - torch

    return CrossEncoderReranker(find_reranker(str(folder)), device="cpu")


@pytest.mark.model
def test_a_part_without_an_onnx_form_is_refused(tmp_path: Path) -> None:
    from sentence_transformers.sentence_transformer.modules import Normalize  # noqa: PLC0415

    reranker = loaded(save_cross_encoder(tmp_path))
    reranker.model.append(Normalize())
    with pytest.raises(EncoderError) as caught:
        reranker.export(tmp_path)
    assert str(caught.value) == (
        f"The reranker {reranker.name} is made of Transformer, Normalize, which briefqa can't take along as ONNX."
        " Choose a model that is one transformer with a classification head."
    )


@pytest.mark.model
def test_a_slow_tokenizer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reranker = loaded(save_cross_encoder(tmp_path))
    monkeypatch.setattr(type(reranker), "tokenizer", SimpleNamespace())
    with pytest.raises(EncoderError) as caught:
        reranker.export(tmp_path)
    assert str(caught.value) == (
        f"The reranker {reranker.name} has no fast tokenizer, which asking without torch needs."
    )


@pytest.mark.model
def test_what_the_tracer_can_not_follow_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch  # noqa: PLC0415

    def fail(*arguments: object, **options: object) -> None:
        raise torch.onnx.errors.UnsupportedOperatorError("aten::odd", 17, None)

    reranker = loaded(save_cross_encoder(tmp_path))
    monkeypatch.setattr(torch.onnx, "export", fail)
    with pytest.raises(EncoderError, match=f"^The reranker {re.escape(reranker.name)} can't be written as ONNX: .*odd"):
        reranker.export(tmp_path)


@pytest.mark.model
def test_scores_that_do_not_come_along_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reranker = loaded(save_cross_encoder(tmp_path))
    (tmp_path / "exported").mkdir()
    monkeypatch.setattr(OnnxReranker, "score", lambda *_: [0.0, 0.01])
    with pytest.raises(EncoderError) as caught:
        reranker.export(tmp_path / "exported")
    assert str(caught.value) == (
        f"The reranker {reranker.name} does not score as ONNX as it does here, so it is not used."
    )


@pytest.mark.model
@pytest.mark.parametrize(
    "damage", ["reranker.json", "tokenizer-rules.json", "vocabulary.txt", "model.onnx", "weights.bin"]
)
def test_an_incomplete_export_is_damaged(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "exported"
    exported(save_cross_encoder(tmp_path), folder)
    (folder / damage).unlink()
    with pytest.raises(IndexDamaged) as caught:
        InstalledEncoders().open_reranker(folder)
    assert str(caught.value) == (
        f"The index's reranker in {folder} can't be loaded. Make the index again with: briefqa index --rebuild"
    )
