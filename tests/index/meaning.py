"""What an index says, whatever its segments: to compare one that grew by changes with one that was made at once."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from briefqa.analysis import terms
from briefqa.index.lexical import deleted_share
from briefqa.index.reader import GenerationReader, open_generation
from briefqa.index.verify import verify
from tests.fakes import bag_of_words
from tests.index.folders import INDEX

WORDS = ["amber", "bronze", "copper", "diamond", "emerald", "flint", "granite", "helium", "iron", "jade", "krypton"]
QUESTIONS = ["amber granite", "Which copper holds iron?", "jade", "flint diamond helium krypton bronze"]


def write_article(path: Path, chance: random.Random) -> None:
    """An article of one to four passages, as the fake encoder reads them."""
    paragraphs = [
        " ".join(f"{' '.join(chance.choices(WORDS, k=9)).capitalize()} {chance.randint(0, 99)}." for _ in range(5))
        for _ in range(chance.randint(1, 4))
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    title = f"# {chance.choice(WORDS)} {chance.randint(0, 9)}\n\n" if chance.random() < 0.5 else ""
    path.write_text(title + "\n\n".join(paragraphs) + "\n", encoding="utf-8")


def dead_passages(reader: GenerationReader) -> set[int]:
    """The numbers that no longer count."""
    return set(reader.segments.tombstones.passages.tolist())


def meaning(index: Path = INDEX) -> dict[str, Any]:
    """All that can be asked but BM25's scores, by ids; it holds no number."""
    assert verify(index)[1] == []
    reader = open_generation(index)
    try:
        numbers = reader.numbers()
        ids = dict(zip(numbers, reader.passage_ids(numbers), strict=True))
        vectors = {name: bag_of_words(name, "all-MiniLM-L6-v2") for name in QUESTIONS}
        assert len(numbers) == len(reader)
        assert not dead_passages(reader) & set(numbers)
        told: dict[str, Any] = {
            "passages": {passage.id: (passage, document) for passage, document in reader.passages(numbers)},
            "vectors": {
                ids[n]: row.tobytes() for n, row in zip(numbers, reader.segments.vectors(numbers), strict=True)
            },
            "codes": {ids[n]: code.tobytes() for n, code in zip(numbers, reader.segments.codes(numbers), strict=True)},
            "documents": list(reader.documents()),
            "contents": reader.segments.contents(),
            "frequencies": {word: reader.document_frequency(word) for term in WORDS for word in terms(term)},
            "found": {word: sorted(ids[n] for n, _ in reader.lexical_top(terms(word), 10_000)) for word in WORDS},
            "looked up": {name: reader.look_up(name, 1) for name in ids.values()},
            "counts": (reader.manifest.documents, reader.manifest.passages),
            "groups": sorted(
                sorted(document.id for document, _ in reader.group(group)) for group in reader.duplicates.groups()
            ),
        }
        for name, vector in vectors.items():
            found = reader.dense_top(vector, len(numbers) + 5)
            # In the last digit a product depends on which rows it is taken with.
            told[f"dense {name}"] = sorted((round(score, 5), ids[number]) for number, score in found)
            scores = dict(zip(numbers, reader.dense_scores(vector, numbers), strict=True))
            assert all(abs(scores[number] - score) < 1e-6 for number, score in found)
            nearest = [score for _, score in reader.dense_top(vector, 5)]
            assert nearest == [score for _, score in found[:5]] == sorted(nearest, reverse=True)
            told[f"median {name}"] = round(reader.dense_median(vector), 5)
            cosines = zip(numbers, reader.sentence_cosines(vector, numbers), strict=True)
            told[f"sentences {name}"] = {ids[number]: [round(value, 5) for value in row] for number, row in cosines}
        return told
    finally:
        reader.close()


def bm25(index: Path = INDEX) -> tuple[dict[str, dict[str, float]], float]:
    """BM25 of every passage for each question, and the share of deleted passages that still count for it."""
    reader = open_generation(index)
    try:
        scores = {}
        for question in QUESTIONS:
            found = reader.lexical_top(terms(question), 10_000)
            ids = reader.passage_ids([number for number, _ in found])
            scores[question] = dict(zip(ids, (score for _, score in found), strict=True))
        return scores, deleted_share(reader.folder)
    finally:
        reader.close()


def segment_sizes(index: Path = INDEX) -> list[tuple[int, int]]:
    """Of each segment how many passages count, and how many lie in it."""
    reader = open_generation(index)
    try:
        return [(len(segment.live), segment.record.passages) for segment in reader.segments.opened]
    finally:
        reader.close()
