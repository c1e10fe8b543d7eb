"""LlamaIndex's vector store index, with the splitter that it has by default."""

from __future__ import annotations

import sys

from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from peer import MODEL, Found, Search, documents, main


def build(articles: str, store: str) -> None:
    """Split, encode and persist."""
    Settings.embed_model = HuggingFaceEmbedding(model_name=MODEL, device="cpu")
    texts = [Document(text=text, metadata={"name": name}) for name, text in documents(articles)]
    VectorStoreIndex.from_documents(texts).storage_context.persist(store)


def load(store: str) -> Search:
    """Load the index."""
    Settings.embed_model = HuggingFaceEmbedding(model_name=MODEL, device="cpu")
    index = load_index_from_storage(StorageContext.from_defaults(persist_dir=store))

    def search(question: str, k: int) -> Found:
        nodes = index.as_retriever(similarity_top_k=k).retrieve(question)
        return [(found.node.metadata["name"], found.node.get_content()) for found in nodes]

    return search


if __name__ == "__main__":
    main(build, load, sys.argv[1:])
