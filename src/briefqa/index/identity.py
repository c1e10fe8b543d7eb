"""Which articles were indexed and how: what tells two measurements apart that look alike."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.index.reader import GenerationReader


def identify(reader: GenerationReader) -> dict[str, str | int | None]:
    """The generation's making. `corpus_sha256` is over the names and contents of the articles alone: the same
    wherever, and however often, they are indexed."""
    manifest = reader.manifest
    articles = "".join(f"{sha256}  {key}\n" for key, sha256 in sorted(reader.segments.contents()))
    reranker = manifest.reranker
    return {
        "corpus_sha256": hashlib.sha256(articles.encode("utf-8", "surrogatepass")).hexdigest(),
        "documents": manifest.documents,
        "passages": manifest.passages,
        "passage_tokens": manifest.chunking.passage_tokens,
        "overlap_tokens": manifest.chunking.overlap_tokens,
        "analysis": manifest.analysis,
        "encoder": manifest.encoder.name,
        "encoder_sha256": manifest.encoder.sha256,
        "precision": manifest.encoder.precision,
        "reranker_sha256": reranker.sha256 if reranker else None,
    }
