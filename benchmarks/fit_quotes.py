"""Fits the weights that rank sentences as quotes, and prints them as they stand in briefqa/answering/quotes.py.

    python benchmarks/fit_quotes.py SQUAD_SAMPLE CHROMA SCIFACT --cache FOLDER

Fitted on the even questions of each set, each set counting alike; the odd ones are left to benchmarks/quality.py. A
quote is right when it holds what answers the question, word for word, in a document that answers it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from beir import Bench, open_dataset
from briefqa.answering.answer import judge
from briefqa.answering.quotes import Fit
from briefqa.api import DEPTH
from briefqa.retrieval.retrievers import make_retriever
from listwise import RankedList, fit
from right import is_right

PENALTY = 1.0
OF_WORDS = range(4)


def collect(bench: Bench) -> list[RankedList]:
    """Every sentence of the best passages for every even question with evidence."""
    retriever = make_retriever(bench.settings, bench.reader, lambda: bench.encoder)
    asked = [question for question in bench.questions if question.gold and not question.odd]
    lists = []
    for question in asked:
        ranked = judge(question.text, retriever.retrieve(question.text, DEPTH), bench.reader, bench.encoder).ranked
        right = np.array([is_right(quote, question) for quote in ranked], dtype=bool)
        rows = np.array([quote.fit for quote in ranked])
        lists.append(RankedList(rows, right, 1.0 / len(asked)))
    return lists


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="a folder for the indexes")
    options = parser.parse_args()
    lists = [entry for dataset in options.datasets for entry in collect(open_dataset(dataset, options.cache))]
    for name, columns in (("with an encoder", range(len(Fit._fields))), ("words alone", OF_WORDS)):
        weights = fit(lists, penalty=PENALTY, columns=columns)
        print(name, tuple(round(float(weight), 2) for weight in weights))


if __name__ == "__main__":
    main()
