"""What each part of picking quotes is worth: an ablation on a data set with evidence and on the project's questions.

    python benchmarks/quotes.py SQUAD_SAMPLE --cache FOLDER      (in the project's folder, with its index made)

A quote is right when it is of a gold document and holds the gold text, white space aside. "Printed" are the quotes that
the product would print if it answered every question; missed and false answers are those at the default threshold.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from beir import index_dataset, load_benchmark
from briefqa import question as question_module
from briefqa.answering import quotes as quotes_module
from briefqa.answering.answer import make_hits
from briefqa.answering.confidence import confidence, measure
from briefqa.answering.expected import Expected
from briefqa.config import Settings
from briefqa.encoders.factory import INSTALLED
from briefqa.evaluation.datasets import load_questions
from briefqa.index.reader import GenerationReader, open_generation
from briefqa.protocols import Candidate, QuestionEncoder
from briefqa.retrieval.retrievers import HybridRetriever
from briefqa.types import Hit

QUOTES, QUESTION = quotes_module.__name__, question_module.__name__
NO_OFFERS: Mapping[Expected, float] = {}
NUMBERS_AND_DATES = {Expected.NUMBER: 0.3, Expected.DATE: 0.3}
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "words and passage": {f"{QUOTES}._COSINE_WEIGHT": 0.0, f"{QUOTES}._OFFER_WEIGHTS": NO_OFFERS},
    "+ cosine of every sentence": {f"{QUOTES}._COMPARED": 1000, f"{QUOTES}._OFFER_WEIGHTS": NO_OFFERS},
    "+ cosine of eight": {f"{QUOTES}._COMPARED": 8, f"{QUOTES}._OFFER_WEIGHTS": NO_OFFERS},
    "+ cosine of twelve": {f"{QUOTES}._OFFER_WEIGHTS": NO_OFFERS},
    "+ numbers and dates": {f"{QUOTES}._OFFER_WEIGHTS": NUMBERS_AND_DATES},
    "+ lists, persons: the default": {},
    "default, unseen words in full": {f"{QUESTION}._UNSEEN": 1.0},
    "default, further quotes to .62": {f"{QUOTES}._FURTHER_SHARE": 0.62},
    "default, further quotes to .80": {f"{QUOTES}._FURTHER_SHARE": 0.80},
}


@dataclass(slots=True)
class Case:
    """A question with what was retrieved for it, and the cosines of the texts it was compared with so far."""

    text: str
    gold: Sequence[tuple[str, str]]
    candidates: Sequence[Candidate]
    hits: Sequence[Hit]
    vector: NDArray[np.float32]
    cosines: dict[str, float] = field(default_factory=dict)


class Bench:
    """Questions on one index."""

    def __init__(self, settings: Settings, questions: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> None:
        self.settings = settings
        self.reader: GenerationReader = open_generation(Path(settings.index))
        self.encoder: QuestionEncoder = INSTALLED.open(self.reader.encoder_folder)
        retriever = HybridRetriever(self.reader, self.encoder, weight=settings.dense_weight)
        self.cases = []
        for text, gold in questions:
            found = retriever.retrieve(text, 50)
            vector = self.encoder.encode_questions([text])[0]
            self.cases.append(Case(text, gold, found, make_hits(found[:5], self.reader), vector))

    def row(self) -> str:
        """The figures of the code as it is patched now."""
        first, three, five, printed, number, missed, false = [], [], [], [], [], [], []
        for case in self.cases:
            analysed = question_module.analyse_question(case.text, self.reader)
            ranked = quotes_module.rank_quotes(analysed, case.hits, similarity=self._similarity(case))
            sure = confidence(measure(analysed, [entry.scores for entry in case.candidates], ranked))
            answered = sure >= self.settings.min_confidence
            if not case.gold:
                false.append(answered)
                continue
            picked = quotes_module.pick_quotes(ranked, limit=self.settings.max_quotes)
            right = [_right(quote, case.gold) for quote in ranked[:5]]
            first.append(any(right[:1]))
            three.append(any(right[:3]))
            five.append(any(right))
            printed.append(any(_right(quote, case.gold) for quote in picked))
            number.append(len(picked))
            missed.append(not answered)
        shares = [float(np.mean(values)) for values in (first, three, five, printed, missed)]
        told = "  ".join(f"{share:.3f}" for share in shares[:4]) + f"  {np.mean(number):5.2f}  {shares[4]:.3f}"
        return told + (f"  {np.mean(false):.3f}" if false else "      -")

    def _similarity(self, case: Case) -> Callable[[Sequence[str]], list[float]]:
        def similarity(texts: Sequence[str]) -> list[float]:
            unknown = [text for text in texts if text not in case.cosines]
            case.cosines.update(zip(unknown, self.encoder.encode_passages(unknown) @ case.vector, strict=True))
            return [float(case.cosines[text]) for text in texts]

        return similarity


def _right(quote: quotes_module.Quote, gold: Sequence[tuple[str, str]]) -> bool:
    text = " ".join(quote.text.split())
    return any(
        key == quote.hit.document.key and " ".join(wanted.split()).rstrip(" .;:") in text for key, wanted in gold
    )


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="a folder for the data set's index")
    options = parser.parse_args()
    public = [(entry.text, entry.gold) for entry in load_benchmark(options.dataset) if entry.gold][::2]
    own = [
        (entry.text, [(gold.document, gold.quote) for gold in entry.gold])
        for entry in load_questions(Settings().questions)
    ]
    for name, settings, questions in (
        (options.dataset.name, index_dataset(options.dataset, options.cache), public),
        ("evals", Settings(), own),
    ):
        bench = Bench(settings, questions)
        print(f"{name}, {sum(bool(gold) for _, gold in questions)} answerable questions")
        print(f"{'':32}first  three  five   printed  no.  missed  false")
        for variant, values in VARIANTS.items():
            with ExitStack() as patches:
                for target, value in values.items():
                    patches.enter_context(patch(target, value))
                print(f"{variant:32}{bench.row()}", flush=True)


if __name__ == "__main__":
    main()
