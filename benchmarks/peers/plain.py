"""sentence-transformers and FAISS by hand: what most people write first."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import faiss
from peer import MODEL, Found, Search, main, slices
from sentence_transformers import SentenceTransformer


def build(articles: str, store: str) -> None:
    """Encode slices and save them."""
    passages = slices(articles)
    model = SentenceTransformer(MODEL, device="cpu")
    vectors = model.encode([text for _, text in passages], normalize_embeddings=True, show_progress_bar=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    Path(store).mkdir(parents=True)
    faiss.write_index(index, str(Path(store, "plain.faiss")))
    Path(store, "passages.json").write_text(json.dumps(passages), encoding="utf-8")


def load(store: str) -> Search:
    """Read them back."""
    index = faiss.read_index(str(Path(store, "plain.faiss")))
    passages = json.loads(Path(store, "passages.json").read_text(encoding="utf-8"))
    model = SentenceTransformer(MODEL, device="cpu")

    def search(question: str, k: int) -> Found:
        _, numbers = index.search(model.encode([question], normalize_embeddings=True), min(k, len(passages)))
        return [tuple(passages[number]) for number in numbers[0]]

    return search


if __name__ == "__main__":
    main(build, load, sys.argv[1:])
