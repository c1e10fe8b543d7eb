from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from briefqa.encoders.factory import InstalledEncoders
from briefqa.encoders.models import DEFAULT_ENCODER, find_model
from briefqa.encoders.onnx import OnnxEncoder
from briefqa.errors import EncoderError, IndexDamaged
from tests.encoders.conftest import WIDTH, WINDOW, MakeModel

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from briefqa.protocols import Vectors

pytestmark = pytest.mark.model

QUESTIONS = [
    "csto members?",
    "the",
    "",
    "CSTO Members ?",
    "the members: the csto. " * 3,
    "unknown ☃ and a very long text that stands well past the window of this model",
    *(f"who are the members {letter}?" for letter in "abcdefghijkl"),
]
NO_SENTENCES = [()] * len(QUESTIONS)
PROMPTS = {"query": "query: ", "passage": "passage: "}
QUERY_TOKENS = {"csto members?": 7, "the": 5, "": 4}
"""[CLS], query, :, the words (csto, members, ?), [SEP]."""


def exported(folder: Path, into: Path) -> OnnxEncoder:
    encoders = InstalledEncoders()
    into.mkdir()
    encoders.load(encoders.find(str(folder))).export(into)
    encoder = encoders.open(into)
    assert isinstance(encoder, OnnxEncoder)
    return encoder


def by_the_library(model: SentenceTransformer, texts: list[str], prompt: str | None) -> Vectors:
    vectors = model.encode(texts, prompt=prompt, normalize_embeddings=True, convert_to_numpy=True)
    return np.asarray(vectors, dtype=np.float32)


def test_prompts_and_mean_pooling_come_along(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model(prompts=PROMPTS)
    encoder = exported(folder, tmp_path / "exported")
    vectors = encoder.encode_questions(QUESTIONS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(QUESTIONS), WIDTH) == (len(QUESTIONS), encoder.dimension)
    np.testing.assert_allclose(vectors, by_the_library(model, QUESTIONS, "query: "), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    # The prompt makes a difference, or this test would not see it missing.
    assert np.abs(vectors - by_the_library(model, QUESTIONS, None)).max() > 1e-3
    # Passages are read with 8 bits; the wrong prompt would be further off.
    told = np.array([reading.vector for reading in encoder.read_passages(QUESTIONS)])
    np.testing.assert_allclose(told, by_the_library(model, QUESTIONS, "passage: "), atol=0.02)
    assert np.abs(told - vectors).max() > 0.05


def test_cls_pooling_a_dense_layer_and_normalisation_come_along(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model(pooling="cls", dense=12, normalize=True)
    encoder = exported(folder, tmp_path / "exported")
    vectors = encoder.encode_questions(QUESTIONS)
    assert vectors.shape == (len(QUESTIONS), 12)
    np.testing.assert_allclose(vectors, by_the_library(model, QUESTIONS, None), atol=1e-5)


def test_a_question_encodes_alike_alone_and_in_a_batch(make_model: MakeModel, tmp_path: Path) -> None:
    folder, _ = make_model(prompts=PROMPTS)
    encoder = exported(folder, tmp_path / "exported")
    together = encoder.encode_questions(QUESTIONS)
    alone = np.concatenate([encoder.encode_questions([question]) for question in QUESTIONS])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert encoder.encode_questions([]).shape == (0, WIDTH)


def test_tokens_are_counted_before_truncation_and_read_up_to_the_window(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model(prompts=PROMPTS)
    encoder = exported(folder, tmp_path / "exported")
    assert encoder.window == WINDOW
    assert {question: encoder.count_tokens(question) for question in QUERY_TOKENS} == QUERY_TOKENS
    for question in QUESTIONS:
        assert encoder.count_tokens(question) == len(
            model.tokenizer(f"query: {question}", truncation=False)["input_ids"]
        )
    # [CLS] query : and [SEP] leave room for 20 words; what comes after changes nothing.
    full = "the " * 20
    assert (encoder.count_tokens(full), encoder.count_tokens(full + "csto")) == (24, 25)
    short, exact, over, other = encoder.encode_questions(["the " * 19, full, full + "csto", full + "members ?"])
    np.testing.assert_allclose(over, exact, atol=1e-6)
    np.testing.assert_allclose(other, exact, atol=1e-6)
    assert np.abs(short - exact).max() > 1e-4
    assert encoder.count_tokens(full + "csto") == 25


@pytest.mark.parametrize(
    ("prompts", "default", "question", "passage"),
    [
        (None, None, "", ""),
        ({"question": "q: ", "document": "d: "}, None, "q: ", "d: "),
        ({"query": "a: ", "question": "b: ", "corpus": "c: ", "passage": "p: "}, None, "a: ", "p: "),
        ({"query": "a: "}, None, "a: ", ""),
        ({"any": "x: "}, "any", "x: ", "x: "),
        ({"any": "x: ", "query": "a: "}, "any", "a: ", "x: "),
    ],
)
def test_prompts_are_found_by_their_names(
    make_model: MakeModel, prompts: dict[str, str] | None, default: str | None, question: str, passage: str
) -> None:
    from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder  # noqa: PLC0415 - torch

    folder, _ = make_model(prompts=prompts, default_prompt_name=default)
    encoder = SentenceTransformersEncoder(find_model(str(folder)), device="cpu")
    assert (encoder.question_prompt, encoder.passage_prompt) == (question, passage)


def test_passages_are_encoded_with_their_prompt_in_order(make_model: MakeModel) -> None:
    folder, model = make_model(prompts=PROMPTS)
    encoder = InstalledEncoders().load(find_model(str(folder)), precision="fp32")
    vectors = encoder.encode_passages(QUESTIONS, NO_SENTENCES).vectors
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, by_the_library(model, QUESTIONS, "passage: "), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert encoder.encode_passages([], []).vectors.shape == (0, WIDTH)
    assert encoder.count_tokens(["", "the csto", "the " * 30]) == [4, 6, 34]
    assert (encoder.window, encoder.dimension) == (WINDOW, WIDTH)


def test_pooling_without_the_prompt_is_refused(make_model: MakeModel, tmp_path: Path) -> None:
    folder, _ = make_model(prompts=PROMPTS, include_prompt=False)
    with pytest.raises(EncoderError) as caught:
        exported(folder, tmp_path / "exported")
    assert (
        str(caught.value) == f"The encoder {folder} leaves its prompt out of pooling, which briefqa does not support."
    )
    assert list((tmp_path / "exported").iterdir()) == []


def test_pooling_without_a_prompt_that_there_is_not_is_fine(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model(include_prompt=False)
    encoder = exported(folder, tmp_path / "exported")
    np.testing.assert_allclose(encoder.encode_questions(QUESTIONS), by_the_library(model, QUESTIONS, None), atol=1e-5)


def test_a_part_without_an_onnx_form_is_refused(make_model: MakeModel, tmp_path: Path) -> None:
    folder, _ = make_model(layer_norm=True)
    with pytest.raises(EncoderError) as caught:
        exported(folder, tmp_path / "exported")
    assert str(caught.value) == (
        f"The encoder {folder} has a LayerNorm part, which briefqa can't take along as ONNX."
        " Choose a model made of transformer, pooling, dense and normalisation parts."
    )
    assert list((tmp_path / "exported").iterdir()) == []


def test_a_folder_that_is_no_working_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("not JSON", encoding="utf-8")
    encoders = InstalledEncoders()
    with pytest.raises(EncoderError) as caught:
        encoders.load(encoders.find(str(tmp_path)))
    assert str(caught.value).startswith(f"The encoder {tmp_path} in {tmp_path} can't be loaded: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "damage",
    ["encoder.json", "tokenizer-rules.json", "vocabulary.txt", "model.onnx", "weights.bin", "cut", "key"],
)
def test_an_incomplete_export_is_damaged(make_model: MakeModel, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "exported"
    exported(make_model()[0], folder)
    if damage == "cut":
        path = folder / "model.onnx"
        path.write_bytes(path.read_bytes()[:1000])
    elif damage == "key":
        table = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        del table["window"]
        (folder / "encoder.json").write_text(json.dumps(table), encoding="utf-8")
    else:
        (folder / damage).unlink()
    with pytest.raises(IndexDamaged) as caught:
        InstalledEncoders().open(folder)
    assert str(caught.value) == (
        f"The index's encoder in {folder} can't be loaded. Make the index again with: briefqa index --rebuild"
    )


def test_the_default_model_asks_as_it_was_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket  # noqa: PLC0415

    def refuse(*arguments: object) -> None:
        raise AssertionError(f"a connection was tried: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    questions = [
        "Which CIS members are not members of the CSTO?",
        "Who leads the CSTO?",
        "When did Georgia leave the Commonwealth of Independent States?",
        "What was agreed on the border in May 2024?",
        "How many soldiers took part?",
        "Does Azerbaijan belong to a military alliance?",
        "Was ist die OVKS?",
        "Où siège l'OSCE ?",
        "zzz",
        "Why " + "very " * 400 + "long?",
    ]
    encoders = InstalledEncoders()
    building = encoders.load(encoders.find(DEFAULT_ENCODER), precision="fp32")
    assert (building.dimension, building.window) == (384, 256)
    folder = tmp_path / "exported"
    folder.mkdir()
    building.export(folder)
    asking = encoders.open(folder)
    cosines = np.sum(
        building.encode_passages(questions, [()] * len(questions)).vectors * asking.encode_questions(questions), axis=1
    )
    assert cosines.min() >= 0.99999
    assert building.count_tokens(questions) == [asking.count_tokens(question) for question in questions]
    # [CLS] which cis members are not members of the cs ##to ? [SEP]
    assert asking.count_tokens(questions[0]) == 13
    assert asking.count_tokens(questions[-1]) == 405
