"""From a question to its candidates: the retriever that settings ask for, and what reorders its passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from briefqa.retrieval.reranking import RerankingRetriever
from briefqa.retrieval.retrievers import make_retriever

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from briefqa.config import Settings
    from briefqa.protocols import PairScorer, PassageStore, QuestionEncoder, Retriever


class Pipeline(NamedTuple):
    """All stages of retrieval. So many of the best passages as `measured` says have scores that are measured by the
    best of them."""

    retriever: Retriever
    reranker: RerankingRetriever | None
    measured: int

    def depth(self, k: int, *, explain: bool) -> int:
        """How many to retrieve for the k best: to `explain` their scores, at least all that these are measured by."""
        return max(k, self.measured) if explain else k

    def rerank_seconds(self) -> dict[str, float]:
        """What the last question took to rerank, under "rerank"; {} without a reranker."""
        return {} if self.reranker is None else {"rerank": self.reranker.seconds}


def make_pipeline(
    settings: Settings,
    store: PassageStore,
    *,
    encoder: Callable[[], QuestionEncoder],
    scorer: Callable[[], PairScorer],
    published: Callable[[Sequence[int]], list[str | None]],
    newest: Callable[[], date | None],
) -> Pipeline:
    """The stages that `settings` ask for. What only some of them need is called for only there: the encoder, the
    reranker's scorer, when the documents of passages were `published`, and when the `newest` of all was."""
    found, reranker, measured = make_retriever(settings, store, encoder), None, 0
    if settings.rerank:
        measured = settings.rerank_candidates
        found = reranker = RerankingRetriever(found, store, scorer(), candidates=measured)
    if settings.recency:
        from briefqa.retrieval.recency import RECENCY_DEPTH, RecencyRetriever  # noqa: PLC0415 - rarely wanted

        measured = RECENCY_DEPTH
        found = RecencyRetriever(
            found, published, newest=newest(), weight=settings.recency, half_life=settings.recency_half_life
        )
    return Pipeline(found, reranker, measured)
