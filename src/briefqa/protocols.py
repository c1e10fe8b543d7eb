"""The seams between stages. Each stage is handed what it needs as one of these, and imports no other stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from briefqa.types import Document, Passage, Scores, Span

    Vectors = NDArray[np.float32]
    Word = str | tuple[str, ...]
    """A word of a question, analysed: its term, or its terms by several analyzers, which count as one."""


class Reading(NamedTuple):
    """What an encoder makes of a text within its window: the text's `vector`, of length 1; a vector of length 1 for
    every token, `tokens` of shape (n, width); and `spans` of shape (n, 2), where in the text each token stands.

    Special tokens and those of a prompt are left out.
    """

    vector: Vectors
    tokens: Vectors
    spans: NDArray[np.int64]


class QuestionEncoder(Protocol):
    """Turns questions into unit vectors of the space that the index's passages live in."""

    @property
    def window(self) -> int:
        """The most tokens of one text that are read, special tokens and prompt included."""

    def count_tokens(self, text: str) -> int:
        """Tokens in `text` as a question, special tokens and prompt included, before any truncation."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """float32 of shape (len(texts), dimension), rows of length 1."""

    def read_question(self, text: str) -> Reading:
        """The question token by token."""

    def read_passages(self, texts: Sequence[str]) -> list[Reading]:
        """The same for texts of articles, prompted as the index's passages were; perhaps with fewer bits, so that these
        vectors are for comparing with a question's, and none for an index."""


class EncodedPassages(NamedTuple):
    """Passages as unit vectors, float32: `vectors` of shape (passages, dimension), and for each passage the array of
    its sentences' vectors, of shape (sentences, dimension)."""

    vectors: Vectors
    sentences: tuple[Vectors, ...]


class PassageEncoder(Protocol):
    """Turns passages and their sentences into unit vectors, when an index is built."""

    @property
    def window(self) -> int:
        """The most tokens of one text that are read, special tokens and prompt included."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def precision(self) -> str:
        """How exactly the encoder calculates: fp32 or bf16. Vectors are float32 all the same."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens in each text as a passage, special tokens and prompt included, before any truncation."""

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> EncodedPassages:
        """The texts and the sentences that stand at `sentences[n]` in the n-th of them, in the order given."""


class Candidate(NamedTuple):
    """A passage by its number in the index, with the score that a retriever gave it."""

    number: int
    passage_id: str
    score: float
    scores: Scores


class PassageStore(Protocol):
    """What retrieval and answering may ask of an index, whatever holds it. A passage's number stays its own; numbers
    rise from 0, and may leave some out, where passages were deleted."""

    def __len__(self) -> int:
        """How many passages there are."""

    def dense_top(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k passages nearest to `vector` (shape (dimension,)) as (number, cosine), best first."""

    def dense_scores(self, vector: Vectors, numbers: Sequence[int]) -> list[float]:
        """The cosine of `vector` with each numbered passage."""

    def dense_median(self, vector: Vectors) -> float:
        """The median cosine of `vector` over the passages (over an even sample of them, when they are many)."""

    def sentence_cosines(self, vector: Vectors, numbers: Sequence[int]) -> list[list[float]]:
        """The estimated cosine of `vector` with each sentence of each numbered passage: a list a passage, in the
        order asked for, and in it a number for each of `Passage.sentences`."""

    @property
    def analyzers(self) -> Sequence[str]:
        """The names of the analyzers that the passages' terms are by (`analysis.analyzer_of`); English is the first."""

    def lexical_top(self, words: Sequence[Word], k: int) -> list[tuple[int, float]]:
        """The k passages with the highest BM25 for the analysed `words` as (number, score), best first."""

    def document_frequency(self, word: Word) -> int:
        """In how many passages the analysed word stands."""

    def passage_ids(self, numbers: Sequence[int]) -> list[str]:
        """The ids of the numbered passages."""

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        """The numbered passages with their documents, in the order asked for."""


class CopyStore(Protocol):
    """What an index knows of documents that are copies, excerpts or versions of each other: they form groups."""

    def groups(self, numbers: Sequence[int]) -> list[int | None]:
        """The group of each numbered passage's document, None where it has no copy."""

    def group(self, group: int) -> list[tuple[Document, list[Passage]]]:
        """The documents of a group with their passages; of a very large one, some."""

    def passages(self, numbers: Sequence[int]) -> list[tuple[Passage, Document]]:
        """The numbered passages with their documents, in the order asked for."""


class PairScorer(Protocol):
    """Reads a question and a passage together and says how well they fit."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """The logit of each text for the question, in the order given; higher is better."""


class Retriever(Protocol):
    """Finds passages for a question."""

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        """At most k candidates by falling score, equal ones by passage id; [] for a question without a term."""
