"""A tokenizer is the same after it was saved and opened, in one file or in two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors

from briefqa.encoders.tokenizer_files import open_tokenizer, save_tokenizer

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ["[PAD]", "the", "[UNK]", "member", "##s", "csto", "[CLS]", "[SEP]", "é"]
TEXT = "The members [SEP] of the CSTO é"


def wordpiece(words: list[str], **rules: object) -> Tokenizer:
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", **rules))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens([AddedToken(word, normalized=False) for word in ("[UNK]", "[CLS]", "[SEP]", "[PAD]")])
    ends = [(word, words.index(word)) for word in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    return tokenizer


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("rules", [{}, {"max_input_chars_per_word": 3}, {"continuing_subword_prefix": "@"}])
def test_words_of_wordpiece_are_a_list_in_the_order_of_their_numbers(tmp_path: Path, rules: dict[str, object]) -> None:
    tokenizer = wordpiece(WORDS, **rules)
    save_tokenizer(tokenizer, tmp_path)
    assert files(tmp_path) == {"tokenizer-rules.json", "vocabulary.txt"}
    assert (tmp_path / "vocabulary.txt").read_bytes().decode().split("\n") == [*WORDS, ""]
    opened = open_tokenizer(tmp_path)
    assert opened.to_str() == tokenizer.to_str()
    assert opened.encode(TEXT).tokens == tokenizer.encode(TEXT).tokens
    if not rules:
        assert opened.encode(TEXT).ids == [6, 1, 3, 4, 7, 2, 1, 5, 8, 7]


@pytest.mark.parametrize("words", [[*WORDS, "two words "], [*WORDS, "a\nb"], [*WORDS, "ends\r"], [*WORDS, "\u2028"]])
def test_words_that_no_line_can_hold_stay_in_one_file(tmp_path: Path, words: list[str]) -> None:
    tokenizer = wordpiece(words)
    save_tokenizer(tokenizer, tmp_path)
    assert files(tmp_path) == {"tokenizer.json"}
    assert open_tokenizer(tmp_path).to_str() == tokenizer.to_str()


def test_numbers_with_gaps_stay_in_one_file(tmp_path: Path) -> None:
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "the": 2, "csto": 5}, unk_token="[UNK]"))
    save_tokenizer(tokenizer, tmp_path)
    assert files(tmp_path) == {"tokenizer.json"}
    assert open_tokenizer(tmp_path).encode("csto").ids == [5]


def test_other_kinds_stay_in_one_file(tmp_path: Path) -> None:
    tokenizer = Tokenizer(models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")]))
    save_tokenizer(tokenizer, tmp_path)
    assert files(tmp_path) == {"tokenizer.json"}
    assert open_tokenizer(tmp_path).encode("abb").ids == [2, 1]
