"""txtai with dense and sparse vectors, and its own store of texts."""

from __future__ import annotations

import sys

from peer import MODEL, Found, Search, main, slices
from txtai import Embeddings


def build(articles: str, store: str) -> None:
    """Index slices."""
    passages = slices(articles)
    embeddings = Embeddings(path=MODEL, content=True, hybrid=True, gpu=False)
    embeddings.index([(f"{name}\t{number}", text, None) for number, (name, text) in enumerate(passages)])
    embeddings.save(store)


def load(store: str) -> Search:
    """Load the index."""
    embeddings = Embeddings()
    embeddings.load(store)

    def search(question: str, k: int) -> Found:
        return [(entry["id"].split("\t")[0], entry["text"]) for entry in embeddings.search(question, k)]

    return search


if __name__ == "__main__":
    main(build, load, sys.argv[1:])
