"""Makes an index of many passages of real text, and a question set for it, to measure time and memory.

    python benchmarks/million.py FOLDER SCIFACT SQUAD_SAMPLE CHROMA --passages 1000000 --questions 10000 --cache CACHE

SCIFACT and the others are data sets in BEIR layout with evidence. Their own documents come first, as they are, to half
of the passages at most. The rest are recombined: an article is made of sentences of one document and of those of its
collection that are nearest to it, ten paragraphs of them, each a passage and each another. A smaller index holds what
a larger one begins with.

The first `--encoded` passages are really encoded, and kept in CACHE, so that it is paid once: the data sets' own, and
some thousand recombined ones. The others get the token-weighted mean of their sentences' vectors, as these were
encoded where they come from. To it is added what such a mean lacks in recombined ones that were encoded: on average,
and drawn by chance as far as neighbours stay as near as real ones (their cosines are printed). Sentences' codes are
those of the sentences where they come from.

What such an index can tell: times, memory, bytes, and how much of an exact search an approximate one finds, as texts,
term statistics within a passage and nearest neighbours are like real ones. What it can't: quality, as every sentence
stands in dozens of passages of a million; and the size of a real million's dictionary, as there are only as many
words as in the data sets.

FOLDER gets corpus/, index/, questions.jsonl (half of the questions are the data sets' own, half are words of a
sentence; each has its answer in a document of a data set), exact.jsonl (the ten nearest passages to some questions, by
all vectors in full precision), and made.json: what each stage took, and the most memory, of this whole process.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from asking import questions
from briefqa.config import Settings
from briefqa.encoders.factory import INSTALLED
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.index.reader import open_generation
from briefqa.index.update import update
from mixing import Bank, MixingEncoder, Mixture, WordCounter, mixing
from recombining import (
    Article,
    Cut,
    Inventory,
    Sizes,
    Source,
    cut,
    markdown,
    read_sources,
    recombined,
    take_stock,
)

if TYPE_CHECKING:
    from briefqa.encoders.factory import Encoders
    from briefqa.protocols import PassageEncoder
    from briefqa.reports import IndexReport

OWN_SHARE = 0.5  # of the passages of an index, and
OWN_ENCODED = 0.7  # of those that are really encoded, at most
EXACT_QUESTIONS = 200
EXACT_DEPTH = 10
_BLOCK = 4096  # passages read at once


@dataclass(frozen=True, slots=True)
class Material:
    """What an index is made of: the data sets' own documents, cut, sentences to recombine, and how to encode."""

    sources: list[Source]
    cuts: list[list[Cut]]
    inventory: Inventory
    sizes: Sizes
    encoder: MixingEncoder
    likeness: dict[str, list[float]]


def gather(folders: Sequence[Path], cache: Path, *, encoded: int, encoders: Encoders, tell: Stages) -> Material:
    """Read the data sets, and really encode so many passages, unless `cache` has them."""
    model = encoders.find(DEFAULT_ENCODER)
    real = encoders.load(model)
    bank = Bank(cache / f"{model.sha256[:16]}-{getattr(real, 'precision', 'fp32')}")
    counter = cast("PassageEncoder", WordCounter(real))
    sources, cuts = [], []
    room = int(OWN_ENCODED * encoded)
    for source in read_sources(folders, counter):
        parts = cut(source.title, source.text, counter)
        if len(parts) <= room:
            room -= len(parts)
            sources.append(source)
            cuts.append(parts)
    flat = [part for parts in cuts for part in parts]
    bank.fill(flat, real, lambda done, total: tell("encoding the data sets", done, total))
    found = [bank.find(part.text, part.spans) for part in flat]
    vectors = [entry[1] for entry in found if entry is not None]
    inventory, places = take_stock(sources, cuts, vectors, counter)
    stock = zip(inventory.texts, inventory.tokens.tolist(), places, strict=True)
    mixture = Mixture({text: (vectors[passage][place], tokens) for text, tokens, (passage, place) in stock})
    sizes = Sizes.of(real.window)
    sample: list[Cut] = []
    for article in recombined(inventory, sizes):
        if len(flat) + len(sample) >= encoded:
            break
        sample += cut(article.title, body(article, inventory), counter)
    bank.fill(sample, real, lambda done, total: tell("encoding recombined passages", done, total))
    known = [(part, entry[0]) for part in sample if (entry := bank.find(part.text, part.spans)) is not None]
    cosines = mixture.learn([part for part, _ in known], np.array([vector for _, vector in known]))
    likeness = {name: np.percentile(values, [5, 50, 95]).round(3).tolist() for name, values in cosines.items()}
    tell("reading the data sets", 1, 1)
    return Material(sources, cuts, inventory, sizes, MixingEncoder(real, bank, mixture), likeness)


def body(article: Article, inventory: Inventory) -> str:
    """Its text."""
    return "\n\n".join(" ".join(inventory.texts[number] for number in entry) for entry in article.paragraphs)


def documents(material: Material, passages: int) -> Iterator[tuple[str, str, str]]:
    """Key, title and text of the articles that make up exactly so many passages."""
    left = passages
    for source, parts in zip(material.sources, material.cuts, strict=True):
        if passages - left + len(parts) <= OWN_SHARE * passages:
            left -= len(parts)
            yield source.key, source.title, source.text
    for article in recombined(material.inventory, material.sizes):
        if not left:
            return
        del article.paragraphs[left:]
        left -= len(article.paragraphs)
        yield article.key, article.title, body(article, material.inventory)


def exact(index: Path, encoder: MixingEncoder, asked: Sequence[str], encoders: Encoders) -> Iterator[dict[str, Any]]:
    """The nearest passages to each question by brute force over vectors as they were made, a block at a time."""
    reader = open_generation(index)
    vectors = encoders.open(reader.encoder_folder).encode_questions(asked)
    best = np.full((len(asked), EXACT_DEPTH), -np.inf, dtype=np.float32)
    numbers = np.zeros((len(asked), EXACT_DEPTH), dtype=np.int64)
    for start in range(0, len(reader), _BLOCK):
        block = range(start, min(start + _BLOCK, len(reader)))
        texts, spans = [], []
        for passage, document in reader.passages(block):
            text = f"{document.title}\n{passage.text}" if document.title else passage.text
            shift = len(text) - passage.end
            texts.append(text)
            spans.append(tuple((low + shift, high + shift) for low, high in passage.sentences))
        scores = np.concatenate([best, vectors @ encoder.encode_passages(texts, spans).vectors.T], axis=1)
        both = np.concatenate([numbers, np.tile(np.array(block), (len(asked), 1))], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :EXACT_DEPTH]
        best, numbers = np.take_along_axis(scores, order, 1), np.take_along_axis(both, order, 1)
    for question, cosines, found in zip(asked, best.tolist(), numbers.tolist(), strict=True):
        there = min(len(reader), EXACT_DEPTH)
        yield {"question": question, "passages": reader.passage_ids(found[:there]), "cosines": cosines[:there]}
    reader.close()


class Stages:
    """Takes the time of stages from their reports of progress, and tells it on a terminal."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """See Progress."""
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now
        if sys.stderr.isatty():
            print(f"\r{stage}: {done:,} of {total:,}\x1b[K", end="" if done < total else "\n", file=sys.stderr)


def make(
    folder: Path,
    folders: Sequence[Path],
    *,
    passages: int,
    asked: int,
    encoded: int,
    cache: Path,
    encoders: Encoders = INSTALLED,
    tell: Stages | None = None,
) -> tuple[IndexReport, Material]:
    """Write the articles and the questions, index, and search exactly. What is there already is brought up to date."""
    stages = tell or Stages()
    material = gather(folders, cache, encoded=encoded, encoders=encoders, tell=stages)
    corpus = folder / "corpus"
    own = {source.key: source.text for source in material.sources}
    texts: dict[str, str] = {}
    for number, (key, title, text) in enumerate(documents(material, passages), 1):
        _write_new(corpus / key, markdown(title, text))
        if key in own:
            texts[key] = text
        stages("writing articles", number, number + 1)
    entries = list(questions(folders, texts, asked))
    _write_new(folder / "questions.jsonl", "".join(json.dumps(entry) + "\n" for entry in entries))
    stages("writing questions", 1, 1)
    settings = Settings(corpus=(str(corpus),), index=str(folder / "index"))
    report = update(settings, encoders=mixing(encoders, material.encoder), progress=stages)
    stages("publishing", 1, 1)
    every = max(1, len(entries) // EXACT_QUESTIONS)
    some = [entry["question"] for entry in islice(entries[::every], EXACT_QUESTIONS)]
    found = exact(folder / "index", material.encoder, some, encoders)
    _write_new(folder / "exact.jsonl", "".join(json.dumps(entry) + "\n" for entry in found))
    stages("searching exactly", 1, 1)
    return report, material


def _write_new(path: Path, text: str) -> None:
    """Leave a file that says this already as it is, so that an index of it stays up to date."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> None:
    """Make the index and tell what each stage took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("datasets", type=Path, nargs="+", metavar="DATASET")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--encoded", type=int, default=20_000)
    parser.add_argument("--cache", type=Path, default=Path("build/encoded"))
    options = parser.parse_args()
    stages = Stages()
    report, material = make(
        options.folder,
        options.datasets,
        passages=options.passages,
        asked=options.questions,
        encoded=options.encoded,
        cache=options.cache,
        tell=stages,
    )
    told = {
        "documents": report.documents,
        "passages": report.passages,
        "sentences": len(material.inventory.texts),
        "cosines, 5th, 50th, 95th percentile": material.likeness,
        "seconds": {stage: round(value, 1) for stage, value in stages.seconds.items()},
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if report.changed_index:
        (options.folder / "made.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
