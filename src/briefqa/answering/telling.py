"""Telling everything that is found, copies and all: what an index without copies needs."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from briefqa.protocols import Candidate, Retriever
    from briefqa.types import Citation, Hit


class Told(NamedTuple):
    """The candidates that are left, best first, and by the passage id of each those that it stands for."""

    candidates: list[Candidate]
    copies: Mapping[str, list[Candidate]] = MappingProxyType({})


class Telling(Protocol):
    """How what is found for one question is told."""

    def retrieve(self, retriever: Retriever, question: str, depth: int, *, needed: int) -> Told:
        """The best `depth` candidates for the question; what is behind them is looked at until `needed` are told."""

    def complete_hits(self, hits: Sequence[Hit], told: Told) -> tuple[Hit, ...]:
        """The hits of the first of `told`'s candidates, with their copies."""

    def complete_citations(
        self, citations: Sequence[Citation], candidates: Sequence[Candidate]
    ) -> tuple[Citation, ...]:
        """The citations of passages of `candidates`, with their copies and versions."""


class AllTold:
    """Nothing is taken for a copy."""

    def retrieve(self, retriever: Retriever, question: str, depth: int, *, needed: int) -> Told:
        """See Telling: exactly the best."""
        return Told(retriever.retrieve(question, depth))

    def complete_hits(self, hits: Sequence[Hit], told: Told) -> tuple[Hit, ...]:
        """See Telling: as they are."""
        return tuple(hits)

    def complete_citations(
        self, citations: Sequence[Citation], candidates: Sequence[Candidate]
    ) -> tuple[Citation, ...]:
        """See Telling: as they are."""
        return tuple(citations)
