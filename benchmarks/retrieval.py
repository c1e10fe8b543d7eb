"""Ranks the documents of public data sets with each retriever: nDCG@10 and recall@10, with 95% intervals.

    python benchmarks/retrieval.py SCIFACT SQUAD_SAMPLE --cache FOLDER

A document is ranked by its best passage among the 100 best. Questions without a relevant document are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

from beir import index_dataset, load_benchmark
from briefqa.config import RetrieverName, Settings
from briefqa.encoders.factory import INSTALLED
from briefqa.evaluation.metrics import best_passage_per_document, ndcg, recall
from briefqa.evaluation.statistics import mean_interval
from briefqa.index.reader import open_generation
from briefqa.retrieval.retrievers import make_retriever

DEPTH = 100


def main() -> None:
    """Index what is not indexed yet, rank, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="a folder for the indexes")
    options = parser.parse_args()
    for dataset in options.datasets:
        settings = index_dataset(dataset, options.cache)
        questions = {entry.id: entry for entry in load_benchmark(dataset) if entry.documents}
        qrels = {identity: dict.fromkeys(entry.documents, 1) for identity, entry in questions.items()}
        for name in get_args(RetrieverName):
            run = _rank(replace(settings, retriever=name), {key: entry.text for key, entry in questions.items()})
            for label, values in (("nDCG@10", ndcg(qrels, run, k=10)), ("R@10", recall(qrels, run, k=10))):
                scores = list(values.values())
                interval = mean_interval(scores)
                low, high = interval[0] if interval else (0.0, 0.0)
                mean = sum(scores) / len(scores)
                print(f"{dataset.name:14} {name:8} {label:8} {mean:.3f}  {low:.3f} to {high:.3f}  n {len(scores)}")


def _rank(settings: Settings, questions: Mapping[str, str]) -> dict[str, list[str]]:
    reader = open_generation(Path(settings.index))
    retriever = make_retriever(settings, reader, lambda: INSTALLED.open(reader.encoder_folder))
    keys = {document.id: document.key for _, document in reader.catalog.documents()}
    run = {}
    for identity, question in questions.items():
        rows = reader.catalog.passage_rows([entry.number for entry in retriever.retrieve(question, DEPTH)])
        numbers = {row.document for row in rows}
        ids = {number: reader.catalog.document(number).id for number in numbers}
        ranked = best_passage_per_document((row.id, ids[row.document]) for row in rows)
        run[identity] = [keys[document] for document in ranked]
    return run


if __name__ == "__main__":
    main()
