"""How well gold quotes are found again after small edits, and how often something else is taken for a deleted one.

    python benchmarks/gold_edits.py [FOLDER ...] [--limit N] [--seed N]

Without a folder the quotes are those of evals/briefs.jsonl in corpus/; a folder is a data set in the BEIR layout with
evidence.jsonl, whose pieces of evidence are the quotes (those of five words or more). Every quote is changed in its
document in each of several ways, by chance; then it is deleted, and looked for in its document and in all others.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from briefqa.corpus.loading import Unreadable, load, read
from briefqa.corpus.scan import scan
from briefqa.evaluation.alignment import Quote, Text
from briefqa.evaluation.datasets import load_questions
from briefqa.evaluation.gold_search import FEWEST_WORDS_ELSEWHERE
from briefqa.types import Source, Span
from tables import shown, summary, table

SEED = 20181121
THRESHOLDS = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
LEAST = 0.5

Edit = Callable[[str, Random, Sequence[str]], str]


def transposed(quote: str, rng: Random, _: Sequence[str]) -> str:
    """Two letters of a word change places."""

    def swap(word: str) -> str:
        place = rng.randrange(1, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    return _changed(quote, r"[^\W\d_]{5,}", rng, swap)


def reworded(quote: str, rng: Random, words: Sequence[str]) -> str:
    """A word becomes another one of the articles."""
    return _changed(quote, r"\b[a-z]{4,}\b", rng, lambda _: _drawn(words, rng, str.islower))


def renumbered(quote: str, rng: Random, _: Sequence[str]) -> str:
    """A number grows a little."""
    return _changed(quote, r"\d+", rng, lambda number: str(int(number) + rng.choice((1, 2, 3, 10))))


def renamed(quote: str, rng: Random, words: Sequence[str]) -> str:
    """A name becomes another one of the articles."""
    return _changed(quote, r"(?<=[a-z,] )[A-Z]\w{2,}", rng, lambda _: _drawn(words, rng, str.istitle))


def reworded_twice(quote: str, rng: Random, words: Sequence[str]) -> str:
    """Two words become others."""
    return reworded(reworded(quote, rng, words), rng, words)


def punctuated(quote: str, rng: Random, _: Sequence[str]) -> str:
    """A comma is added."""
    return _changed(quote, r"(?<=\w) (?=\w)", rng, lambda _: ", ")


def wrapped(quote: str, rng: Random, _: Sequence[str]) -> str:
    """A line ends in the middle."""
    return _changed(quote, r" ", rng, lambda _: "\n")


def extended(quote: str, rng: Random, words: Sequence[str]) -> str:
    """Three words are added."""
    return _changed(quote, r"(?<=\w) (?=\w)", rng, lambda _: f" {' '.join(rng.choices(words, k=3))} ")


def shortened(quote: str, rng: Random, _: Sequence[str]) -> str:
    """A sixth of the words, but the first and last, goes."""
    words = quote.split()
    count = len(words) // 6
    place = rng.randrange(1, max(2, len(words) - count))
    return " ".join(words[:place] + words[place + count :])


EDITS: Mapping[str, Edit] = {
    "letters exchanged": transposed,
    "word changed": reworded,
    "number changed": renumbered,
    "name changed": renamed,
    "two words changed": reworded_twice,
    "comma added": punctuated,
    "line broken": wrapped,
    "three words added": extended,
    "a sixth left out": shortened,
}


def _changed(text: str, pattern: str, rng: Random, change: Callable[[str], str]) -> str:
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    chosen = rng.choice(found)
    return text[: chosen.start()] + change(chosen[0]) + text[chosen.end() :]


def _drawn(words: Sequence[str], rng: Random, fits: Callable[[str], bool]) -> str:
    while not fits(word := rng.choice(words)):
        pass
    return word


def own_set() -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The project's briefs by key, and its (key, quote) golds."""
    texts: dict[str, str] = {}
    for file in scan([Source("corpus", "corpus")]).files:
        data = read(file)
        loaded = load(file, data, "corpus") if isinstance(data, bytes) else data
        if not isinstance(loaded, Unreadable):
            texts |= {entry.document.key: entry.document.text for entry in loaded}
    golds = [gold for question in load_questions("evals/briefs.jsonl") for gold in question.gold]
    return texts, [(gold.document, gold.quote) for gold in golds if gold.quote is not None]


def read_set(folder: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The texts of a data set by id, and its (id, quote) evidence."""
    corpus, evidence = (
        [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        for name in ("corpus.jsonl", "evidence.jsonl")
    )
    return {row["_id"]: row["text"] for row in corpus}, [(row["doc_id"], row["quote"]) for row in evidence]


def similarity_of_edit(quote: str, text: str, span: Span, new: str) -> float:
    """The similarity of the place found when `new` is in the place of the quote; 0 if it is not where it should be."""
    start, end = span[0], span[0] + len(new)
    changed = Text(text[: span[0]] + new + text[span[1] :])
    found = Quote(quote).find(changed)
    if found:
        return 1.0
    place = Quote(quote).nearest(changed, least=LEAST)
    if place is None:
        return 0.0
    shared = min(place.end, end) - max(place.start, start)
    return place.similarity if 2 * shared > max(place.end, end) - min(place.start, start) else 0.0


def measure(texts: Mapping[str, str], quotes: Sequence[tuple[str, str]], rng: Random) -> dict[str, list[float]]:
    """Kind of edit, or where a deleted quote was looked for -> similarities of what was found, 0 for nothing."""
    words = sorted({word for text in texts.values() for word in re.findall(r"\b[^\W\d_]{4,}\b", text)})
    prepared = {key: Text(text) for key, text in texts.items()}
    found: dict[str, list[float]] = {kind: [] for kind in (*EDITS, "own", "others")}
    for key, quote in quotes:
        sought, text = Quote(quote), texts[key]
        span = sought.find(prepared[key])
        if span is None:
            continue
        plain = " ".join(text[slice(*span)].split())
        for kind, edit in EDITS.items():
            new = edit(plain, rng, words)
            if new != plain:
                found[kind].append(similarity_of_edit(quote, text, span, new))
        rest = Text(text[: span[0]] + text[span[1] :])
        others = [other for name, other in prepared.items() if name != key and sought.may_stand_in(other, least=LEAST)]
        if any(sought.find(other) for other in (rest, *others)):
            continue
        place = sought.nearest(rest, least=LEAST)
        found["own"].append(place.similarity if place else 0.0)
        if sought.words >= FEWEST_WORDS_ELSEWHERE:
            places = [sought.nearest(other, least=LEAST) for other in others]
            found["others"].append(max((place.similarity for place in places if place), default=0.0))
    return found


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--limit", type=int, help="so many quotes of a set, by chance")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    for folder in options.folders or [None]:
        texts, quotes = read_set(folder) if folder else own_set()
        chosen = [entry for entry in dict.fromkeys(quotes) if len(entry[1].split()) >= 5]
        rng = random.Random(options.seed)
        if options.limit is not None and options.limit < len(chosen):
            chosen = rng.sample(chosen, options.limit)
        found = measure(texts, chosen, rng)
        print(f"\n{folder.name if folder else 'evals'}: {len(chosen)} quotes in {len(texts)} documents\n")
        rows = []
        for kind, values in found.items():
            label = {"own": "deleted: taken for it", "others": "the same in other documents"}.get(kind, kind)
            shares = [summary([float(value >= threshold) for value in values]) for threshold in THRESHOLDS]
            rows.append([label, len(values), *(shown(share) for share in shares)])
        print(table(["edit", "n", *map(str, THRESHOLDS)], rows))


if __name__ == "__main__":
    main()
