"""Data sets in the BEIR layout with evidence (corpus, queries, qrels, evidence), indexed by briefqa itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefqa.config import Settings
from briefqa.index.update import update


@dataclass(frozen=True, slots=True)
class BenchmarkQuestion:
    """A question, the keys of its relevant documents, and (document key, quote) pairs where the set has evidence."""

    id: str
    text: str
    documents: tuple[str, ...]
    gold: tuple[tuple[str, str], ...]


def index_dataset(dataset: Path, cache: Path, **settings: Any) -> Settings:
    """Write the data set's documents as Markdown files into `cache`, index them there, and give the settings."""
    articles = cache / dataset.name / "articles"
    articles.mkdir(parents=True, exist_ok=True)
    for row in _rows(dataset / "corpus.jsonl"):
        path = articles / key(row["_id"])
        content = f"---\ntitle: {json.dumps(row.get('title') or None)}\n---\n{row['text']}\n"
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
    chosen = Settings(corpus=(str(articles),), index=str(cache / dataset.name / "index"), **settings)
    update(chosen)
    return chosen


def load_benchmark(dataset: Path) -> list[BenchmarkQuestion]:
    """The questions of a data set, in its order."""
    gold: dict[str, list[tuple[str, str]]] = {}
    for row in _rows(dataset / "evidence.jsonl"):
        gold.setdefault(row["query_id"], []).append((key(row["doc_id"]), row["quote"]))
    relevant: dict[str, list[str]] = {}
    for line in (dataset / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        identity, document, gain = line.split("\t")
        if int(gain) > 0:
            relevant.setdefault(identity, []).append(key(document))
    return [
        BenchmarkQuestion(row["_id"], row["text"], tuple(relevant.get(row["_id"], ())), tuple(gold.get(row["_id"], ())))
        for row in _rows(dataset / "queries.jsonl")
    ]


def key(document: str) -> str:
    """The file name for a document's id."""
    return document.replace("/", "_") + ".md"


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
