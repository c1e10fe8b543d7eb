"""LangChain's FAISS store, with its recursive splitter at 1,000 characters and 200 of overlap."""

from __future__ import annotations

import sys

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from peer import MODEL, SLICE, Found, Search, documents, main

OVERLAP = 200


def build(articles: str, store: str) -> None:
    """Split, encode and save."""
    names, texts = zip(*documents(articles), strict=True)
    splitter = RecursiveCharacterTextSplitter(chunk_size=SLICE, chunk_overlap=OVERLAP)
    split = splitter.create_documents(list(texts), [{"name": name} for name in names])
    FAISS.from_documents(split, HuggingFaceEmbeddings(model_name=MODEL)).save_local(store)


def load(store: str) -> Search:
    """Load the store."""
    loaded = FAISS.load_local(store, HuggingFaceEmbeddings(model_name=MODEL), allow_dangerous_deserialization=True)

    def search(question: str, k: int) -> Found:
        return [(found.metadata["name"], found.page_content) for found in loaded.similarity_search(question, k=k)]

    return search


if __name__ == "__main__":
    main(build, load, sys.argv[1:])
