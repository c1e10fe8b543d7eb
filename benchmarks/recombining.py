"""Real sentences recombined into any number of distinct passages, and the articles that these make up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from briefqa.chunking import DEFAULT_PASSAGE_TOKENS, chunk
from briefqa.corpus.article import LoadOptions
from briefqa.corpus.loaders.text import load_markdown
from briefqa.types import Document, Span

if TYPE_CHECKING:
    from briefqa.protocols import PassageEncoder, Vectors

SEED = 20181121
PARAGRAPHS = 10  # an article; each is a passage
RELATED = 5  # pieces of text beside its own that an article draws from
NEAREST = 20  # out of so many
PIECE = 24  # sentences of a long document that stand together
_TITLE_SHARE = 5  # of the encoder's window
_SENTENCE_SHARE = 0.4  # of a passage
_TRIES = 50
_WHOLE_SENTENCE = re.compile(r"[A-Z0-9\"'(][^\n]*[.!?][\"')]?")
_FEWEST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Source:
    """A document of a data set."""

    collection: str
    id: str
    title: str
    text: str

    @property
    def key(self) -> str:
        """The name of its file."""
        return f"own/{self.collection}-{self.id.replace('/', '_')}.md"


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage as an index holds it: the text that is encoded, and where its sentences stand in that."""

    text: str
    spans: tuple[Span, ...]

    @property
    def sentences(self) -> list[str]:
        """Their texts."""
        return [self.text[start:end] for start, end in self.spans]


@dataclass(frozen=True, slots=True)
class Sizes:
    """In tokens: the shortest and the longest paragraph that makes exactly one passage, and the longest of a sentence
    and of a title for that to be possible."""

    low: int
    high: int
    sentence: int
    title: int

    @staticmethod
    def of(window: int) -> Sizes:
        """For an encoder that reads `window` tokens."""
        title = window // _TITLE_SHARE
        high = min(DEFAULT_PASSAGE_TOKENS, window - title)
        return Sizes(min(DEFAULT_PASSAGE_TOKENS, window) // 2 + 1, high, int(high * _SENTENCE_SHARE), title)


@dataclass(frozen=True, slots=True)
class Piece:
    """Sentences by number that stand together in a document, and its title."""

    collection: str
    title: str
    sentences: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Inventory:
    """Sentences to draw from, the tokens of each, the pieces that they stand in, and the pieces near each piece."""

    texts: list[str]
    tokens: NDArray[np.int64]
    pieces: list[Piece]
    near: list[NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Article:
    """A recombined article: a title, and paragraphs of sentences by number."""

    number: int
    title: str
    paragraphs: list[list[int]]

    @property
    def key(self) -> str:
        """The name of its file, which sorts behind those of the data sets' own documents."""
        return f"recombined/{self.number // 1000:03}/{self.number:06}.md"


def rows(path: Path) -> list[dict[str, Any]]:
    """A JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read_sources(folders: Sequence[Path], encoder: PassageEncoder) -> list[Source]:
    """The documents of data sets in BEIR layout, shuffled, with titles shortened to what an encoder reads of them."""
    most = Sizes.of(encoder.window).title
    found = []
    for folder in folders:
        for row in rows(folder / "corpus.jsonl"):
            words = str(row.get("title") or "").split()
            while words and encoder.count_tokens([" ".join(words)])[0] > most:
                words.pop()
            found.append(Source(folder.resolve().name, str(row["_id"]), " ".join(words), row["text"]))
    order = np.random.default_rng(SEED).permutation(len(found))
    return [found[place] for place in order if found[place].text.strip()]


def markdown(title: str, body: str) -> str:
    """The article file."""
    return f"---\ntitle: {json.dumps(title or None)}\n---\n{body}\n"


def cut(title: str, body: str, encoder: PassageEncoder) -> list[Cut]:
    """The passages that an index makes of the article."""
    content = markdown(title, body)
    (article,) = load_markdown(content.encode(), LoadOptions())
    document = Document("", "", "", article.text, "", title=article.title)
    cuts = []
    for entry in chunk(document, encoder, passage_tokens=DEFAULT_PASSAGE_TOKENS):
        shift = len(entry.indexed_text) - entry.passage.end
        spans = tuple((start + shift, end + shift) for start, end in entry.passage.sentences)
        cuts.append(Cut(entry.indexed_text, spans))
    return cuts


def take_stock(
    sources: Sequence[Source],
    cuts: Sequence[Sequence[Cut]],
    vectors: Sequence[NDArray[np.float16]],
    encoder: PassageEncoder,
) -> tuple[Inventory, list[tuple[int, int]]]:
    """The whole sentences of the sources, cut as `cuts`, each text once, and where each stands: in which passage,
    counted over all sources, and at which place there. `vectors` are the sentences' of every passage."""
    sizes = Sizes.of(encoder.window)
    (special,) = encoder.count_tokens([""])
    known: dict[str, int] = {}
    texts: list[str] = []
    places: list[tuple[int, int]] = []
    pieces: list[Piece] = []
    means: list[Vectors] = []
    tokens: list[int] = []
    passage = -1
    for source, parts in zip(sources, cuts, strict=True):
        here: list[int] = []
        for part in parts:
            passage += 1
            counted = encoder.count_tokens(part.sentences)
            for place, (text, length) in enumerate(zip(part.sentences, counted, strict=True)):
                if not (_WHOLE_SENTENCE.fullmatch(text) and length - special <= sizes.sentence and text not in known):
                    continue
                if len(text.split()) < _FEWEST_WORDS:
                    continue
                known[text] = len(texts)
                here.append(len(texts))
                texts.append(text)
                places.append((passage, place))
                tokens.append(length - special)
        for start in range(0, len(here), PIECE):
            group = here[start : start + PIECE]
            pieces.append(Piece(source.collection, source.title, np.array(group)))
            mean = sum(vectors[places[number][0]][places[number][1]].astype(np.float32) for number in group)
            means.append(np.asarray(mean / np.linalg.norm(mean), dtype=np.float32))
    near = _nearest([piece.collection for piece in pieces], np.array(means))
    return Inventory(texts, np.array(tokens), pieces, near), places


def _nearest(collections: Sequence[str], vectors: Vectors) -> list[NDArray[np.int64]]:
    """The pieces of the same collection that are nearest to each piece."""
    found: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)] * len(vectors)
    names = np.array(collections)
    for name in dict.fromkeys(collections):
        members = np.flatnonzero(names == name)
        depth = min(NEAREST, len(members) - 1)
        for block in np.array_split(members, max(1, len(members) // 1024)):
            scores = vectors[block] @ vectors[members].T
            scores[members[None, :] == block[:, None]] = -np.inf
            order = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
            for number, row in zip(block, order, strict=True):
                found[number] = members[row]
    return found


def recombined(inventory: Inventory, sizes: Sizes) -> Iterator[Article]:
    """Articles without end, the same ones every time, no two paragraphs of them the same.

    An article draws from a piece of a collection and from some of those nearest to it, and each of its paragraphs
    from two of these.
    """
    seen: set[int] = set()
    for number in count():
        rng = np.random.default_rng((SEED, number))
        home = int(rng.integers(len(inventory.pieces)))
        near = inventory.near[home]
        pool = [home, *rng.choice(near, min(RELATED, len(near)), replace=False).tolist()]
        paragraphs: list[list[int]] = []
        while len(paragraphs) < PARAGRAPHS:
            paragraph = _paragraph(inventory, pool, sizes, rng, seen)
            if paragraph is None:  # too little to draw from
                pool.append(int(rng.integers(len(inventory.pieces))))
            else:
                paragraphs.append(paragraph)
        yield Article(number, inventory.pieces[home].title, paragraphs)


def _paragraph(
    inventory: Inventory, pool: Sequence[int], sizes: Sizes, rng: np.random.Generator, seen: set[int]
) -> list[int] | None:
    for _ in range(_TRIES):
        both = rng.choice(pool, min(2, len(pool)), replace=False)
        drawn = rng.permutation(np.concatenate([inventory.pieces[piece].sentences for piece in both]))
        goal = int(rng.integers(sizes.low, sizes.high - sizes.sentence // 2))
        chosen: list[int] = []
        total = 0
        for sentence in drawn.tolist():
            length = int(inventory.tokens[sentence])
            if total < goal and total + length <= sizes.high:
                chosen.append(sentence)
                total += length
        key = hash(tuple(chosen))  # of whole numbers: the same in every process
        if total >= sizes.low and key not in seen:
            seen.add(key)
            return chosen
    return None
