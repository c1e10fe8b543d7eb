"""Fits the weights behind the confidence, and prints them as they stand in briefqa/answering/confidence.py.

    python benchmarks/fit_confidence.py SCIFACT CHROMA --cache FOLDER      (in the project's folder, its index made)

Fitted on these sets and on the project's own questions; SQuAD is left out, as it is what the confidence is reported on.
Answerable are questions whose gold is in the index. Not answerable are, each kind counting alike: the same kind of
questions with the gold passages hidden (left out), with a name or number exchanged for another of the corpus (wrong
entity), those of another set (off topic), and what the project's own set marks as unanswerable (near misses). The even
questions are fitted on and the odd ones judge; then the shipped weights use all. No weight is below 0, as every feature
speaks for an answer: features that say nearly the same would else be set against each other.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import brier_score_loss, roc_auc_score

from beir import Bench, BenchmarkQuestion, Hiding, open_dataset, open_own
from briefqa.answering.answer import judge
from briefqa.answering.confidence import Features
from briefqa.api import DEPTH
from briefqa.config import RetrieverName
from briefqa.protocols import PassageStore
from briefqa.question import analyse_question
from briefqa.retrieval.retrievers import make_retriever

SEED = 20181121
A_KIND = 150  # questions of a kind and set, at most
ANSWERABLE = "answerable"
OF_WORDS = 4  # the first features, which need no encoder
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
RIDGE = 0.5  # on the weights but not on the bias
_NAME_OR_NUMBER = re.compile(r"\b(?:[A-ZÀ-Þ][\w’'-]+|\d[\d.,]*\d|\d)\b")


@dataclass(frozen=True, slots=True)
class Case:
    """One question asked of one index, and whether its answer was there (`kind`)."""

    dataset: str
    kind: str
    features: Features
    odd: bool


def collect(benches: Sequence[Bench], retriever: RetrieverName) -> list[Case]:
    """Every case of every set."""
    cases = []
    for place, bench in enumerate(benches):
        rng = random.Random(SEED)
        answerable = [question for question in bench.questions if question.gold]
        chosen = rng.sample(answerable, min(len(answerable), A_KIND))
        others = [question for question in benches[(place + 1) % len(benches)].questions if question.gold]
        for question in chosen:
            hidden = Hiding(bench.reader, bench.gold_passages(question))
            cases.append(_case(bench, retriever, ANSWERABLE, question))
            cases.append(_case(bench, retriever, "left out", question, hidden))
            cases += [
                _case(bench, retriever, "wrong entity", replace(question, text=text))
                for text in exchanged(question, bench, rng)
            ]
        cases += [_case(bench, retriever, "near miss", question) for question in bench.questions if not question.gold]
        for question in rng.sample(others, min(len(others), len(chosen))):
            cases.append(_case(bench, retriever, "off topic", question))
    return cases


def _case(
    bench: Bench, name: RetrieverName, kind: str, question: BenchmarkQuestion, store: PassageStore | None = None
) -> Case:
    asked = store or bench.reader
    retriever = make_retriever(replace(bench.settings, retriever=name), asked, lambda: bench.encoder)
    encoder = None if name == "lexical" else bench.encoder
    judgement = judge(question.text, retriever.retrieve(question.text, DEPTH), asked, encoder)
    return Case(bench.name, kind, judgement.features, question.odd)


def exchanged(question: BenchmarkQuestion, bench: Bench, rng: random.Random) -> Iterator[str]:
    """The question with one of the names or numbers that its answer's document holds put out of it, and another of
    the corpus, which that document does not hold, in its place; nothing where there is none."""
    analysed = analyse_question(question.text, bench.reader)
    told = bench.told(question)
    named = [entry for entry in analysed.terms if entry.exact and entry.word in told]
    if not named:
        return
    entry = rng.choice(named)
    for _ in range(50):
        passage, _ = rng.choice(bench.all_passages)
        found = [word for word in _NAME_OR_NUMBER.findall(passage.text) if _alike(word, entry.word)]
        word = rng.choice(found) if found else ""
        if word and word not in told and word not in question.text:
            start, end = entry.spans[0]
            yield question.text[:start] + word + question.text[end:]
            return


def _alike(word: str, other: str) -> bool:
    """Whether both are numbers of as many digits, or both abbreviations, or both names."""
    if word[:1].isdigit() or other[:1].isdigit():
        return word.isdigit() and other.isdigit() and len(word) == len(other)
    return word.isupper() == other.isupper()


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression."""

    bias: float
    weights: NDArray[np.float64]

    def probability(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of an answer, for features of shape (cases, columns)."""
        return np.asarray(expit(self.bias + values @ self.weights))


def fit(cases: Sequence[Case], columns: int) -> Model:
    """On the first `columns` features, by penalised likelihood within bounds (L-BFGS-B, Byrd et al. 1995): each set
    counts alike, in it the answerable as much as all others, and of those each kind alike."""
    groups = [(case.dataset, case.kind) for case in cases]
    kinds = {dataset: {kind for other, kind in groups if other == dataset} - {ANSWERABLE} for dataset, _ in groups}
    share = [1.0 if kind == ANSWERABLE else 1.0 / len(kinds[dataset]) for dataset, kind in groups]
    counts = {group: groups.count(group) for group in set(groups)}
    weights = np.array([part / counts[group] for part, group in zip(share, groups, strict=True)])
    weights *= len(cases) / weights.sum()
    values, answerable = arrays(cases, columns)

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = parameters[0] + values @ parameters[1:]
        errors = weights * (expit(logits) - answerable)
        penalised = np.concatenate([[0.0], parameters[1:]])
        value = weights @ (np.logaddexp(0.0, logits) - answerable * logits) + RIDGE * penalised @ penalised
        return float(value), np.concatenate([[errors.sum()], values.T @ errors]) + 2.0 * RIDGE * penalised

    bounds = [(None, None), *[(0.0, None)] * columns]
    found = minimize(loss, np.zeros(columns + 1), jac=True, bounds=bounds, method="L-BFGS-B")
    if not found.success:
        raise RuntimeError(f"the fit did not converge: {found.message}")
    return Model(float(found.x[0]), found.x[1:])


def arrays(cases: Sequence[Case], columns: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The features of shape (cases, columns), and 1 for each answerable case."""
    values = np.array([case.features[:columns] for case in cases])
    return values, np.array([int(case.kind == ANSWERABLE) for case in cases])


def _print_judgement(model: Model, cases: Sequence[Case], columns: int) -> None:
    kinds = sorted({case.kind for case in cases})
    for dataset in ("all", *dict.fromkeys(case.dataset for case in cases)):
        own = [case for case in cases if dataset in ("all", case.dataset)]
        for kind in kinds:
            part = [case for case in own if case.kind in (ANSWERABLE, kind)]
            values, answerable = arrays(part, columns)
            if kind == ANSWERABLE or answerable.all():
                continue
            sure = model.probability(values)
            print(
                f"  {dataset:16} against {kind:13} n {len(part):4}  AUROC {roc_auc_score(answerable, sure):.3f}"
                f"  Brier {brier_score_loss(answerable, sure):.3f}"
            )
    for threshold in THRESHOLDS:
        said = {}
        for kind in kinds:
            sure = model.probability(arrays([case for case in cases if case.kind == kind], columns)[0])
            said[kind] = float(np.mean(sure >= threshold))
        print(f"  at {threshold:.1f} answered:", ", ".join(f"{kind} {share:.2f}" for kind, share in said.items()))


def main() -> None:
    """Fit, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="a folder for the indexes")
    options = parser.parse_args()
    benches = [*(open_dataset(dataset, options.cache) for dataset in options.datasets), open_own()]
    retrievers: tuple[tuple[RetrieverName, int], ...] = (("hybrid", len(Features._fields)), ("lexical", OF_WORDS))
    for name, columns in retrievers:
        cases = collect(benches, name)
        print(f"{name}, {len(cases)} cases; fitted on the even questions, judged on the odd ones:")
        model = fit([case for case in cases if not case.odd], columns)
        _print_judgement(model, [case for case in cases if case.odd], columns)
        shipped = fit(cases, columns)
        print("  ", tuple(round(float(value), 2) for value in (shipped.bias, *shipped.weights)))


if __name__ == "__main__":
    main()
