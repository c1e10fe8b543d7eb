"""Fits what the evidence adds to a fused score, and prints it as it stands in briefqa/retrieval/evidence.py.

    python benchmarks/fit_ranking.py SCIFACT CHROMA SQUAD_SAMPLE --cache FOLDER

Fitted on the even questions of each set, each set counting alike; the odd ones are left to benchmarks/quality.py. A
passage is right when it holds half of what answers the question, or, for a set that judges documents, is of a relevant
one. The fused score has the weight of the settings' `dense_weight`, and keeps it. The fit gives the weights against
each other; how much all of them count against the fused score is what gives the best mean reciprocal rank.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np

from beir import Bench, BenchmarkQuestion, open_dataset, overlap
from briefqa.retrieval.evidence import DEPTH, gather_evidence
from briefqa.retrieval.retrievers import HybridRetriever
from briefqa.types import Document, Evidence, Passage
from listwise import Array, RankedList, fit

PENALTY = 3.0
SCALES = (0.25, 0.5, 0.75, 1.0, 1.25)


def collect(bench: Bench) -> list[RankedList]:
    """The first-stage candidates of every even question, with the fused score and the evidence."""
    retriever = HybridRetriever(bench.reader, bench.encoder, weight=bench.settings.dense_weight)
    asked = [question for question in bench.questions if question.documents and not question.odd]
    lists = []
    for question in asked:
        found = retriever.retrieve(question.text, DEPTH)
        numbers = [candidate.number for candidate in found]
        evidence = gather_evidence(question.text, numbers, bench.reader, bench.encoder)
        rows = [(candidate.score, *astuple(entry)) for candidate, entry in zip(found, evidence, strict=True)]
        right = [_is_right(question, *entry) for entry in bench.reader.passages(numbers)]
        lists.append(RankedList(np.array(rows), np.array(right), 1.0 / len(asked)))
    return lists


def _is_right(question: BenchmarkQuestion, passage: Passage, document: Document) -> bool:
    if len(question.gold) and len(document.text) > 4 * len(passage.text):  # a long document is not one answer
        return any(
            key == document.key and 2 * overlap(passage, span) >= span[1] - span[0] for key, span in question.gold
        )
    return document.key in question.documents


def reciprocal_rank(lists: Sequence[RankedList], weights: Array) -> float:
    """The mean over the lists with a right candidate, each as it counts, of 1 / rank of the first one."""
    told = [entry for entry in lists if entry.right.any()]
    ranks = [1 + int(np.argmax(entry.right[np.argsort(-(entry.features @ weights), kind="stable")])) for entry in told]
    return float(np.average([1.0 / rank for rank in ranks], weights=[entry.weight for entry in told]))


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="a folder for the indexes")
    parser.add_argument("--passage-tokens", type=int)
    options = parser.parse_args()
    chosen = {"passage_tokens": options.passage_tokens} if options.passage_tokens else {}
    lists = [entry for dataset in options.datasets for entry in collect(open_dataset(dataset, options.cache, **chosen))]
    names = [field.name for field in fields(Evidence)]
    weights = fit(lists, penalty=PENALTY, columns=range(1 + len(names)))
    evidence = weights[1:] / weights[0]
    found = {scale: reciprocal_rank(lists, np.array([1.0, *(scale * evidence)])) for scale in (0.0, *SCALES)}
    for scale, rank in found.items():
        print(f"{len(lists)} questions, evidence times {scale:.2f}: mean reciprocal rank {rank:.4f}")
    best = max(found, key=lambda scale: found[scale])
    for name, weight in zip(names, best * evidence, strict=True):
        print(f"    {name}={weight:.2f},")


if __name__ == "__main__":
    main()
