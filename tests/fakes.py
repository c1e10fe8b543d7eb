"""Stand-ins for the parts that are slow or far away. Deterministic in every process: nothing here uses hash()."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from briefqa.encoders.models import DEFAULT_ENCODER, ModelFolder
from briefqa.errors import EncoderError, IndexDamaged
from briefqa.protocols import EncodedPassages, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.protocols import Vectors
    from briefqa.types import Span

OTHER_ENCODER = "fake-other"
DIMENSION = 64
WINDOW = 64
EXPORTED_FILE = "fake-encoder.json"
RERANKER = "fake-reranker"
OTHER_RERANKER = "fake-reranker-other"
RERANKER_WINDOW = 48
RERANKER_FILE = "fake-reranker.json"
# A start and an end token, as BERT has.
_SPECIAL_TOKENS = 2
_WORD = re.compile(r"\w+")


def count_words(text: str) -> int:
    """The fake's tokens: words between white space, and two special ones."""
    return len(text.split()) + _SPECIAL_TOKENS


def bag_of_words(text: str, seed: str) -> Vectors:
    """A unit vector: every word, in lower case, adds +1 or -1 in one of 64 places, both chosen by its hash.

    Words past the window are not read, as in a real encoder.
    """
    vector = np.zeros(DIMENSION, dtype=np.float64)
    for word in _WORD.findall(" ".join(text.split()[: WINDOW - _SPECIAL_TOKENS]).lower()):
        digest = hashlib.sha256(f"{seed}\0{word}".encode("utf-8", "surrogatepass")).digest()
        vector[digest[0] % DIMENSION] += 1.0 if digest[1] % 2 else -1.0
    if not vector.any():
        vector[0] = 1.0
    return (vector / np.linalg.norm(vector)).astype(np.float32)


class FakeEncoder:
    """A loaded encoder, for passages and for questions alike. Tells its maker what it encodes."""

    def __init__(self, name: str, seed: str, maker: FakeEncoders, precision: str = "fp32") -> None:
        self.name, self._seed, self._maker = name, seed, maker
        self.window, self.dimension, self.precision = WINDOW, DIMENSION, precision

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words and two special tokens, of each text."""
        return [count_words(text) for text in texts]

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> EncodedPassages:
        """One row a text, and one a sentence. Raises what `FakeEncoders.fail_after` was given, once that many passages
        are encoded."""
        for text in texts:
            if self._maker.failure is not None and len(self._maker.passages) >= self._maker.fail_after:
                raise self._maker.failure
            self._maker.passages.append(text)
        parts = [[text[start:end] for start, end in spans] for text, spans in zip(texts, sentences, strict=True)]
        return EncodedPassages(self._rows(texts), tuple(self._rows(part) for part in parts))

    def _rows(self, texts: Sequence[str]) -> Vectors:
        return np.array([bag_of_words(text, self._seed) for text in texts], dtype=np.float32).reshape(-1, DIMENSION)

    def export(self, folder: Path) -> None:
        """Leave a small JSON file."""
        self._maker.exported.append(self.name)
        (folder / EXPORTED_FILE).write_text(json.dumps({"name": self.name, "seed": self._seed}), encoding="utf-8")


class FakeQuestionEncoder:
    """An exported encoder, opened. It reads questions and passages alike, and each word as a token."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self.window = WINDOW

    def count_tokens(self, text: str) -> int:
        """Words and two special tokens."""
        return count_words(text)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """One row a text, the same as for a passage."""
        return np.array([bag_of_words(text, self._seed) for text in texts], dtype=np.float32).reshape(-1, DIMENSION)

    def read_question(self, text: str) -> Reading:
        """A token's vector is its word's, whatever stands around it."""
        words = [
            found for found in _WORD.finditer(text) if len(text[: found.start()].split()) < WINDOW - _SPECIAL_TOKENS
        ]
        return Reading(
            bag_of_words(text, self._seed),
            self.encode_questions([found[0] for found in words]),
            np.array([found.span() for found in words], dtype=np.int64).reshape(-1, 2),
        )

    def read_passages(self, texts: Sequence[str]) -> list[Reading]:
        """The same."""
        return [self.read_question(text) for text in texts]


class FakeReranker:
    """A loaded reranker."""

    def __init__(self, name: str, maker: FakeEncoders) -> None:
        self._name, self._maker = name, maker
        self.window = RERANKER_WINDOW

    def export(self, folder: Path) -> None:
        """Leave a small JSON file."""
        self._maker.exported.append(self._name)
        (folder / RERANKER_FILE).write_text(json.dumps({"name": self._name}), encoding="utf-8")


class FakeScorer:
    """A reranker, opened: the logit is how many different words of the question the text holds, less three.

    `asked` are the questions and texts that it scored so far.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """See PairScorer."""
        self.asked.append((question, list(texts)))
        words = set(_WORD.findall(question.lower()))
        return [len(words & set(_WORD.findall(text.lower()))) - 3.0 for text in texts]


class FakeEncoders:
    """An `Encoders` that knows the models `names`; each has a checksum, and gives vectors, of its own.

    `passages` are the texts that were encoded so far, `loaded`, `exported` and `opened` what was done how often.
    `salt` stands for the weights: with another salt, the same name is another model. `fastest` is the precision that
    the machine would choose. With `light`, what was exported encodes a few passages by itself.
    """

    def __init__(self, *names: str, salt: str = "") -> None:
        self.names = names or (DEFAULT_ENCODER, OTHER_ENCODER)
        self.salt = salt
        self.passages: list[str] = []
        self.loaded: list[str] = []
        self.exported: list[str] = []
        self.opened: list[Path] = []
        self.scorer = FakeScorer()
        self.fastest, self.light = "fp32", False
        self.opened_for_passages: list[Path] = []
        self.failure: BaseException | None = None
        self.fail_after = 0

    @property
    def encoded(self) -> int:
        """How many passages were encoded so far."""
        return len(self.passages)

    def fail_with(self, failure: BaseException, *, after: int = 0) -> None:
        """Raise `failure` when more than `after` passages, counted from now, are to be encoded."""
        self.failure, self.fail_after = failure, len(self.passages) + after

    def find(self, name: str) -> ModelFolder:
        """See Encoders."""
        if name not in self.names:
            raise EncoderError(f"There is no encoder {name!r} here.")
        digest = hashlib.sha256(self._seed(name).encode()).hexdigest()
        return ModelFolder(name, Path("/fake", name), "fake 1", digest)

    def load(self, model: ModelFolder, *, precision: str = "auto") -> FakeEncoder:
        """See Encoders."""
        self.loaded.append(model.name)
        chosen = self.fastest if precision == "auto" else precision
        return FakeEncoder(model.name, self._seed(model.name), self, chosen)

    def open_for_passages(self, folder: Path) -> FakeEncoder | None:
        """See Encoders."""
        if not self.light:
            return None
        self.opened_for_passages.append(folder)
        table = json.loads((folder / EXPORTED_FILE).read_text(encoding="utf-8"))
        return FakeEncoder(table["name"], table["seed"], self)

    def open(self, folder: Path) -> FakeQuestionEncoder:
        """See Encoders."""
        self.opened.append(folder)
        try:
            return FakeQuestionEncoder(json.loads((folder / EXPORTED_FILE).read_text(encoding="utf-8"))["seed"])
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged(
                f"The index's encoder in {folder} can't be loaded. Make the index again with: briefqa index --rebuild"
            ) from error

    def find_reranker(self, name: str) -> ModelFolder:
        """See Encoders."""
        if name not in (RERANKER, OTHER_RERANKER):
            raise EncoderError(f"There is no reranker {name!r} here.")
        digest = hashlib.sha256(self._seed(name).encode()).hexdigest()
        return ModelFolder(name, Path("/fake", name), "fake 2", digest)

    def load_reranker(self, model: ModelFolder) -> FakeReranker:
        """See Encoders."""
        self.loaded.append(model.name)
        return FakeReranker(model.name, self)

    def open_reranker(self, folder: Path) -> FakeScorer:
        """See Encoders. It is the same one each time."""
        self.opened.append(folder)
        if not (folder / RERANKER_FILE).is_file():
            raise IndexDamaged(f"The index's reranker in {folder} can't be loaded.")
        return self.scorer

    def _seed(self, name: str) -> str:
        return f"{name}{self.salt}"
