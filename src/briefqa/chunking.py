"""Cuts documents into passages that an encoder reads whole: at paragraphs first, then sentences, then words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langchain_text_splitters import TextSplitter

from briefqa.addresses import Lines, passage_id
from briefqa.errors import UsageError
from briefqa.sentences import sentences, tiles
from briefqa.types import Passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from briefqa.protocols import PassageEncoder
    from briefqa.types import Document

DEFAULT_PASSAGE_TOKENS = 200
DEFAULT_OVERLAP_TOKENS = 0
# A title may take this share of the encoder's window; a longer one is cut for encoding, never in a citation.
_TITLE_SHARE = 4
# So many characters count as a token at least: an encoder may take a word of ten million for one that it does not know.
_LONGEST_TOKEN = 32
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?![ \t]*\n))+\n*\s*|\s+")
_WORD = re.compile(r"\S+\s*|\s+")
_HEADING_ONLY = re.compile(r"\s*#{1,6}[ \t][^\n]*\s*")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage, and the text that is encoded for it: the document's title, shortened if need be, and the passage."""

    passage: Passage
    indexed_text: str


class _Slice(str):
    """A string that remembers where in its document it starts."""

    __slots__ = ("start",)
    start: int

    def __new__(cls, text: str, start: int) -> _Slice:
        piece = super().__new__(cls, text)
        piece.start = start
        return piece


class SentenceSplitter(TextSplitter):
    """A langchain TextSplitter whose chunks are slices of the text, of whole paragraphs and sentences if they fit.

    `length` counts tokens without special ones; sentences end as they do in `language`. A sentence that does not fit is
    cut between words, and a word only if it does not fit by itself.
    """

    def __init__(
        self, chunk_size: int, chunk_overlap: int, length: Callable[[str], int], language: str | None = None
    ) -> None:
        super().__init__(chunk_size, chunk_overlap, _remembered(length), strip_whitespace=False)
        self._language = language
        self._bit = re.compile(rf"\S{{1,{max(1, chunk_size // 8)}}}\s{{0,{_LONGEST_TOKEN}}}|\s{{1,{_LONGEST_TOKEN}}}")

    def split_text(self, text: str) -> list[str]:
        """The chunks of `text`, each a slice of it; without overlap they concatenate to `text`."""
        chunks: list[str] = []
        whole: list[_Slice] = []
        for paragraph in _paragraphs(text):
            if self._fits(paragraph):
                whole.append(paragraph)
                continue
            chunks += self._merge_splits(whole, "")
            whole = []
            chunks += self._merge_splits(self._parts(paragraph), "")
        return chunks + self._merge_splits(whole, "")

    def _parts(self, paragraph: _Slice) -> Iterator[_Slice]:
        for start, end in tiles(paragraph, self._language):
            sentence = _Slice(paragraph[start:end], paragraph.start + start)
            if self._fits(sentence):
                yield sentence
            else:
                yield from self._words(sentence)

    def _words(self, sentence: _Slice) -> Iterator[_Slice]:
        for match in _WORD.finditer(sentence):
            word = _Slice(match[0], sentence.start + match.start())
            if self._fits(word):
                yield word
            else:
                yield from (_Slice(bit[0], word.start + bit.start()) for bit in self._bit.finditer(word))

    def _fits(self, piece: str) -> bool:
        return self._length_function(piece) <= self._chunk_size

    def _join_docs(self, docs: list[str], separator: str) -> str | None:
        first = docs[0] if docs else None
        return _Slice(separator.join(docs), first.start) if isinstance(first, _Slice) else None


def chunk(
    document: Document, encoder: PassageEncoder, *, passage_tokens: int, overlap_tokens: int = DEFAULT_OVERLAP_TOKENS
) -> list[Chunk]:
    """The document's passages in order, `passage_tokens` long at most and never longer, title and all, than the
    encoder's window. Raises UsageError when the window leaves no room or the overlap is not below the length."""
    overhead, title_tokens = encoder.count_tokens(["", title := _short_title(document.title, encoder)])
    limit = min(passage_tokens, encoder.window - title_tokens)
    if limit < 1 or overlap_tokens >= passage_tokens:
        raise UsageError(
            f"Passages of {passage_tokens} tokens with an overlap of {overlap_tokens} can't be cut for an encoder"
            f" that reads {encoder.window} tokens."
        )

    def length(text: str) -> int:
        return max(encoder.count_tokens([text])[0] - overhead, len(text) // _LONGEST_TOKEN)

    while True:
        splitter = SentenceSplitter(limit, min(overlap_tokens, limit - 1), length, document.language)
        chunks = list(_chunks(document, title, splitter))
        # Joined pieces can count differently from their sum, depending on the tokenizer.
        longest = max(encoder.count_tokens([entry.indexed_text for entry in chunks]), default=0)
        if longest <= encoder.window or limit == 1:
            return chunks
        limit = max(1, limit * 9 // 10)


def _chunks(document: Document, title: str, splitter: SentenceSplitter) -> Iterator[Chunk]:
    lines = Lines(document.text, document.line_map)
    quotable = sentences(document.text, document.language)
    covered = 0
    for piece in splitter.split_text(document.text):
        if not isinstance(piece, _Slice) or not piece.strip():
            continue
        start = piece.start + len(piece) - len(piece.lstrip())
        end = piece.start + len(piece.rstrip())
        if end <= covered:  # an overlap, and white space
            continue
        covered = end
        text = document.text[start:end]
        first = bisect_right(quotable, start, key=lambda span: span[1])
        last = bisect_left(quotable, end, key=lambda span: span[0])
        passage = Passage(
            id=passage_id(document.id, start, text),
            document_id=document.id,
            start=start,
            end=end,
            text=text,
            lines=lines.of(start, end),
            sentences=tuple((max(start, begin), min(end, stop)) for begin, stop in quotable[first:last]),
        )
        yield Chunk(passage, f"{title}\n{text}" if title else text)


def _short_title(title: str | None, encoder: PassageEncoder) -> str:
    words = (title or "").split()
    while words and encoder.count_tokens([" ".join(words)])[0] > encoder.window // _TITLE_SHARE:
        words = words[: len(words) * 3 // 4]
    return " ".join(words)


def _paragraphs(text: str) -> Iterator[_Slice]:
    """The paragraphs of `text` with the blank lines after them; a heading stays with what follows it."""
    held = 0
    for match in _PARAGRAPH.finditer(text):
        if _HEADING_ONLY.fullmatch(match[0]) and match.end() < len(text):
            continue
        yield _Slice(text[held : match.end()], held)
        held = match.end()


def _remembered(length: Callable[[str], int]) -> Callable[[str], int]:
    """`length`, which langchain asks for the same piece several times, computed once a piece."""
    known: dict[str, int] = {}

    def remembered(text: str) -> int:
        if text not in known:
            known[text] = length(text)
        return known[text]

    return remembered
