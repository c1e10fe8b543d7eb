"""Using an index from Python: open it, ask, search, look up. The command line does nothing that this can't."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.answering.answer import decide, make_hits
from briefqa.answering.copies import Copies
from briefqa.config import Settings
from briefqa.encoders.factory import INSTALLED
from briefqa.encoders.remembering import RememberingEncoder
from briefqa.errors import IndexMismatch, IndexStale, UsageError
from briefqa.index.identity import identify
from briefqa.index.reader import open_generation
from briefqa.index.survey import survey
from briefqa.retrieval.reranking import RerankingRetriever
from briefqa.retrieval.retrievers import DENSE_DEPTH, make_retriever
from briefqa.types import Answer, Hits, IndexInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from briefqa.answering.answer import Decision
    from briefqa.encoders.factory import Encoders
    from briefqa.explained import Explanation
    from briefqa.protocols import Candidate, Retriever
    from briefqa.types import Cut, Document, Hit, Passage

LONGEST_QUESTION = 2000
# The features behind the confidence compare the best passages with the others among this many.
DEPTH = 50
# Beyond this many documents a look at every file costs more than the answer.
_CHECKED_DOCUMENTS = 5000


class Index:
    """An opened index, for one thread at a time: open one in each thread. Processes may share a folder freely."""

    def __init__(self, settings: Settings, *, encoders: Encoders = INSTALLED) -> None:
        self.settings, self._encoders = settings, encoders
        self._reader = open_generation(Path(settings.index))
        try:
            _check_encoder(settings, self._reader.manifest.encoder.name, settings.index)
        except IndexMismatch:
            self._reader.close()
            raise

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files."""
        self._reader.close()

    def ask(self, question: str, *, top_k: int | None = None, explain: bool = False) -> Answer:
        """Answer with quotes, or with status "no_answer". `top_k` is how many hits come along (default: settings);
        `explain` adds what their scores and the confidence are made of.

        Raises UsageError for an empty or overlong question, IndexDamaged for a quote that the index does not hold.
        """
        began = time.perf_counter()
        settings, text = self.settings, _checked(question)
        retriever = self._retriever
        loaded = time.perf_counter()
        copies = self._copies()
        wanted = top_k or settings.top_k
        told = copies.retrieve(retriever, text, self._depth(max(DEPTH, wanted), explain), needed=wanted)
        found = told.candidates
        candidates = found[: max(DEPTH, wanted)]
        retrieved = time.perf_counter()
        rerank = _rerank_seconds(retriever)
        decision = decide(
            text,
            candidates,
            self._reader,
            encoder=None if settings.retriever == "lexical" else self._encoder,
            max_quotes=settings.max_quotes,
            min_confidence=settings.min_confidence,
        )
        hits = copies.complete_hits(make_hits(candidates[:wanted], self._reader), told)
        citations = copies.complete_citations(decision.citations, candidates)
        ended = time.perf_counter()
        return Answer(
            question=text,
            status="answered" if citations else "no_answer",
            confidence=decision.confidence,
            text=" ".join(citations[0].quote.split()) if citations else None,
            citations=citations,
            hits=hits,
            missing=decision.missing,
            notes=self._notes(text, candidates),
            index=self.info,
            milliseconds=_milliseconds(
                load=loaded - began,
                retrieve=retrieved - loaded - sum(rerank.values()),
                **rerank,
                answer=ended - retrieved,
            ),
            explanation=self._tell(text, hits, found, decision) if explain else None,
        )

    def search(self, question: str, *, top_k: int | None = None, explain: bool = False) -> Hits:
        """The best passages, whether or not they answer; `explain` and errors as in `ask`."""
        began = time.perf_counter()
        text = _checked(question)
        retriever = self._retriever
        loaded = time.perf_counter()
        copies = self._copies()
        wanted = top_k or self.settings.top_k
        told = copies.retrieve(retriever, text, self._depth(wanted, explain), needed=wanted)
        found = told.candidates
        candidates = found[:wanted]
        hits = copies.complete_hits(make_hits(candidates, self._reader), told)
        rerank = _rerank_seconds(retriever)
        retrieve = time.perf_counter() - loaded - sum(rerank.values())
        took = _milliseconds(load=loaded - began, retrieve=retrieve, **rerank)
        explained = self._tell(text, hits, found, None) if explain else None
        return Hits(text, hits, self._notes(text, candidates), self.info, took, explained)

    def prepare(self, questions: Sequence[str], cache: Path) -> None:
        """Encode questions that will be searched for one by one, and find their nearest passages, all together: each
        takes a fraction of the time. Their vectors are kept in the folder `cache` for another time."""
        from briefqa.encoders.question_vectors import QuestionVectors  # noqa: PLC0415 - for evaluations only

        if self.settings.retriever == "lexical":
            return
        texts = [_checked(question) for question in questions]
        made_by = self._reader.manifest.encoder
        known = QuestionVectors(cache / f"{made_by.sha256[:16]}.npz", dimension=made_by.dimension)
        vectors = known.of(texts, self._encoder)
        self._encoder.learn(texts, vectors)
        self._reader.prepare_dense(vectors, DENSE_DEPTH)

    def look_up(self, prefix: str, *, context: int = 0) -> tuple[Document, list[Passage], str | None]:
        """The document of the passage or document whose id starts with `prefix`, the passages to show (a passage
        with `context` neighbours on each side, or a document's all), and the passage's id or None.

        Raises UsageError when no id, or more than one, starts so.
        """
        return self._reader.look_up(prefix, context)

    def cuts(self, document: Document) -> tuple[Cut, ...]:
        """What was left out of the document when it was indexed, and why."""
        return self._reader.cuts(document)

    def passages_of(self, document: str) -> list[Passage]:
        """All passages of the document with this id, in their order. Raises UsageError when there is none."""
        return self._reader.look_up(document, 0)[1]

    def documents(self) -> Iterator[Document]:
        """Every document, in the order of the article files."""
        return self._reader.documents()

    def identity(self) -> dict[str, str | int | None]:
        """Which articles were indexed and how, for whoever keeps what was measured."""
        return identify(self._reader)

    @cached_property
    def info(self) -> IndexInfo:
        """What this index is."""
        manifest = self._reader.manifest
        return IndexInfo(
            manifest.generation,
            manifest.documents,
            manifest.passages,
            manifest.encoder.name,
            self._stale(manifest.documents),
        )

    def require_fresh(self) -> None:
        """Raise IndexStale when an article is new, changed or gone since the index was made, or when they are not
        there to be compared."""
        sources = self._reader.locator.sources
        gone = [source.given for source in sources if not Path(source.path).exists()]
        if gone:
            raise IndexStale(
                f"The articles that the index was made from are not there ({', '.join(gone)}), so nobody can tell"
                " whether it is up to date. Ask without --strict, or make the index anew with: briefqa index FOLDER"
            )
        changes = survey(Path(self.settings.index), sources).changes
        if changes.any:
            counts = f"{len(changes.new)} new, {len(changes.changed)} changed, {len(changes.removed)} removed"
            raise IndexStale(
                f"The articles have moved on since the index was made ({counts})."
                " Bring it up to date with: briefqa index"
            )

    @cached_property
    def _encoder(self) -> RememberingEncoder:
        return RememberingEncoder(self._encoders.open(self._reader.encoder_folder))

    @cached_property
    def _retriever(self) -> Retriever:
        found = make_retriever(self.settings, self._reader, lambda: self._encoder)
        if not self.settings.rerank:
            return found
        folder = self._reader.reranker_folder
        if folder is None:
            raise IndexMismatch(
                f"The index in {self.settings.index} has no reranker, and reranking is asked for."
                " Add one with: briefqa index --reranker NAME"
            )
        scorer = self._encoders.open_reranker(folder)
        return RerankingRetriever(found, self._reader, scorer, candidates=self.settings.rerank_candidates)

    def _copies(self) -> Copies:
        told_once = self.settings.once and len(self._reader.duplicates) > 0
        return Copies(self._reader if told_once else None)

    def _depth(self, wanted: int, explain: bool) -> int:
        # A reranked score is measured by the best that the reranker saw, which needn't be among the wanted.
        return max(wanted, self.settings.rerank_candidates) if explain and self.settings.rerank else wanted

    def _tell(self, text: str, hits: Sequence[Hit], found: list[Candidate], decision: Decision | None) -> Explanation:
        from briefqa.answering.explanation import Recipe, explain_outcome  # noqa: PLC0415 - rarely wanted
        from briefqa.retrieval.evidence import WEIGHTS  # noqa: PLC0415
        from briefqa.retrieval.reranking import RERANK_WEIGHT  # noqa: PLC0415

        recipe = Recipe(self.settings.dense_weight, WEIGHTS, RERANK_WEIGHT, self.settings.min_confidence)
        return explain_outcome(text, hits, found, self._reader, recipe=recipe, decision=decision)

    def _stale(self, documents: int) -> bool | None:
        sources = self._reader.locator.sources
        if documents > _CHECKED_DOCUMENTS or not all(Path(source.path).exists() for source in sources):
            return None
        index = Path(self.settings.index)
        # A new time stamp alone is no change, but only a look into the file tells.
        return survey(index, sources, hashing=False).changes.any and survey(index, sources).changes.any

    def _notes(self, question: str, candidates: list[Candidate]) -> tuple[str, ...]:
        notes = []
        if self.settings.retriever != "lexical":
            tokens, window = self._encoder.count_tokens(question), self._encoder.window
            if tokens > window:
                notes.append(f"The question is {tokens} tokens long; its meaning is judged by the first {window}.")
        if self.settings.retriever != "dense" and not any(candidate.scores.lexical for candidate in candidates):
            notes.append("None of the question's words stands in these articles.")
        if self.info.stale:
            notes.append("The articles have changed since the index was made. Bring it up to date with: briefqa index")
        return tuple(notes)


def open_index(
    path: str | Path | None = None, *, settings: Settings | None = None, encoders: Encoders = INSTALLED
) -> Index:
    """Open the index in the folder `path` (default: the settings' one).

    Raises IndexMissing, IndexDamaged or IndexMismatch.
    """
    chosen = settings or Settings()
    return Index(chosen if path is None else replace(chosen, index=str(path)), encoders=encoders)


def _checked(question: str) -> str:
    text = " ".join(question.encode("utf-8", "replace").decode().split())
    if not text:
        raise UsageError('The question is empty. Type one, for example: briefqa ask "Who leads the CSTO?"')
    if len(text) > LONGEST_QUESTION:
        raise UsageError(
            f"The question is {len(text):,} characters long and may have {LONGEST_QUESTION:,} at most."
            " Ask for what you want to know, not with the whole text."
        )
    return text


def _check_encoder(settings: Settings, made_with: str, index: str) -> None:
    wanted = settings.encoder
    if wanted is not None and wanted.rstrip("/").split("/")[-1] != made_with.rstrip("/").split("/")[-1]:
        raise IndexMismatch(
            f"The index in {index} was made with the encoder {made_with}, and {wanted} is asked for."
            f" Ask without it, or make the index anew with: briefqa index --encoder {wanted}"
        )


def _rerank_seconds(retriever: Retriever) -> dict[str, float]:
    return {"rerank": retriever.seconds} if isinstance(retriever, RerankingRetriever) else {}


def _milliseconds(**seconds: float) -> dict[str, float]:
    parts = {name: round(1000.0 * value, 2) for name, value in seconds.items()}
    return {**parts, "total": round(sum(parts.values()), 2)}
