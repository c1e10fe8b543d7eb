from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefqa.chunking import Chunk, SentenceSplitter, chunk
from briefqa.errors import UsageError
from briefqa.types import Document
from tests.fakes import FakeEncoders
from tests.test_sentences import MARKUP, TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.protocols import EncodedPassages, PassageEncoder
    from briefqa.types import Span


class WordEncoder:
    """Counts words, a prompt's included, and two special tokens."""

    dimension, precision = 1, "fp32"

    def __init__(self, window: int = 64, prompt: str = "") -> None:
        self.window, self._prompt = window, prompt

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len((self._prompt + text).split()) + 2 for text in texts]

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> EncodedPassages:
        raise NotImplementedError(texts, sentences)


class PieceEncoder(WordEncoder):
    """Counts runs of at most three letters, and every other sign that is no white space: as word pieces, it counts
    a text cut within a word otherwise than the whole."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w{1,3}|[^\w\s]", self._prompt + text)) + 2 for text in texts]


class GrowingEncoder(WordEncoder):
    """Counts a sixth token after every fifth word: a joined text counts more than its parts."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [words * 6 // 5 + 2 for text in texts if (words := len((self._prompt + text).split())) >= 0]


class PairEncoder(WordEncoder):
    """Counts pairs of characters, white space too: a joined text counts less than its parts."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"(?s)..?", self._prompt + text)) + 2 for text in texts]


def document(text: str, *, title: str | None = None, first_line: int = 1) -> Document:
    return Document(id="d", key="d.md", path="d.md", text=text, line_map=((0, first_line),), sha256="", title=title)


def cut(
    text: str,
    tokens: int,
    *,
    overlap: int = 0,
    title: str | None = None,
    encoder: PassageEncoder | None = None,
    first_line: int = 1,
) -> list[Chunk]:
    return chunk(
        document(text, title=title, first_line=first_line),
        encoder or WordEncoder(),
        passage_tokens=tokens,
        overlap_tokens=overlap,
    )


def texts(chunks: list[Chunk]) -> list[str]:
    return [entry.passage.text for entry in chunks]


def test_a_short_document_is_one_passage_without_the_white_space_around_it() -> None:
    text = "\n\n One two.\nThree.\n\n"
    (entry,) = cut(text, 10, title="A title", first_line=7)
    passage = entry.passage
    assert (passage.start, passage.end, passage.text) == (3, 18, "One two.\nThree.")
    assert passage.lines == (9, 10)
    assert passage.sentences == ((3, 11), (12, 18))
    assert passage.document_id == "d"
    assert entry.indexed_text == "A title\nOne two.\nThree."


def test_without_a_title_the_text_stands_alone() -> None:
    assert [entry.indexed_text for entry in cut("One.", 10)] == ["One."]


@pytest.mark.parametrize("text", ["", " \n\n\t"])
def test_nothing_gives_no_passage(text: str) -> None:
    assert cut(text, 10) == []


def test_paragraphs_are_kept_whole_where_they_fit() -> None:
    text = "One two three. Four five.\n\nSix seven eight.\n \nNine ten. Eleven.\n"
    assert texts(cut(text, 8)) == ["One two three. Four five.\n\nSix seven eight.", "Nine ten. Eleven."]
    assert texts(cut(text, 7)) == ["One two three. Four five.", "Six seven eight.\n \nNine ten. Eleven."]
    assert texts(cut(text, 5)) == ["One two three. Four five.", "Six seven eight.", "Nine ten. Eleven."]


def test_a_paragraph_that_does_not_fit_is_cut_between_sentences() -> None:
    text = "Short one.\n\nOne two three. Four five\nsix. Seven eight.\n\nLast one."
    assert texts(cut(text, 6)) == ["Short one.", "One two three. Four five\nsix.", "Seven eight.", "Last one."]
    assert texts(cut(text, 5)) == ["Short one.", "One two three.", "Four five\nsix. Seven eight.", "Last one."]


def test_list_items_are_cut_as_sentences_are() -> None:
    chunks = cut("- one two\n- three four\n- five six\n", 6)
    assert texts(chunks) == ["- one two\n- three four", "- five six"]
    assert [entry.passage.sentences for entry in chunks] == [((2, 9), (12, 22)), ((25, 33),)]


def test_a_sentence_that_does_not_fit_is_cut_between_words() -> None:
    text = " ".join(["internationalisation"] * 3 + ["a"] + ["counterrevolutionary"] * 3) + "."
    encoder = PieceEncoder()
    chunks = cut(text, 16, encoder=encoder)
    # Seven pieces each of the long words, one of the short one and of the full stop.
    assert texts(chunks) == [
        "internationalisation internationalisation",
        "internationalisation a counterrevolutionary",
        "counterrevolutionary counterrevolutionary.",
    ]


def test_a_giant_word_is_cut_as_it_must_be_and_nothing_of_it_is_lost() -> None:
    word = "".join(chr(ord("a") + number % 26) for number in range(5000))
    chunks = cut(f"Before it. {word} After it.", 40, encoder=PieceEncoder())
    assert "".join("".join(texts(chunks)).split()) == f"Beforeit.{word}Afterit."
    assert all(PieceEncoder().count_tokens([entry.indexed_text])[0] <= 42 for entry in chunks)
    assert chunks[0].passage.text.startswith("Before it.")
    assert chunks[-1].passage.text.endswith("After it.")


def test_a_sentence_over_two_passages_gives_each_its_part() -> None:
    chunks = cut("One two three four five six.", 4)
    assert texts(chunks) == ["One two three four", "five six."]
    assert [entry.passage.sentences for entry in chunks] == [((0, 18),), ((19, 28),)]


def test_headings_stay_with_what_follows_and_are_no_sentences() -> None:
    text = "One two three.\n\n## A heading\n\n### Another. Below\n\nFour five six.\n\nSeven eight nine ten.\n"
    chunks = cut(text, 9)
    assert texts(chunks) == [
        "One two three.",
        "## A heading\n\n### Another. Below\n\nFour five six.",
        "Seven eight nine ten.",
    ]
    first, last = chunks[1].passage.sentences[0]
    assert (text[first:last], len(chunks[1].passage.sentences)) == ("Four five six.", 1)


def test_a_heading_at_the_end_is_kept() -> None:
    assert texts(cut("One two three.\n\n## The end\n", 4)) == ["One two three.", "## The end"]


def test_a_giant_title_is_cut_for_encoding_to_a_quarter_of_the_window() -> None:
    title = " ".join(f"word{number}" for number in range(100))
    chunks = cut("One two three. Four five six.", 1000, title=title, encoder=WordEncoder(window=40))
    heads = {entry.indexed_text.split("\n")[0] for entry in chunks}
    # 100 words, then 75, 56, 42, 31, 23, 17, 12, 9, 6: the first that counts 10 or less with its special tokens.
    assert heads == {" ".join(f"word{number}" for number in range(6))}
    assert texts(chunks) == ["One two three. Four five six."]


def test_a_title_that_can_not_be_cut_is_left_out_of_encoding() -> None:
    chunks = cut("One.", 30, title="x" * 500, encoder=PieceEncoder())
    assert [entry.indexed_text for entry in chunks] == ["One."]


def test_the_title_and_the_prompt_take_their_share_of_the_window() -> None:
    encoder = WordEncoder(window=16, prompt="passage: ")
    text = " ".join(f"w{number}." for number in range(40))
    chunks = cut(text, 1000, title="A", encoder=encoder)
    # 16 of the window, less the title, the prompt, and two special tokens.
    assert [len(entry.passage.text.split()) for entry in chunks] == [12, 12, 12, 4]


def test_passages_are_cut_shorter_where_joined_sentences_count_more() -> None:
    encoder = GrowingEncoder(window=14)
    chunks = cut(" ".join(f"W{number}." for number in range(30)), 1000, encoder=encoder)
    # 12 words of one token each would count 14 when joined, and 16 with the special tokens; 10 count 12 and 14.
    assert [len(entry.passage.text.split()) for entry in chunks] == [10, 10, 10]


def test_overlap_repeats_whole_sentences() -> None:
    text = "One two. Three four. Five six. Seven eight. Nine ten."
    assert texts(cut(text, 6, overlap=2)) == [
        "One two. Three four. Five six.",
        "Five six. Seven eight. Nine ten.",
    ]
    assert texts(cut(text, 4, overlap=3)) == [
        "One two. Three four.",
        "Three four. Five six.",
        "Five six. Seven eight.",
        "Seven eight. Nine ten.",
    ]
    assert texts(cut(text, 4, overlap=1)) == ["One two. Three four.", "Five six. Seven eight.", "Nine ten."]


@pytest.mark.parametrize(("tokens", "overlap", "window"), [(20, 20, 64), (20, 30, 64), (0, 0, 64), (20, 0, 2)], ids=str)
def test_lengths_that_leave_no_room_are_refused(tokens: int, overlap: int, window: int) -> None:
    with pytest.raises(UsageError) as caught:
        cut("One.", tokens, overlap=overlap, encoder=WordEncoder(window=window))
    assert str(caught.value) == (
        f"Passages of {tokens} tokens with an overlap of {overlap} can't be cut for an encoder"
        f" that reads {window} tokens."
    )


def test_ids_are_stable_and_tell_apart_document_place_and_text() -> None:
    (entry,) = cut("One.", 10)
    assert entry.passage.id == hashlib.sha256(b"d\x000\x00One.").hexdigest()[:12]
    assert entry.passage.id == cut("One.", 16, title="Another title")[0].passage.id
    others = {cut("Two.", 10)[0].passage.id, cut(" One.", 10)[0].passage.id, cut("One.\nx", 10)[0].passage.id}
    assert len(others | {entry.passage.id}) == 4
    assert re.fullmatch("[0-9a-f]{12}", entry.passage.id)


def test_the_splitter_gives_slices_that_concatenate_to_the_text() -> None:
    def words(text: str) -> int:
        return len(text.split())

    pieces = SentenceSplitter(7, 0, words).split_text(TEXT)
    assert "".join(pieces) == TEXT
    assert all(words(piece) <= 7 for piece in pieces)
    assert len(pieces) > 8


ENCODERS = [
    WordEncoder(window=24),
    PieceEncoder(window=40, prompt="passage: "),
    PairEncoder(window=64),
    GrowingEncoder(window=20),
]
TITLES = st.one_of(st.none(), st.just("A title"), st.text(max_size=100), st.just("long title " * 30))
PROSE = st.one_of(MARKUP, st.lists(st.sampled_from([*TEXT.split(" "), "\n\n", "x" * 90]), max_size=80).map(" ".join))


@settings(max_examples=250, deadline=None, derandomize=True)
@given(PROSE, TITLES, st.sampled_from(ENCODERS), st.integers(1, 30), st.integers(1, 500))
@example(TEXT, "A title", ENCODERS[0], 9, 1)
@example(TEXT.replace("\n", "\r\n"), "A title", ENCODERS[1], 9, 12)
def test_without_overlap_passages_cover_every_character_once_and_fit(
    text: str, title: str | None, encoder: PassageEncoder, tokens: int, first_line: int
) -> None:
    chunks = cut(text, tokens, title=title, encoder=encoder, first_line=first_line)
    assert "".join("".join(texts(chunks)).split()) == "".join(text.split())
    for before, after in pairwise(chunks):
        assert before.passage.end <= after.passage.start
    check_passages(text, chunks, encoder, first_line)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(PROSE, TITLES, st.sampled_from(ENCODERS), st.integers(2, 30), st.data())
def test_with_overlap_nothing_is_lost(
    text: str, title: str | None, encoder: PassageEncoder, tokens: int, data: st.DataObject
) -> None:
    overlap = data.draw(st.integers(1, tokens - 1))
    chunks = cut(text, tokens, overlap=overlap, title=title, encoder=encoder)
    covered: set[int] = set()
    for before, after in zip([None, *chunks], chunks, strict=False):
        covered.update(range(after.passage.start, after.passage.end))
        if before is not None:
            assert before.passage.start < after.passage.start
            assert before.passage.end < after.passage.end
    assert covered >= {place for place, character in enumerate(text) if not character.isspace()}
    check_passages(text, chunks, encoder, 1)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=30), st.integers(5, 20), st.integers(1, 4))
def test_overlaps_are_whole_sentences(lengths: list[int], tokens: int, overlap: int) -> None:
    words = iter(range(1000))
    sentences = [" ".join(f"W{next(words)}" for _ in range(length)) + "." for length in lengths]
    chunks = texts(cut(" ".join(sentences), tokens, overlap=overlap, encoder=WordEncoder()))
    cuts = [re.findall(r"[^.]+\.", text) for text in chunks]
    for entry in cuts:
        assert all(sentence.strip() in sentences for sentence in entry)
    for before, after in pairwise(cuts):
        shared = [sentence for sentence in after if sentence.strip() in [other.strip() for other in before]]
        assert sum(len(sentence.split()) for sentence in shared) <= overlap
        assert [sentence.strip() for sentence in before[len(before) - len(shared) :]] == [
            sentence.strip() for sentence in after[: len(shared)]
        ]


def check_passages(text: str, chunks: list[Chunk], encoder: PassageEncoder, first_line: int) -> None:
    line_of = []
    line = first_line
    for character in text:
        line_of.append(line)
        line += character == "\n"
    for entry in chunks:
        passage = entry.passage
        assert text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        assert passage.lines == (line_of[passage.start], line_of[passage.end - 1])
        assert entry.indexed_text.endswith(passage.text)
        assert encoder.count_tokens([entry.indexed_text])[0] <= encoder.window
        for first, last in passage.sentences:
            assert passage.start <= first < last <= passage.end
            assert text[first:last] == text[first:last].strip()
        for before, after in pairwise(passage.sentences):
            assert before[1] <= after[0]


def test_the_fake_encoder_of_the_other_tests_fits_too() -> None:
    encoders = FakeEncoders()
    encoder = encoders.load(encoders.find(encoders.names[0]))
    chunks = cut("word " * 300, 200, title="A title", encoder=encoder)
    assert [len(entry.passage.text.split()) for entry in chunks] == [60, 60, 60, 60, 60]


def test_passages_and_sentences_are_cut_as_the_document_s_language_has_it() -> None:
    german = replace(document("Am 3. Oktober kam Dr. Roth. Er ging bald."), language="de")
    (whole,) = chunk(german, WordEncoder(), passage_tokens=40)
    assert [german.text[start:end] for start, end in whole.passage.sentences] == [
        "Am 3. Oktober kam Dr. Roth.",
        "Er ging bald.",
    ]
    assert texts(chunk(german, WordEncoder(), passage_tokens=6)) == ["Am 3. Oktober kam Dr. Roth.", "Er ging bald."]
