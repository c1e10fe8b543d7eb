"""How well copies of an article are told from other articles, by how much of the copy is edited, and what that costs.

    python benchmarks/duplicates.py [FOLDER ...] [--limit N] [--seed N]

A folder is a data set in the BEIR layout; without one, the articles are those of corpus/. Of each article of five
sentences or more a copy is made for every share of edited sentences: each of these is replaced by another article's,
left out, moved, or has words or numbers changed, by chance; every other copy also gains or loses a paragraph. Against
these stand articles that are no copies: the nearest others, and others with a shared passage (boilerplate) put in both.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from briefqa.corpus.duplicates import KEYS, LEAST_SHARED, at_most_shared, shared, shingles, sketch
from briefqa.corpus.loading import Unreadable, load, read
from briefqa.corpus.scan import scan
from briefqa.sentences import sentences
from briefqa.types import Source
from tables import shown, summary, table

SEED = 20181122
SHARES = (0.05, 0.1, 0.2, 0.4)
BOILERPLATE = (0.1, 0.2, 0.3)
EXCERPTS = (0.5, 0.25, 0.125)
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
FEWEST_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts: whether they share a key, what is estimated at most of what they share, and what they share."""

    candidate: bool
    estimated: float
    shared: float

    def alike(self, threshold: float) -> bool:
        """Whether an index with this threshold would put them into one group."""
        return self.candidate and self.estimated >= threshold and self.shared >= threshold


def compare(one: str, other: str) -> Pair:
    """Both as an index sees them."""
    first, second = sketch(one), sketch(other)
    same = (first[3:].view("<u2") == second[3:].view("<u2")).mean(keepdims=True)
    sizes = [np.array([float(row[0])]) for row in (first, second)]
    estimated = float(at_most_shared(same, sizes[0], sizes[1])[0])
    return Pair(bool((first[3:] == second[3:]).any()), estimated, shared(shingles(one), shingles(other)))


def split(text: str) -> list[str]:
    """The sentences of a text, without white space around them."""
    return [text[start:end] for start, end in sentences(text)]


def reworded(sentence: str, rng: Random, words: Sequence[str]) -> str:
    """A fifth of the words, one at least, become others."""
    parts = sentence.split()
    for place in rng.sample(range(len(parts)), max(1, len(parts) // 5)):
        parts[place] = rng.choice(words)
    return " ".join(parts)


def renumbered(sentence: str, rng: Random, words: Sequence[str]) -> str:
    """Every number grows; without one, words change."""
    if not re.search(r"\d", sentence):
        return reworded(sentence, rng, words)
    return re.sub(r"\d+", lambda found: str(int(found[0]) + rng.choice((1, 2, 10))), sentence)


def edited(
    text: str, share: float, rng: Random, others: Sequence[str], words: Sequence[str], *, paragraph: bool
) -> str:
    """A copy with `share` of its sentences, one at least, edited; with `paragraph`, one is put in or left out."""
    parts = split(text)
    moved: list[str] = []
    for place in rng.sample(range(len(parts)), max(1, round(share * len(parts)))):
        kind = rng.randrange(5)
        if kind == 0:
            parts[place] = rng.choice(split(rng.choice(others)) or [""])
        elif kind == 1:
            parts[place] = ""
        elif kind == 2:
            moved.append(parts[place])
            parts[place] = ""
        else:
            parts[place] = (reworded, renumbered)[kind - 3](parts[place], rng, words)
    for sentence in moved:
        parts.insert(rng.randrange(len(parts) + 1), sentence)
    if paragraph:
        place, length = rng.randrange(len(parts)), max(1, len(parts) // 5)
        if rng.random() < 0.5:
            del parts[place : place + length]
        else:
            parts[place:place] = ["\n\n", *split(rng.choice(others))[:length], "\n\n"]
    return " ".join(part for part in parts if part)


def with_boilerplate(text: str, other: str, share: float, boilerplate: str) -> tuple[str, str]:
    """Both texts with the same words at the end, which make up `share` of the first one."""
    count = round(share / (1.0 - share) * len(text.split()))
    end = " ".join((boilerplate.split() * (1 + count // max(1, len(boilerplate.split()))))[:count])
    return f"{text}\n\n{end}", f"{other}\n\n{end}"


def read_texts(folder: Path | None) -> list[str]:
    """The texts of a data set, of articles in paragraphs where several have one title, or those of corpus/."""
    if folder is None:
        texts = []
        for file in scan([Source("corpus", "corpus")]).files:
            data = read(file)
            loaded = load(file, data, "corpus") if isinstance(data, bytes) else data
            texts += [] if isinstance(loaded, Unreadable) else [entry.document.text for entry in loaded]
        return texts
    rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]
    by_title: dict[str, list[str]] = {}
    for row in rows:
        by_title.setdefault(row["title"], []).append(row["text"])
    return ["\n\n".join(parts) for parts in by_title.values()]


def nearest_others(texts: Sequence[str]) -> list[tuple[int, int]]:
    """For each text the one with most equal MinHashes."""
    rows = np.array([sketch(text)[3:] for text in texts]).view("<u2")
    pairs = set()
    for number, row in enumerate(rows):
        alike = (rows == row).sum(axis=1)
        alike[number] = -1
        other = int(alike.argmax())
        pairs.add((min(number, other), max(number, other)))
    return sorted(pairs)


def measure(texts: Sequence[str], rng: Random, *, limit: int) -> dict[str, list[Pair]]:
    """Kind of pair -> the pairs."""
    usable = [text for text in texts if len(split(text)) >= FEWEST_SENTENCES]
    chosen = rng.sample(usable, min(limit, len(usable)))
    words = sorted({word for text in texts for word in re.findall(r"\b[^\W\d_]{3,}\b", text)})
    found: dict[str, list[Pair]] = {}
    for share in SHARES:
        found[f"{share:.0%} of the sentences edited"] = [
            compare(text, edited(text, share, rng, texts, words, paragraph=bool(number % 2)))
            for number, text in enumerate(chosen)
        ]
    for share in EXCERPTS:
        parts = [(text, split(text)) for text in chosen]
        found[f"the first {share:.1%} alone"] = [
            compare(text, " ".join(part[: max(2, round(share * len(part)))])) for text, part in parts
        ]
    found["no copy: the nearest other"] = [compare(texts[one], texts[other]) for one, other in nearest_others(texts)]
    for share in BOILERPLATE:
        drawn = [(text, *rng.sample([other for other in texts if other != text], 2)) for text in chosen]
        found[f"no copy: {share:.0%} of it shared"] = [
            compare(*with_boilerplate(text, other, share, boilerplate)) for text, other, boilerplate in drawn
        ]
    return found


def main() -> None:
    """Print a table for each set, and the cost of a sketch."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--limit", type=int, default=500, help="so many articles of a set, by chance")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    print(f"Sketches of {KEYS} keys; the index's threshold is {LEAST_SHARED}.")
    for folder in options.folders or [None]:
        texts = read_texts(folder)
        began = time.perf_counter()
        for text in texts:
            sketch(text)
        took = 1000.0 * (time.perf_counter() - began)
        count = sum(len(text.split()) for text in texts)
        print(f"\n{folder.name if folder else 'corpus'}: {len(texts)} articles of {count / len(texts):.0f} words;")
        print(f"a sketch takes {500.0 * took / count:.2f} ms for 500 words\n")
        rows: list[list[object]] = []
        for kind, pairs in measure(texts, Random(options.seed), limit=options.limit).items():
            shares = [summary([float(pair.alike(threshold)) for pair in pairs]) for threshold in THRESHOLDS]
            rows.append([kind, len(pairs), *(shown(share) for share in shares)])
        print(table(["pairs", "n", *(f"alike at {threshold}" for threshold in THRESHOLDS)], rows))


if __name__ == "__main__":
    main()
