"""Asks every question of a set and measures the answers against its gold quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.gold import require_gold, resolve_gold
from briefqa.evaluation.judging import judge
from briefqa.evaluation.relevance import DEPTH
from briefqa.evaluation.results import Outcome, Report, Setting
from briefqa.evaluation.summary import make_report
from briefqa.types import Answer, Document, Hit, Hits, Passage

_REMEMBERED = 64


class Asker(Protocol):
    """What is evaluated: it answers questions about documents that it can list."""

    def ask(self, question: str, *, top_k: int) -> Answer:
        """The answer with at most `top_k` hits, and how long it took under "total" of its milliseconds."""

    def search(self, question: str, *, top_k: int) -> Hits:
        """The same without an answer."""

    def documents(self) -> Iterable[Document]:
        """Every document that answers may come from; each call begins anew."""

    def passages_of(self, document: str) -> Sequence[Passage]:
        """All passages of the document with this id."""


def evaluate(
    asker: Asker,
    questions: Sequence[Question],
    *,
    path: str | Path,
    top_k: int = DEPTH,
    min_confidence: float = 0.0,
    answers: bool = True,
    drift_allowed: bool = True,
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

    Golds that moved or changed count where they were found (see `resolve_gold`), and are listed in the report.

    DatasetError, before anything is asked, if there is no question, if a gold was found nowhere, or if one moved or
    changed although `drift_allowed` is False. UsageError if `top_k` is below 10, the depth of the measures.
    """
    if top_k < DEPTH:
        message = f"can't measure to rank {DEPTH} with {top_k} passages a question; ask for {DEPTH} or more"
        raise UsageError(message)
    if not questions:
        message = f"{path}: there is no question to evaluate; write one JSON object a line"
        raise DatasetError(message)
    resolution = resolve_gold(questions, asker.documents, path=path)
    require_gold(resolution, path=path, drift_allowed=drift_allowed)
    # Questions about one document mostly stand together, and its passages need not be read for each of them.
    passages_of = lru_cache(maxsize=_REMEMBERED)(asker.passages_of)
    outcomes = []
    indexes = set()
    for done, question in enumerate(questions, 1):
        outcome = (earlier or {}).get(question.id)
        if outcome is None:
            found = (asker.ask if answers else asker.search)(question.text, top_k=top_k)
            indexes.add(found.index)
            golds = resolution.located(question.id)
            outcome = judge(question, found, golds, passages_of=passages_of, top_k=top_k, min_confidence=min_confidence)
            if keep:
                keep(outcome, found.hits[:top_k])
        outcomes.append(outcome)
        if progress:
            progress(done, len(questions))
    index = indexes.pop() if len(indexes) == 1 else None
    return make_report(str(path), outcomes, index, settings or {}, drift=resolution.drift)
