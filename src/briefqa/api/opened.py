"""One opened generation of an index, and what is made for asking it: for one thread at a time."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.answering.answer import decide, make_hits
from briefqa.answering.telling import AllTold
from briefqa.api import remarks
from briefqa.api.pipelines import Pipelines
from briefqa.api.questions import checked, is_fine, ordering, require_options
from briefqa.errors import IndexMismatch
from briefqa.index.blame import blames_damage, blaming_damage
from briefqa.index.freshness import MOST_DOCUMENTS, count_changes, file_state, require_fresh
from briefqa.index.generation import fingerprint, live_generation_name
from briefqa.index.identity import identify
from briefqa.index.reader import open_generation
from briefqa.retrieval.retrievers import DENSE_DEPTH
from briefqa.types import Answer, Hits, IndexInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefqa.answering.answer import Decision
    from briefqa.answering.telling import Telling
    from briefqa.config import Settings
    from briefqa.encoders.factory import Encoders
    from briefqa.explained import Explanation
    from briefqa.filters import Filter, Filtered
    from briefqa.protocols import Candidate, Vectors
    from briefqa.types import Citation, Cut, Document, Hit, Passage

DEPTH = 50
"""The features behind the confidence compare the best passages with the others among this many."""


class Opened:
    """The generation that is live when it is opened; it stays so while newer ones are published. The models are opened
    when they are first needed. Raises IndexMissing, IndexDamaged or IndexMismatch."""

    def __init__(self, settings: Settings, encoders: Encoders) -> None:
        self.settings = settings
        self.closed = False
        self.iterators: set[object] = set()
        self._reader = open_generation(Path(settings.index))
        self.name, self._fingerprint = self._reader.folder.name, fingerprint(self._reader.folder)
        self._pipelines = Pipelines(settings, encoders, self._reader)
        try:
            _check_encoder(settings, self._reader.manifest.encoder.name, settings.index)
        except IndexMismatch:
            self.close()
            raise

    def close(self) -> None:
        """Release the files."""
        self.closed = True
        self._reader.close()

    def is_live(self) -> bool:
        """Whether no other generation has taken its place, nor another index that of its own."""
        return (
            live_generation_name(Path(self.settings.index)) == self.name
            and fingerprint(self._reader.folder) == self._fingerprint
        )

    def forget_articles(self) -> None:
        """Look anew, when it is next asked for, whether the articles have changed since the index was made."""
        self.__dict__.pop("info", None)

    @blames_damage
    def ask(self, question: str, *, top_k: int | None, explain: bool, within: Filter | None, sort: str) -> Answer:
        """See Index, as for what follows."""
        began = time.perf_counter()
        require_options(top_k, within)
        settings, text, order = self.settings, checked(question), ordering(sort)
        store, pipeline = self._pipelines.within(within)
        loaded = time.perf_counter()
        copies = self._copies()
        wanted = top_k or settings.top_k
        depth = pipeline.depth(max(DEPTH, wanted), explain=explain)
        told = copies.retrieve(pipeline.retriever, text, depth, needed=wanted)
        found = told.candidates
        candidates = found[: max(DEPTH, wanted)]
        retrieved = time.perf_counter()
        rerank = pipeline.rerank_seconds()
        decision = decide(
            text,
            candidates,
            self._reader,
            encoder=None if settings.retriever == "lexical" else self._pipelines.encoder,
            max_quotes=settings.max_quotes,
            min_confidence=settings.min_confidence,
        )
        hits = order(copies.complete_hits(make_hits(candidates[:wanted], self._reader), told))
        cited = copies.complete_citations(decision.citations, candidates)
        citations = tuple(self._with_file_state(citation) for citation in cited)
        ended = time.perf_counter()
        return Answer(
            question=text,
            status="answered" if citations else "no_answer",
            confidence=decision.confidence,
            text=" ".join(citations[0].quote.split()) if citations else None,
            citations=order(citations),
            hits=hits,
            missing=decision.missing,
            notes=self._notes(text, candidates, store.filtered),
            index=self.info,
            milliseconds=_milliseconds(
                load=loaded - began,
                retrieve=retrieved - loaded - sum(rerank.values()),
                **rerank,
                answer=ended - retrieved,
            ),
            explanation=self._tell(text, hits, found, decision) if explain else None,
            filtered=store.filtered,
        )

    @blames_damage
    def search(self, question: str, *, top_k: int | None, explain: bool, within: Filter | None, sort: str) -> Hits:
        """See Index."""
        began = time.perf_counter()
        require_options(top_k, within)
        text, order = checked(question), ordering(sort)
        store, pipeline = self._pipelines.within(within)
        loaded = time.perf_counter()
        copies = self._copies()
        wanted = top_k or self.settings.top_k
        depth = pipeline.depth(wanted, explain=explain)
        told = copies.retrieve(pipeline.retriever, text, depth, needed=wanted)
        found = told.candidates
        candidates = found[:wanted]
        hits = order(copies.complete_hits(make_hits(candidates, self._reader), told))
        rerank = pipeline.rerank_seconds()
        retrieve = time.perf_counter() - loaded - sum(rerank.values())
        took = _milliseconds(load=loaded - began, retrieve=retrieve, **rerank)
        explained = self._tell(text, hits, found, None) if explain else None
        notes = self._notes(text, candidates, store.filtered)
        return Hits(text, hits, notes, self.info, took, explained, store.filtered)

    @blames_damage
    def prepare(self, questions: Sequence[str], cache: Path, *, within: Filter | None) -> None:
        """See Index."""
        from briefqa.encoders.question_vectors import QuestionVectors  # noqa: PLC0415 - for evaluations only

        if self.settings.retriever == "lexical":
            return
        texts = [checked(question) for question in questions]
        made_by = self._reader.manifest.encoder
        known = QuestionVectors(cache / f"{made_by.sha256[:16]}.npz", dimension=made_by.dimension)
        self._learn(texts, known.of(texts, self._pipelines.encoder), within)

    @blames_damage
    def expect(self, questions: Sequence[str], *, within: Filter | None) -> None:
        """Encode questions that are about to be searched for, and find their nearest passages, all together. Of those
        that can't be asked nothing is learnt, and what was learnt before is forgotten."""
        texts = [question for question in questions if is_fine(question)]
        if self.settings.retriever != "lexical" and len(texts) > 1:
            texts = [checked(question) for question in texts]
            self._learn(texts, self._pipelines.encoder.encode_questions(texts), within)

    def _learn(self, texts: Sequence[str], vectors: Vectors, within: Filter | None) -> None:
        self._pipelines.encoder.learn(texts, vectors)
        self._pipelines.within(within)[0].prepare_dense(vectors, DENSE_DEPTH)

    @blames_damage
    def look_up(self, prefix: str, *, context: int) -> tuple[Document, list[Passage], str | None]:
        """See Index."""
        return self._reader.look_up(prefix, context)

    @blames_damage
    def cuts(self, document: Document) -> tuple[Cut, ...]:
        """See Index."""
        return self._reader.cuts(document)

    def documents(self, offset: int, limit: int | None) -> Iterator[Document]:
        """See Index."""
        with blaming_damage(self._reader.index, self.name):
            yield from self._reader.documents(offset, limit)

    @blames_damage
    def identity(self) -> dict[str, str | int | None]:
        """See Index."""
        return identify(self._reader)

    @cached_property
    def info(self) -> IndexInfo:
        """See Index."""
        manifest, sources = self._reader.manifest, self._reader.locator.sources
        few = manifest.documents <= MOST_DOCUMENTS
        changes = count_changes(self._reader.folder, sources) if few else None
        return IndexInfo(
            manifest.generation,
            manifest.documents,
            manifest.passages,
            manifest.encoder.name,
            None if changes is None else bool(changes),
            changes,
        )

    def require_fresh(self) -> None:
        """See Index."""
        require_fresh(Path(self.settings.index), self._reader.manifest)

    def _copies(self) -> Telling:
        if not self.settings.once or not len(self._reader.duplicates):
            return AllTold()
        from briefqa.answering.copies import Copies  # noqa: PLC0415 - most indexes hold no copies

        return Copies(self._reader)

    def _tell(self, text: str, hits: Sequence[Hit], found: list[Candidate], decision: Decision | None) -> Explanation:
        from briefqa.api.explaining import explain  # noqa: PLC0415 - rarely wanted

        return explain(text, hits, found, self._reader, self.settings, decision)

    def _with_file_state(self, citation: Citation) -> Citation:
        state = file_state(citation.document, self._reader.folder, self._reader.locator.sources)
        return replace(citation, file_state=state)

    def _notes(self, question: str, candidates: list[Candidate], filtered: Filtered | None) -> tuple[str, ...]:
        encoder = None if self.settings.retriever == "lexical" else self._pipelines.encoder
        return (
            *([filtered.note(self.info.documents)] if filtered else ()),
            *remarks.on_question(question, candidates, filtered, self.settings, encoder),
            *remarks.on_articles(self.info, self._reader.locator.sources),
        )


def _check_encoder(settings: Settings, made_with: str, index: str) -> None:
    wanted = settings.encoder
    if wanted is not None and wanted.rstrip("/").split("/")[-1] != made_with.rstrip("/").split("/")[-1]:
        raise IndexMismatch(
            f"The index in {index} was made with the encoder {made_with}, and {wanted} is asked for."
            f" Ask without it, or make the index anew with: briefqa index --encoder {wanted}"
        )


def _milliseconds(**seconds: float) -> dict[str, float]:
    parts = {name: round(1000.0 * value, 2) for name, value in seconds.items()}
    return {**parts, "total": round(sum(parts.values()), 2)}
