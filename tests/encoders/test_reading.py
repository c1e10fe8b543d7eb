"""What an exported encoder reads of a text, token by token, held to sentence-transformers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from briefqa.encoders.factory import InstalledEncoders
from briefqa.encoders.onnx import OnnxEncoder
from briefqa.errors import IndexDamaged
from tests.encoders.conftest import WIDTH, WINDOW, MakeModel

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from briefqa.protocols import Reading

pytestmark = pytest.mark.model

PROMPTS = {"query": "query: ", "passage": "passage: "}
TEXTS = [
    "csto members?",
    "the",
    "CSTO   Members\n?",
    "été à Łódź",
    "☃ csto 😀.",
    "the members: the csto. " * 8,
    *(f"who are the members {letter}?" for letter in "abcdefghijkl"),
]


def exported(folder: Path, into: Path) -> OnnxEncoder:
    encoders = InstalledEncoders()
    into.mkdir()
    encoders.load(encoders.find(str(folder))).export(into)
    encoder = encoders.open(into)
    assert isinstance(encoder, OnnxEncoder)
    return encoder


def by_the_library(model: SentenceTransformer, text: str, prompt: str) -> tuple[NDArray[np.float32], list[list[int]]]:
    """The vectors, of length 1, of the tokens that stand behind the prompt, and their spans in the text."""
    encoded: Any = model.tokenizer(
        prompt + text, truncation=True, max_length=WINDOW, return_offsets_mapping=True, return_special_tokens_mask=True
    )
    own = [
        place
        for place, (offsets, special) in enumerate(
            zip(encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True)
        )
        if not special and offsets[0] >= len(prompt)
    ]
    (rows,) = model.encode([text], prompt=prompt or None, output_value="token_embeddings")
    tokens = rows.cpu().numpy()[own]
    spans = [[offset - len(prompt) for offset in encoded["offset_mapping"][place]] for place in own]
    return tokens / np.linalg.norm(tokens, axis=1, keepdims=True), spans


def assert_as_the_library(reading: Reading, model: SentenceTransformer, text: str, prompt: str) -> None:
    tokens, spans = by_the_library(model, text, prompt)
    assert reading.tokens.dtype == np.float32
    assert reading.spans.dtype == np.int64
    assert reading.spans.tolist() == spans
    np.testing.assert_allclose(reading.tokens, tokens, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(reading.tokens, axis=1), 1.0, atol=1e-5)


def assert_nearly_as_the_library(reading: Reading, model: SentenceTransformer, text: str, prompt: str) -> None:
    """Passages are read with 8 bits."""
    tokens, spans = by_the_library(model, text, prompt)
    assert reading.tokens.dtype == np.float32
    assert reading.spans.tolist() == spans
    np.testing.assert_allclose(np.linalg.norm(reading.tokens, axis=1), 1.0, atol=1e-5)
    assert (reading.tokens * tokens).sum(axis=1).min(initial=1.0) > 0.98


def test_tokens_are_those_of_the_library(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model(prompts=PROMPTS)
    encoder = exported(folder, tmp_path / "exported")
    told = encoder.read_passages(TEXTS)
    assert len(told) == len(TEXTS)
    for text, reading in zip(TEXTS, told, strict=True):
        assert_nearly_as_the_library(reading, model, text, "passage: ")
        assert_as_the_library(encoder.read_question(text), model, text, "query: ")
    # The prompt makes a difference, or this test would not see it missing.
    asked = encoder.read_question("csto members?")
    assert np.abs(asked.tokens - by_the_library(model, "csto members?", "")[0]).max() > 1e-3


def test_without_a_prompt(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model()
    encoder = exported(folder, tmp_path / "exported")
    for text in TEXTS:
        assert_as_the_library(encoder.read_question(text), model, text, "")


def test_tokens_are_the_transformer_s_where_more_follows_pooling(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model(pooling="cls", dense=12, normalize=True)
    encoder = exported(folder, tmp_path / "exported")
    reading = encoder.read_question("csto members?")
    assert (reading.vector.shape, reading.tokens.shape) == ((12,), (3, WIDTH))
    assert_as_the_library(reading, model, "csto members?", "")


def test_vectors_are_those_of_the_whole_question(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model(prompts=PROMPTS)
    encoder = exported(folder, tmp_path / "exported")
    asked = np.array([encoder.read_question(text).vector for text in TEXTS])
    np.testing.assert_allclose(asked, encoder.encode_questions(TEXTS), atol=1e-6)
    told = np.array([reading.vector for reading in encoder.read_passages(TEXTS)])
    wanted = model.encode(TEXTS, prompt="passage: ", normalize_embeddings=True, convert_to_numpy=True)
    assert (told * wanted).sum(axis=1).min() > 0.98


def test_passages_are_read_with_eight_bits_and_questions_with_all(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model()
    encoder = exported(folder, tmp_path / "exported")
    (told,) = encoder.read_passages(["the csto members"])
    exact, _ = by_the_library(model, "the csto members", "")
    assert 1e-6 < np.abs(told.tokens - exact).max() < 0.2
    assert np.abs(encoder.read_question("the csto members").tokens - exact).max() < 1e-5


@pytest.mark.parametrize("file", ["reader.onnx", "reader-weights.bin"])
def test_a_missing_reader_is_damage_when_it_is_needed(make_model: MakeModel, tmp_path: Path, file: str) -> None:
    folder, _ = make_model()
    encoder = exported(folder, tmp_path / "exported")
    (tmp_path / "exported" / file).unlink()
    assert encoder.read_question("csto").spans.tolist() == [[0, 4]]
    with pytest.raises(IndexDamaged, match=r"can't be loaded.*briefqa index --rebuild"):
        encoder.read_passages(["csto"])


WORDS = {
    "csto members?": ["csto", "members", "?"],
    "  CSTO\n\tMembers ?": ["CSTO", "Members", "?"],
    "été à csto": ["é", "t", "é", "à", "csto"],
    "😀 the csto ☃.": ["😀", "the", "csto", "☃", "."],
    "Łódź: csto": ["Łódź", ":", "csto"],
    "query: csto": ["query", ":", "csto"],
    "": [],
    " \n": [],
}


@pytest.mark.parametrize("prompts", [None, PROMPTS])
def test_spans_are_of_the_text_as_it_was_given(
    make_model: MakeModel, tmp_path: Path, prompts: dict[str, str] | None
) -> None:
    folder, _ = make_model(prompts=prompts)
    encoder = exported(folder, tmp_path / "exported")
    for (text, words), told in zip(WORDS.items(), encoder.read_passages(list(WORDS)), strict=True):
        for reading in (encoder.read_question(text), told):
            assert [text[start:end] for start, end in reading.spans.tolist()] == words
            assert (reading.vector.shape, reading.tokens.shape) == ((WIDTH,), (len(words), WIDTH))
            assert reading.spans.shape == (len(words), 2)
    assert encoder.read_passages([]) == []


def test_a_token_across_the_prompt_s_end_begins_where_the_text_does(make_model: MakeModel, tmp_path: Path) -> None:
    folder, _ = make_model(prompts={"query": "query: c", "passage": "the:"})
    encoder = exported(folder, tmp_path / "exported")
    assert encoder.read_question("sto members").spans.tolist() == [[0, 3], [4, 11]]
    (told,) = encoder.read_passages(["csto"])
    assert told.spans.tolist() == [[0, 4]]


def test_a_text_is_read_up_to_the_window(make_model: MakeModel, tmp_path: Path) -> None:
    folder, model = make_model(prompts=PROMPTS)
    encoder = exported(folder, tmp_path / "exported")
    # [CLS] query : and [SEP] leave room for 20 words.
    full = "the " * 20
    reading = encoder.read_question(full + "csto members")
    assert reading.spans.tolist() == [[4 * word, 4 * word + 3] for word in range(20)]
    assert_as_the_library(reading, model, full + "csto members", "query: ")
    exact = encoder.read_question(full)
    np.testing.assert_allclose(reading.tokens, exact.tokens, atol=1e-6)
    np.testing.assert_allclose(reading.vector, exact.vector, atol=1e-6)


def test_a_text_reads_alike_alone_and_among_longer_ones(make_model: MakeModel, tmp_path: Path) -> None:
    folder, _ = make_model(prompts=PROMPTS)
    encoder = exported(folder, tmp_path / "exported")
    for text, reading in zip(TEXTS, encoder.read_passages(TEXTS), strict=True):
        (alone,) = encoder.read_passages([text])
        np.testing.assert_allclose(reading.vector, alone.vector, atol=1e-5)
        np.testing.assert_allclose(reading.tokens, alone.tokens, atol=1e-5)
        np.testing.assert_array_equal(reading.spans, alone.spans)
