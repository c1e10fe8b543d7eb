"""Passages and their sentences from one run of the transformer, against numpy and against the library."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from briefqa.encoders.factory import InstalledEncoders
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.index.sentence_vectors import SentenceVectors, pack, write_sentence_vectors
from briefqa.sentences import sentences
from tests.encoders.conftest import WIDTH, WINDOW, MakeModel

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder
    from briefqa.protocols import Vectors
    from briefqa.types import Span

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[2]
PROMPTS = {"query": "query: ", "passage": "passage: "}
#        0 4    9       17 19   24
TEXT = "the csto members. csto the?"
TEXTS = [TEXT, "", "csto", *(f"the members {'the ' * count}. csto?" for count in range(33))]


def load(folder: Path) -> SentenceTransformersEncoder:
    from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder  # noqa: PLC0415 - torch

    encoders = InstalledEncoders()
    encoder = encoders.load(encoders.find(str(folder)), precision="fp32")
    assert isinstance(encoder, SentenceTransformersEncoder)
    return encoder


def by_the_library(model: SentenceTransformer, texts: list[str], prompt: str = "") -> Vectors:
    vectors = model.encode(texts, prompt=prompt or None, normalize_embeddings=True, convert_to_numpy=True)
    return np.asarray(vectors, dtype=np.float32)


def token_vectors(model: SentenceTransformer, text: str) -> Vectors:
    """The transformer's last hidden states for one text, special tokens included."""
    import torch  # noqa: PLC0415

    inputs = model.tokenizer([text], truncation=True, return_tensors="pt")
    transformer: Any = model[0]
    with torch.inference_mode():
        hidden = transformer.auto_model(**inputs).last_hidden_state[0]
    return np.asarray(hidden.numpy(), dtype=np.float32)


def unit(vector: Vectors) -> Vectors:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def runs_of(encoder: SentenceTransformersEncoder) -> Counter[str]:
    """Counts what the transformer is run on from now on."""
    counter: Counter[str] = Counter()

    def count(_: object, arguments: tuple[dict[str, Any]]) -> None:
        counter["passes"] += 1
        counter["texts"] += len(arguments[0]["input_ids"])

    encoder.running[0].register_forward_pre_hook(count)
    return counter


def test_a_sentence_is_the_mean_of_its_tokens_in_the_passage(make_model: MakeModel) -> None:
    folder, model = make_model()
    encoder = load(folder)
    encoded = encoder.encode_passages([TEXT], [[(0, 17), (18, 27), (4, 8)]])
    hidden = token_vectors(model, TEXT)
    assert len(hidden) == 9  # [CLS] the csto members . csto the ? [SEP]
    expected = [unit(hidden[1:5].mean(axis=0)), unit(hidden[5:8].mean(axis=0)), unit(hidden[2])]
    np.testing.assert_allclose(encoded.sentences[0], expected, atol=1e-5)
    np.testing.assert_allclose(encoded.vectors[0], unit(hidden.mean(axis=0)), atol=1e-5)
    assert encoded.vectors.dtype == encoded.sentences[0].dtype == np.float32
    # It has seen the rest of the passage: alone it is another one.
    assert np.abs(encoded.sentences[0] - by_the_library(model, [TEXT[:17], TEXT[18:], "csto"])).max() > 1e-3


def test_the_prompt_moves_no_span_and_the_dense_layer_comes_after_the_mean(make_model: MakeModel) -> None:
    folder, model = make_model(prompts=PROMPTS, dense=12, normalize=True)
    encoder = load(folder)
    encoded = encoder.encode_passages([TEXT], [[(0, 17), (18, 27)]])
    hidden = token_vectors(model, f"passage: {TEXT}")
    assert len(hidden) == 11  # [CLS] passage : the csto members . csto the ? [SEP]
    dense: Any = model[2]
    weight, bias = (np.asarray(part.detach().numpy()) for part in (dense.linear.weight, dense.linear.bias))
    expected = [unit(np.tanh(weight @ hidden[part].mean(axis=0) + bias)) for part in (slice(3, 7), slice(7, 10))]
    np.testing.assert_allclose(encoded.sentences[0], expected, atol=1e-5)
    np.testing.assert_allclose(encoded.vectors, by_the_library(model, [TEXT], "passage: "), atol=1e-5)


def test_a_token_belongs_to_every_sentence_that_it_overlaps(make_model: MakeModel) -> None:
    folder, model = make_model()
    (found,) = load(folder).encode_passages([TEXT], [[(0, 11), (11, 16), (8, 9), (16, 18)]]).sentences
    hidden = token_vectors(model, TEXT)
    expected = [
        unit(hidden[1:4].mean(axis=0)),  # the csto mem
        unit(hidden[3]),  # bers
        unit(hidden.mean(axis=0)),  # white space, no token: the passage
        unit(hidden[4]),  # the full stop
    ]
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("prompt", ["", "passage: "])
def test_what_stands_past_the_window_has_the_vector_of_the_passage(make_model: MakeModel, prompt: str) -> None:
    folder, model = make_model(prompts={"passage": prompt})
    text = "the " * 18 + "csto csto csto members csto. the?"
    # [CLS], [SEP], and what is left for words, of which the first 18 are "the".
    room = WINDOW - 2 - 2 * bool(prompt)
    spans = [(0, 71), (72, 72 + 28), (101, 105)]
    (found,) = load(folder).encode_passages([text], [spans]).sentences
    hidden = token_vectors(model, prompt + text)
    assert len(hidden) == WINDOW
    words = hidden[WINDOW - 1 - room : WINDOW - 1]
    expected = [unit(words[:18].mean(axis=0)), unit(words[18:].mean(axis=0)), unit(hidden.mean(axis=0))]
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("dense", [None, 12])
@pytest.mark.parametrize("prompts", [None, PROMPTS])
def test_passages_are_as_the_library_encodes_them_in_order_and_nothing_runs_twice(
    make_model: MakeModel, dense: int | None, prompts: dict[str, str] | None
) -> None:
    folder, model = make_model(prompts=prompts, dense=dense)
    encoder = load(folder)
    runs = runs_of(encoder)
    spans: list[list[Span]] = [[(0, 3)] * (place % 3) if len(text) > 3 else [] for place, text in enumerate(TEXTS)]
    encoded = encoder.encode_passages(TEXTS, spans)
    assert dict(runs) == {"passes": 1, "texts": 36}
    prompt = PROMPTS["passage"] if prompts else ""
    np.testing.assert_allclose(encoded.vectors, by_the_library(model, TEXTS, prompt), atol=1e-5)
    assert [part.shape for part in encoded.sentences] == [(len(part), dense or WIDTH) for part in spans]
    for place, text in enumerate(TEXTS):
        alone = encoder.encode_passages([text], [spans[place]])
        np.testing.assert_allclose(encoded.sentences[place], alone.sentences[0], atol=1e-5)
    for part in encoded.sentences:
        np.testing.assert_allclose(np.linalg.norm(part, axis=1), 1.0, atol=1e-5)
    nothing = encoder.encode_passages([], [])
    assert (nothing.vectors.shape, nothing.sentences) == ((0, dense or WIDTH), ())


@pytest.mark.parametrize("pooling", ["cls", "lasttoken", "max", "weightedmean", "mean_sqrt_len_tokens"])
def test_other_poolings_encode_sentences_on_their_own(make_model: MakeModel, pooling: str) -> None:
    folder, model = make_model(pooling=pooling, prompts=PROMPTS)
    encoder = load(folder)
    runs = runs_of(encoder)
    encoded = encoder.encode_passages([TEXT, "", "csto the"], [[(0, 17), (18, 27)], [], [(0, 4)]])
    assert runs["texts"] == 6
    np.testing.assert_allclose(encoded.vectors, by_the_library(model, [TEXT, "", "csto the"], "passage: "), atol=1e-5)
    first, second, third = encoded.sentences
    expected = by_the_library(model, ["the csto members.", "csto the?"], "passage: ")
    np.testing.assert_allclose(first, expected, atol=1e-5)
    assert second.shape == (0, WIDTH)
    np.testing.assert_allclose(third, by_the_library(model, ["csto"], "passage: "), atol=1e-5)
    nothing = encoder.encode_passages([], [])
    assert (nothing.vectors.shape, nothing.sentences) == ((0, WIDTH), ())


@pytest.mark.parametrize("kind", ["prompt left out", "another part"])
def test_so_do_means_of_another_kind(make_model: MakeModel, kind: str) -> None:
    if kind == "another part":
        folder, model = make_model(prompts=PROMPTS, layer_norm=True)
    else:
        folder, model = make_model(prompts=PROMPTS, include_prompt=False)
    encoded = load(folder).encode_passages([TEXT], [[(0, 17), (18, 27)]])
    expected = by_the_library(model, ["the csto members.", "csto the?"], "passage: ")
    np.testing.assert_allclose(encoded.sentences[0], expected, atol=1e-5)
    np.testing.assert_allclose(encoded.vectors, by_the_library(model, [TEXT], "passage: "), atol=1e-5)


def test_a_mean_without_the_prompt_that_there_is_not_is_pooled_late(make_model: MakeModel) -> None:
    folder, model = make_model(include_prompt=False)
    encoded = load(folder).encode_passages([TEXT], [[(0, 17)]])
    np.testing.assert_allclose(encoded.sentences[0], [unit(token_vectors(model, TEXT)[1:5].mean(axis=0))], atol=1e-5)


def articles() -> tuple[list[str], list[list[Span]]]:
    """The first ten briefs' beginnings, with the spans of their sentences."""
    paths = sorted((ROOT / "corpus").glob("*.md"))[:10]
    texts = [path.read_text(encoding="utf-8").split("---\n", 2)[2][:900] for path in paths]
    return texts, [sentences(text) for text in texts]


def test_the_default_model_pools_late_as_numpy_does() -> None:
    encoder = load_default()
    texts, spans = articles()
    texts.append("É naïve — 10 €. Ünïcode 北京 stands here 🙂. The end.")
    spans.append([(0, 15), (16, 43), (44, 52)])
    runs = runs_of(encoder)
    encoded = encoder.encode_passages(texts, spans)
    assert runs["texts"] == 11
    np.testing.assert_allclose(encoded.vectors, by_the_library(encoder.model, texts), atol=1e-5)
    for text, parts, found in zip(texts, spans, encoded.sentences, strict=True):
        hidden = token_vectors(encoder.model, text)
        encoding = encoder.tokenizer([text], truncation=True)
        for (start, end), vector in zip(parts, found, strict=True):
            tokens = {encoding.char_to_token(0, character) for character in range(start, end)} - {None}
            expected = unit(hidden[sorted(tokens)].mean(axis=0) if tokens else hidden.mean(axis=0))
            np.testing.assert_allclose(vector, expected, atol=1e-5)


def test_one_bit_a_dimension_tells_much_the_same_as_the_vectors(tmp_path: Path) -> None:
    encoder = load_default()
    texts, spans = articles()
    found = encoder.encode_passages(texts, spans).sentences
    write_sentence_vectors(tmp_path, [pack(part) for part in found])
    index = SentenceVectors(tmp_path)
    assert index.width == 48
    lines = (ROOT / "evals" / "briefs.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [str(json.loads(line)["question"]) for line in lines[:20]]
    true, estimated = [], []
    for question in by_the_library(encoder.model, questions):
        true.append(np.concatenate(found) @ question)
        estimated.append(np.concatenate(index.cosines(question, range(len(texts)))))
    assert np.corrcoef(np.concatenate(true), np.concatenate(estimated))[0, 1] > 0.9
    assert np.mean(np.abs(np.concatenate(true) - np.concatenate(estimated))) < 0.05


def load_default() -> SentenceTransformersEncoder:
    return load(Path(DEFAULT_ENCODER))


def test_batches_hold_so_many_tokens_and_texts_of_like_length() -> None:
    from briefqa.encoders.late_pooling import _batches  # noqa: PLC0415 - torch

    assert list(_batches([8, 40, 16, 8, 32, 80], 64)) == [[5], [1], [4, 2], [0, 3]]
    assert list(_batches([16, 16, 16, 16, 16], 64)) == [[0, 1, 2, 3], [4]]
    assert list(_batches([], 64)) == []


@pytest.mark.parametrize("side", ["right", "left"])
def test_several_batches_are_encoded_as_each_text_alone(make_model: MakeModel, side: str) -> None:
    from briefqa.encoders import late_pooling  # noqa: PLC0415 - torch

    folder, model = make_model()
    encoder = load(folder)
    encoder.running.tokenizer.padding_side = side
    runs = runs_of(encoder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(late_pooling, "_CPU_TOKENS", 48)
        encoded = encoder.encode_passages(TEXTS, [[(0, 3)] if text else [] for text in TEXTS])
    assert runs["texts"] == 36
    assert runs["passes"] > 10
    np.testing.assert_allclose(encoded.vectors, [by_the_library(model, [text])[0] for text in TEXTS], atol=1e-5)
    hidden = token_vectors(model, TEXT)
    np.testing.assert_allclose(encoded.sentences[0], [unit(hidden[1])], atol=1e-5)
