"""Vectors for passages that nobody encoded, mixed from those of their sentences, which were."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from briefqa.protocols import EncodedPassages
from briefqa.types import Span
from recombining import Cut

if TYPE_CHECKING:
    from briefqa.encoders.factory import BuildingEncoder, Encoders
    from briefqa.encoders.models import ModelFolder
    from briefqa.protocols import Vectors

_COMPARED = 4000  # passages, to find out how much of what a mean lacks is chance
_HALVINGS = 12
_SLAB = 1024  # passages encoded at once, and kept if the next are not reached


class Bank:
    """Passages that were really encoded, with their sentences, kept in a folder by what they say: paid once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[bytes, tuple[Vectors, NDArray[np.float16]]] = {}
        for shard in sorted(folder.glob("*.npz")):
            with np.load(shard, allow_pickle=False) as arrays:
                self._take(arrays["keys"], arrays["vectors"], arrays["ends"], arrays["sentences"])

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, text: str, spans: Sequence[Span]) -> tuple[Vectors, NDArray[np.float16]] | None:
        """The vectors of a passage and of its sentences, if they are here."""
        return self._rows.get(_key(text, spans))

    def fill(self, cuts: Sequence[Cut], encoder: BuildingEncoder, tell: Callable[[int, int], None]) -> None:
        """Encode those that are not here yet; `tell` is told how many of how many are done."""
        missing = [entry for entry in cuts if self.find(entry.text, entry.spans) is None]
        self._folder.mkdir(parents=True, exist_ok=True)
        for start in range(0, len(missing), _SLAB):
            slab = missing[start : start + _SLAB]
            encoded = encoder.encode_passages([entry.text for entry in slab], [entry.spans for entry in slab])
            arrays: dict[str, Any] = {
                "keys": np.array([list(_key(entry.text, entry.spans)) for entry in slab], dtype=np.uint8),
                "vectors": encoded.vectors,
                "ends": np.cumsum([len(part) for part in encoded.sentences]),
                "sentences": np.concatenate(encoded.sentences).astype(np.float16),
            }
            name = hashlib.sha256(arrays["keys"].tobytes()).hexdigest()[:16]
            with (self._folder / f"{name}.new").open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            (self._folder / f"{name}.new").replace(self._folder / f"{name}.npz")
            self._take(**arrays)
            tell(start + len(slab), len(missing))

    def _take(self, keys: Any, vectors: Any, ends: Any, sentences: Any) -> None:
        bounds = pairwise([0, *ends.tolist()])
        for key, vector, (start, end) in zip(keys, vectors, bounds, strict=True):
            self._rows[key.tobytes()] = (vector, sentences[start:end])


def _key(text: str, spans: Sequence[Span]) -> bytes:
    places = [(int(start), int(end)) for start, end in spans]
    return hashlib.sha256(f"{text}\0{places}".encode("utf-8", "surrogatepass")).digest()[:16]


class Mixture:
    """Makes a passage's vector: the mean of its sentences' vectors as they were in the documents they come from,
    weighted by tokens, which is what a model with mean pooling takes a mean of; plus what such a mean lacks, as far as
    it was found on passages that were encoded in earnest."""

    def __init__(self, sentences: Mapping[str, tuple[NDArray[np.float16], int]]) -> None:
        """`sentences`: the vector and the tokens of each."""
        self._sentences = sentences
        width = len(next(iter(sentences.values()))[0])
        self._mean: Vectors = np.zeros(width, dtype=np.float32)
        self._residuals: Vectors = np.zeros((1, width), dtype=np.float32)
        self._part = 0.0

    def mean(self, sentences: Sequence[str]) -> tuple[Vectors, Vectors]:
        """The mean, of length 1, and the sentences' own vectors. A sentence that is not known, as it was cut otherwise
        here, takes what the others say."""
        found = [self._sentences.get(text) for text in sentences]
        known = [entry for entry in found if entry is not None]
        other = known[0] if known else next(iter(self._sentences.values()))
        rows = np.array([(entry or other)[0] for entry in found or [other]], dtype=np.float32)
        if not known:
            return _unit(rows.sum(axis=0)), rows[: len(found)]
        weights = np.array([entry[1] if entry else 0 for entry in found], dtype=np.float32)
        return _unit(weights @ rows), rows

    def learn(self, cuts: Sequence[Cut], real: Vectors) -> dict[str, Vectors]:
        """Learn what the mean lacks, from passages and their real vectors.

        Near passages lack alike, so only a part of it is drawn by chance: as much as makes the median cosine of a
        passage with the nearest of the others what it is for real vectors. Returns cosines: of the means with the real
        vectors, and of each passage with the nearest of the others, for real vectors and for made ones.
        """
        means = np.array([self.mean(entry.sentences)[0] for entry in cuts])
        lacking = real - means
        self._mean = lacking.mean(axis=0)
        self._residuals = lacking - self._mean
        some = cuts[:_COMPARED]
        drawn = np.array([self._drawn(entry.text) for entry in some])
        wanted = nearest_cosines(real[: len(some)])
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            self._part = (low + high) / 2
            rows = means[: len(some)] + self._mean + np.float32(self._part) * drawn
            made = nearest_cosines(rows / np.linalg.norm(rows, axis=1, keepdims=True))
            low, high = (self._part, high) if np.median(made) > np.median(wanted) else (low, self._part)
        return {
            "a mean and the real vector": np.einsum("nd,nd->n", real, means),
            "the nearest of the others, real": wanted,
            "the nearest of the others, made": made,
        }

    def make(self, text: str, sentences: Sequence[str]) -> tuple[Vectors, Vectors]:
        """The vector of a passage, the same one every time, and its sentences'."""
        mean, rows = self.mean(sentences)
        return _unit(mean + self._mean + np.float32(self._part) * self._drawn(text)), rows

    def _drawn(self, text: str) -> Vectors:
        """Two residuals, turned into each other: as large as one, but millions of them."""
        digest = zlib.crc32(text.encode("utf-8", "surrogatepass"))
        one, other = self._residuals[digest % len(self._residuals)], self._residuals[digest // 7 % len(self._residuals)]
        angle = digest % 1009 / 1009 * np.pi / 2
        drawn: Vectors = np.float32(np.cos(angle)) * one + np.float32(np.sin(angle)) * other
        return drawn


def nearest_cosines(vectors: Vectors) -> Vectors:
    """The cosine of each unit vector with the nearest of the others."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1.0)
    nearest: Vectors = cosines.max(axis=1)
    return nearest


class MixingEncoder:
    """The encoder `real`, which encodes no passage: it takes it from the bank, or mixes it."""

    def __init__(self, real: BuildingEncoder, bank: Bank, mixture: Mixture) -> None:
        self._real, self._bank, self._mixture = real, bank, mixture
        self.count_tokens = WordCounter(real).count_tokens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> EncodedPassages:
        """See PassageEncoder."""
        made = [self._vectors(text, spans) for text, spans in zip(texts, sentences, strict=True)]
        vectors = np.array([vector for vector, _ in made], dtype=np.float32).reshape(len(made), -1)
        return EncodedPassages(vectors, tuple(rows for _, rows in made))

    def _vectors(self, text: str, spans: Sequence[Span]) -> tuple[Vectors, Vectors]:
        known = self._bank.find(text, spans)
        if known is not None:
            return known[0], known[1].astype(np.float32)
        return self._mixture.make(text, [text[start:end] for start, end in spans])


class WordCounter:
    """Counts tokens word by word, each word once: right for tokenizers that split at white space first, as BERT's."""

    def __init__(self, encoder: BuildingEncoder) -> None:
        self._encoder = encoder
        self.window = encoder.window
        self._overhead = encoder.count_tokens([""])[0]
        self._known: dict[str, int] = {}

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See PassageEncoder."""
        return [self._overhead + self.count(text) for text in texts]

    def count(self, text: str) -> int:
        """Tokens without special ones."""
        words = text.split()
        known = self._known
        if new := [word for word in dict.fromkeys(words) if word not in known]:
            known.update(zip(new, (n - self._overhead for n in self._encoder.count_tokens(new)), strict=True))
        return sum(known[word] for word in words)


class _Mixing:
    def __init__(self, encoders: Encoders, encoder: MixingEncoder) -> None:
        self._encoders, self._encoder = encoders, encoder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoders, name)

    def load(self, model: ModelFolder, *, precision: str = "auto") -> MixingEncoder:
        """See Encoders."""
        return self._encoder

    def open_for_passages(self, folder: Path) -> None:
        """None: however few there are, their vectors are mixed."""


def mixing(encoders: Encoders, encoder: MixingEncoder) -> Encoders:
    """`encoders`, but `encoder` makes the vectors of passages."""
    return cast("Encoders", _Mixing(encoders, encoder))


def _unit(vector: Vectors) -> Vectors:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
