"""Asks every question of a set and measures the answers against its gold quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.gold import GoldSpan, resolve_gold
from briefqa.evaluation.judging import judge
from briefqa.evaluation.relevance import DEPTH
from briefqa.evaluation.results import Outcome, Report, Setting
from briefqa.evaluation.summary import make_report
from briefqa.types import Answer, Document, Hit, Hits


class Asker(Protocol):
    """What is evaluated: it answers questions about documents that it can list."""

    def ask(self, question: str, *, top_k: int) -> Answer:
        """The answer with at most `top_k` hits, and how long it took under "total" of its milliseconds."""

    def search(self, question: str, *, top_k: int) -> Hits:
        """The same without an answer."""

    def documents(self) -> Iterable[Document]:
        """Every document that answers may come from."""


def evaluate(
    asker: Asker,
    questions: Sequence[Question],
    *,
    path: str | Path,
    top_k: int = DEPTH,
    min_confidence: float = 0.0,
    answers: bool = True,
    settings: Mapping[str, Setting] | None = None,
    earlier: Mapping[str, Outcome] | None = None,
    keep: Callable[[Outcome, Sequence[Hit]], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Ask each question for `top_k` passages and report how the answers did.

    An answer below `min_confidence` counts as none, and still shows how right its quotes would have been: let `asker`
    answer whatever its own confidence. Without `answers` nothing but retrieval is measured. `path` names the set in
    messages, and `settings` go into the report as they are. Questions whose id has an outcome in `earlier` are not
    asked again; `keep` is given every new outcome with its hits, and `progress` is told after each question how many
    are done, of how many. A document is ranked by its best passage among the `top_k`.

    DatasetError, before anything is asked, if there is no question or a gold does not stand in the documents;
    UsageError if `top_k` is below 10, the depth of the measures.
    """
    if top_k < DEPTH:
        message = f"can't measure to rank {DEPTH} with {top_k} passages a question; ask for {DEPTH} or more"
        raise UsageError(message)
    if not questions:
        message = f"{path}: there is no question to evaluate; write one JSON object a line"
        raise DatasetError(message)
    located = locate_gold(asker.documents(), questions, path=path)
    outcomes = []
    indexes = set()
    for done, question in enumerate(questions, 1):
        outcome = (earlier or {}).get(question.id)
        if outcome is None:
            found = (asker.ask if answers else asker.search)(question.text, top_k=top_k)
            indexes.add(found.index)
            outcome = judge(question, found, located[question.id], top_k=top_k, min_confidence=min_confidence)
            if keep:
                keep(outcome, found.hits[:top_k])
        outcomes.append(outcome)
        if progress:
            progress(done, len(questions))
    return make_report(str(path), outcomes, indexes.pop() if len(indexes) == 1 else None, settings or {})


def locate_gold(
    documents: Iterable[Document], questions: Sequence[Question], *, path: str | Path
) -> dict[str, list[tuple[GoldSpan, Document]]]:
    """Question id -> where its golds stand, in their order, and in which documents. DatasetError names those that do
    not stand there."""
    by_key = _documents_by_key(documents, questions, path=path)
    spans = resolve_gold(questions, by_key, path=path)
    by_id = {document.id: document for document in by_key.values()}
    return {identity: [(span, by_id[span.document_id]) for span in found] for identity, found in spans.items()}


def _documents_by_key(
    documents: Iterable[Document], questions: Iterable[Question], *, path: str | Path
) -> dict[str, Document]:
    """The golds' documents. Only those are kept: an index may hold far more than a question set names."""
    wanted = {gold.document for question in questions for gold in question.gold}
    found = [document for document in documents if document.key in wanted]
    repeated = sorted(key for key, count in Counter(document.key for document in found).items() if count > 1)
    if repeated:
        message = (
            f"{path}: a gold names {repeated[0]!r}, but the index holds more than one document of that name; "
            "index the folders apart, or rename one"
        )
        raise DatasetError(message)
    return {document.key: document for document in found}
