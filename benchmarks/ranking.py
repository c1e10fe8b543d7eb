"""Measures how well passages are ranked, by each retriever and with each part of the default one left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from beir import Bench, BenchmarkQuestion
from briefqa.evaluation.characters import character_measures
from briefqa.evaluation.metrics import ndcg, recall
from briefqa.evaluation.statistics import bootstrap_interval
from briefqa.protocols import Candidate, PairScorer, Retriever
from briefqa.retrieval.evidence import WEIGHTS, EvidenceRetriever
from briefqa.retrieval.reranking import RerankingRetriever
from briefqa.retrieval.retrievers import DenseRetriever, HybridRetriever, LexicalRetriever, make_retriever
from briefqa.types import Evidence, Scores
from tables import summary

BASELINE = "fusion"
PASSAGES = 100  # documents are ranked by their best passage among these
SHOWN = 5  # characters are counted in these
CUTOFF = 10
RRF_K = 60
RRF_DEPTH = 200  # as many of each ranking as score fusion sees
# A set with more passages than this a document is one whose documents are no answer: it is measured in characters too.
LONG = 50


class ReciprocalRankRetriever:
    """Adds 1 / (60 + rank) over several rankings (Cormack, Clarke and Buettcher 2009, "Reciprocal Rank Fusion")."""

    def __init__(self, inner: Sequence[Retriever]) -> None:
        self._inner = inner

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        """See Retriever."""
        scores: dict[int, float] = defaultdict(float)
        ids: dict[int, str] = {}
        for retriever in self._inner:
            for rank, candidate in enumerate(retriever.retrieve(question, RRF_DEPTH), 1):
                scores[candidate.number] += 1.0 / (RRF_K + rank)
                ids[candidate.number] = candidate.passage_id
        order = sorted(scores, key=lambda number: (-scores[number], ids[number]))[:k]
        return [Candidate(number, ids[number], scores[number], Scores()) for number in order]


class RememberingRetriever:
    """Remembers what it found last: several configurations start from the same ranking."""

    def __init__(self, inner: Retriever) -> None:
        self._inner = inner
        self._last: tuple[str, int, list[Candidate]] | None = None

    def retrieve(self, question: str, k: int) -> list[Candidate]:
        """See Retriever."""
        if self._last is None or self._last[:2] != (question, k):
            self._last = (question, k, self._inner.retrieve(question, k))
        return list(self._last[2])


def configurations(bench: Bench, scorer: PairScorer | None = None) -> dict[str, Retriever]:
    """Name -> retriever; with a `scorer`, the default one reranked too."""
    store, encoder, settings = bench.reader, bench.encoder, bench.settings
    lexical, dense = LexicalRetriever(store), DenseRetriever(store, encoder)
    fusion = RememberingRetriever(HybridRetriever(store, encoder, weight=settings.dense_weight))
    default = RememberingRetriever(make_retriever(settings, store, lambda: encoder))
    without: dict[str, Retriever] = {
        f"default without {part.name}": EvidenceRetriever(
            fusion, store, encoder, weights=replace(WEIGHTS, **{part.name: 0.0})
        )
        for part in fields(Evidence)
    }
    found: dict[str, Retriever] = {
        "lexical": lexical,
        "dense": dense,
        "rrf": ReciprocalRankRetriever((lexical, dense)),
        BASELINE: fusion,
        "default": default,
        **without,
    }
    if scorer:
        found["default, reranked"] = RerankingRetriever(default, store, scorer, candidates=settings.rerank_candidates)
    return found


@dataclass(slots=True)
class Measured:
    """What a configuration reached: measure -> question id -> score, and question id -> its documents, scored."""

    scores: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    documents: dict[str, list[tuple[str, float]]] = field(default_factory=dict)


def measure(
    bench: Bench, questions: Sequence[BenchmarkQuestion], retrievers: Mapping[str, Retriever]
) -> dict[str, Measured]:
    """Ask every retriever every question; questions without relevant documents must have been left out."""
    long = has_long_documents(bench)
    measured = {name: Measured() for name in retrievers}
    for question in questions:
        for name, retriever in retrievers.items():
            found = retriever.retrieve(question.text, PASSAGES)
            entry = measured[name]
            entry.documents[question.id] = _documents(bench, found)
            if long and question.gold:
                stored = [bench.all_passages[candidate.number] for candidate in found[:SHOWN]]
                spans = [(document.key, (passage.start, passage.end)) for passage, document in stored]
                held = character_measures(spans, question.gold)
                entry.scores[f"recall, top {SHOWN}"][question.id] = held.recall
                entry.scores[f"precision, top {SHOWN}"][question.id] = held.precision
                entry.scores[f"IoU, top {SHOWN}"][question.id] = held.iou
    for entry in measured.values():
        entry.scores = {**document_scores(questions, entry.documents), **entry.scores}
    return measured


def has_long_documents(bench: Bench) -> bool:
    """Whether a document is much more than an answer."""
    return len(bench.all_passages) > LONG * len({document.id for _, document in bench.all_passages})


def document_scores(
    questions: Sequence[BenchmarkQuestion], documents: Mapping[str, Sequence[tuple[str, float]]]
) -> dict[str, dict[str, float]]:
    """Measure -> question id -> score of its ranked documents."""
    qrels = {question.id: dict.fromkeys(question.documents, 1) for question in questions}
    run = {identity: [document for document, _ in ranking] for identity, ranking in documents.items()}
    return {f"nDCG@{CUTOFF}": ndcg(qrels, run, k=CUTOFF), f"R@{CUTOFF}": recall(qrels, run, k=CUTOFF)}


def _documents(bench: Bench, found: Sequence[Candidate]) -> list[tuple[str, float]]:
    best: dict[str, float] = {}
    for candidate in found:
        best.setdefault(bench.all_passages[candidate.number][1].key, candidate.score)
    return list(best.items())


def report(measured: Mapping[str, Measured]) -> list[dict[str, Any]]:
    """A configuration each: its measures with their intervals, and the difference to the baseline, paired by question,
    with that of its bootstrap."""
    return [
        {
            "configuration": name,
            "measures": {
                label: {
                    **summary(list(scores.values())),
                    "difference": None if name == BASELINE else difference(scores, measured[BASELINE].scores[label]),
                    "scores": scores,
                }
                for label, scores in entry.scores.items()
            },
        }
        for name, entry in measured.items()
    ]


def difference(scores: Mapping[str, float], baseline: Mapping[str, float]) -> dict[str, Any]:
    """The mean of the differences question by question, and its interval."""
    differences = [score - baseline[identity] for identity, score in scores.items()]
    return {"value": sum(differences) / len(differences), "interval": bootstrap_interval(differences)}
