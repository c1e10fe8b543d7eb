"""Chroma's persistent client."""

from __future__ import annotations

import sys

import chromadb
from chromadb.config import Settings
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction
from peer import MODEL, Found, Search, main, slices

BATCH = 1000
NAME = "articles"


def _client(store: str) -> chromadb.ClientAPI:
    return chromadb.PersistentClient(store, Settings(anonymized_telemetry=False))


def build(articles: str, store: str) -> None:
    """Add slices to a collection."""
    passages = slices(articles)
    collection = _client(store).create_collection(
        NAME,
        embedding_function=SentenceTransformerEmbeddingFunction(model_name=MODEL, device="cpu"),
        metadata={"hnsw:space": "cosine"},
    )
    for start in range(0, len(passages), BATCH):
        batch = passages[start : start + BATCH]
        collection.add(
            ids=[str(start + number) for number in range(len(batch))],
            documents=[text for _, text in batch],
            metadatas=[{"name": name} for name, _ in batch],
        )


def load(store: str) -> Search:
    """Open the collection."""
    collection = _client(store).get_collection(
        NAME, embedding_function=SentenceTransformerEmbeddingFunction(model_name=MODEL, device="cpu")
    )
    most = collection.count()

    def search(question: str, k: int) -> Found:
        found = collection.query(query_texts=[question], n_results=min(k, most))
        names = [entry["name"] for entry in found["metadatas"][0]]
        return list(zip(names, found["documents"][0], strict=True))

    return search


if __name__ == "__main__":
    main(build, load, sys.argv[1:])
