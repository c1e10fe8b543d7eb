"""Makes a large index and a question set for it, to measure time and memory: their figures of quality mean nothing.

    python benchmarks/synthetic.py FOLDER --passages 100000 --questions 10000

Articles are words drawn by Zipf's law, and passages' vectors are drawn by chance, as encoding them would take an hour;
questions are encoded in earnest when they are asked. Then, for instance:

    briefqa eval run FOLDER/questions.jsonl --index FOLDER/index --retrieval-only
"""

from __future__ import annotations

import argparse
import json
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from briefqa.config import Settings
from briefqa.encoders.factory import InstalledEncoders
from briefqa.encoders.models import ModelFolder
from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder
from briefqa.index.update import update
from briefqa.protocols import EncodedPassages
from briefqa.types import Span

SEED = 20181121
VOCABULARY = 50_000
SENTENCE = 16  # words
SENTENCES = 8  # a paragraph, which makes a passage
PARAGRAPHS = 10  # an article
ASKED = 6  # words of a sentence
TOKENS_A_WORD = 1.3
SYLLABLES = ["ka", "lo", "mi", "ne", "ru", "sa", "to", "vi", "bel", "dor", "fan", "gre", "hus", "jin", "pol", "zet"]


class SyntheticEncoder:
    """The default encoder, but for passages: their vectors depend on the text and on nothing that it says."""

    def __init__(self, model: ModelFolder) -> None:
        self._real = SentenceTransformersEncoder(model)
        self.window, self.dimension, self.precision = self._real.window, self._real.dimension, self._real.precision

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """About as many."""
        return [int(TOKENS_A_WORD * len(text.split())) + 2 for text in texts]

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> EncodedPassages:
        """See PassageEncoder."""
        return EncodedPassages(
            np.stack([self._vectors(text, 1)[0] for text in texts]),
            tuple(self._vectors(text, len(spans)) for text, spans in zip(texts, sentences, strict=True)),
        )

    def _vectors(self, text: str, count: int) -> NDArray[np.float32]:
        rows = np.random.default_rng(zlib.crc32(text.encode())).standard_normal((count, self.dimension))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def export(self, folder: Path) -> None:
        """The default encoder's question side."""
        self._real.export(folder)


class SyntheticEncoders(InstalledEncoders):
    """The installed encoders, which draw vectors for passages."""

    def load(self, model: ModelFolder, *, precision: str = "auto") -> SyntheticEncoder:
        """See Encoders."""
        return SyntheticEncoder(model)

    def open_for_passages(self, folder: Path) -> None:
        """None: however few, their vectors are drawn by chance."""


def articles(count: int) -> Iterator[list[list[str]]]:
    """So many articles: paragraphs of sentences."""
    rng = np.random.default_rng(SEED)
    words = np.array(["".join(rng.choice(SYLLABLES, 3)) + str(n % 97) for n in range(VOCABULARY)])
    frequencies = 1.0 / np.arange(1, VOCABULARY + 1)
    frequencies /= frequencies.sum()
    for _ in range(count):
        drawn = rng.choice(words, (PARAGRAPHS, SENTENCES, SENTENCE), p=frequencies)
        yield [[" ".join(sentence).capitalize() + "." for sentence in paragraph] for paragraph in drawn.tolist()]


def main() -> None:
    """Write the articles and questions, and index."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=10_000)
    options = parser.parse_args()
    corpus = options.folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED + 1)
    total = max(1, options.passages // PARAGRAPHS)
    asked = set(rng.choice(total * PARAGRAPHS, min(options.questions, total * PARAGRAPHS), replace=False).tolist())
    with (options.folder / "questions.jsonl").open("w", encoding="utf-8") as questions:
        for number, paragraphs in enumerate(articles(total)):
            key = f"{number:06}.md"
            (corpus / key).write_text("\n\n".join(" ".join(sentences) for sentences in paragraphs) + "\n", "utf-8")
            for place, sentences in enumerate(paragraphs):
                if number * PARAGRAPHS + place in asked:
                    quote = sentences[int(rng.integers(SENTENCES))]
                    words = rng.permutation(quote.rstrip(".").lower().split())[:ASKED]
                    entry = {
                        "id": f"q{number * PARAGRAPHS + place:07}",
                        "question": " ".join(words) + "?",
                        "tags": ["synthetic"],
                        "gold": [{"document": key, "quote": quote}],
                    }
                    questions.write(json.dumps(entry) + "\n")
    began = time.perf_counter()
    settings = Settings(corpus=(str(corpus),), index=str(options.folder / "index"))
    report = update(settings, encoders=SyntheticEncoders())
    print(f"{report.documents:,} documents, {report.passages:,} passages: {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
