"""Fits the weights behind the confidence, and prints them as they stand in briefqa/answering/confidence.py.

    python benchmarks/fit_confidence.py SQUAD_SAMPLE CHROMA SCIFACT --cache FOLDER

Answerable are questions with their gold in the index. Not answerable are, in equal numbers, the same kind of
questions with the gold passages left out of what was retrieved (near misses), and questions of the other sets (off
topic). Each set counts alike. The even questions are fitted on, the odd ones judge; the shipped weights use all.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from beir import BenchmarkQuestion, index_dataset, load_benchmark
from briefqa.answering.answer import make_hits
from briefqa.answering.confidence import Features, measure
from briefqa.answering.quotes import rank_quotes
from briefqa.encoders.factory import INSTALLED
from briefqa.index.reader import GenerationReader, open_generation
from briefqa.protocols import Candidate, QuestionEncoder
from briefqa.question import analyse_question
from briefqa.retrieval.retrievers import HybridRetriever

SEED = 20181121
A_KIND = 350  # questions of a kind and set
WORDS = 3  # the first features, which need no encoder


@dataclass(frozen=True, slots=True)
class Case:
    """One question asked of one index, and whether its answer was there."""

    dataset: str
    kind: str
    features: Features
    odd: bool


class Set:
    """An indexed data set."""

    def __init__(self, dataset: Path, cache: Path) -> None:
        self.name = dataset.name
        settings = index_dataset(dataset, cache)
        self.reader: GenerationReader = open_generation(Path(settings.index))
        self.encoder: QuestionEncoder = INSTALLED.open(self.reader.encoder_folder)
        self.retriever = HybridRetriever(self.reader, self.encoder, weight=settings.dense_weight)
        answerable = [question for question in load_benchmark(dataset) if question.gold]
        self.questions = random.Random(SEED).sample(answerable, min(len(answerable), 2 * A_KIND))

    def features(self, question: BenchmarkQuestion, *, without_gold: bool = False) -> Features:
        """What the product measures, with or without the passages that hold the gold."""
        candidates = self.retriever.retrieve(question.text, 60)
        if without_gold:
            candidates = [entry for entry in candidates if not self._holds_gold(entry, question)]
        candidates = candidates[:50]
        analysed = analyse_question(question.text, self.reader)
        vector = self.encoder.encode_questions([question.text])[0]
        ranked = rank_quotes(
            analysed,
            make_hits(candidates[:5], self.reader),
            similarity=lambda texts: [float(cosine) for cosine in self.encoder.encode_passages(texts) @ vector],
        )
        return measure(analysed, [entry.scores for entry in candidates], ranked)

    def _holds_gold(self, candidate: Candidate, question: BenchmarkQuestion) -> bool:
        ((passage, document),) = self.reader.passages([candidate.number])
        for gold_key, quote in question.gold:
            start = document.text.find(quote) if gold_key == document.key else -1
            if start >= 0 and passage.start < start + len(quote) and start < passage.end:
                return True
        return False


def collect(sets: Sequence[Set]) -> list[Case]:
    """Every case: answerable, gold left out, and asked of the next set's index."""
    cases = []
    for place, entry in enumerate(sets):
        other = sets[(place + 1) % len(sets)]
        for number, question in enumerate(entry.questions):
            odd = number // 2 % 2 == 1
            if number % 2:
                cases.append(Case(entry.name, "answerable", entry.features(question), odd))
            else:
                cases.append(Case(entry.name, "left out", entry.features(question, without_gold=True), odd))
                cases.append(Case(entry.name, "off topic", other.features(question), odd))
    return cases


def fit(cases: Sequence[Case], columns: int) -> LogisticRegression:
    """A logistic regression on the first `columns` features, each set and each class counting alike."""
    values, answerable = _arrays(cases, columns)
    groups = [(case.dataset, case.kind) for case in cases]
    share = {"answerable": 2.0, "left out": 1.0, "off topic": 1.0}
    weights = [share[kind] / groups.count((dataset, kind)) for dataset, kind in groups]
    scale = len(cases) / sum(weights)
    model = LogisticRegression(C=10.0, max_iter=5000)
    return model.fit(values, answerable, sample_weight=np.array(weights) * scale)


def _arrays(cases: Sequence[Case], columns: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    values = np.array([astuple(case.features)[:columns] for case in cases])
    return values, np.array([int(case.kind == "answerable") for case in cases])


def _print_thresholds(model: LogisticRegression, cases: Sequence[Case], columns: int) -> None:
    values, _ = _arrays(cases, columns)
    sure = model.predict_proba(values)[:, 1]
    kinds = np.array([case.kind for case in cases])
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        said = {kind: float(np.mean(sure[kinds == kind] >= threshold)) for kind in sorted(set(kinds))}
        print(f"  at {threshold:.1f} answered:", ", ".join(f"{kind} {share:.2f}" for kind, share in said.items()))


def main() -> None:
    """Fit, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="a folder for the indexes")
    options = parser.parse_args()
    cases = collect([Set(dataset, options.cache) for dataset in options.datasets])
    for name, columns in (("with an encoder", len(astuple(Features()))), ("words alone", WORDS)):
        odd = [case for case in cases if case.odd]
        judged = fit([case for case in cases if not case.odd], columns)
        print(f"{name}:")
        _print_thresholds(judged, odd, columns)
        for dataset in ("all", *sorted({case.dataset for case in cases})):
            for against in ("left out", "off topic"):
                part = [
                    case for case in odd if dataset in ("all", case.dataset) and case.kind in ("answerable", against)
                ]
                values, answerable = _arrays(part, columns)
                sure = judged.predict_proba(values)[:, 1]
                missed, false = np.mean(sure[answerable == 1] < 0.5), np.mean(sure[answerable == 0] >= 0.5)
                print(
                    f"  {dataset:16} against {against:9}  n {len(part):4}  AUROC {roc_auc_score(answerable, sure):.3f}"
                    f"  Brier {brier_score_loss(answerable, sure):.3f}  at 0.5: missed {missed:.2f}, false {false:.2f}"
                )
        shipped = fit(cases, columns)
        print("  ", tuple(round(float(value), 2) for value in (shipped.intercept_[0], *shipped.coef_[0])))


if __name__ == "__main__":
    main()
