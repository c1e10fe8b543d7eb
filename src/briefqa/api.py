"""Using an index from Python: open it, ask, search, look up. The command line does nothing that this can't."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from briefqa.answering.answer import decide, make_hits
from briefqa.answering.ordering import ORDERS, newest_first
from briefqa.answering.telling import AllTold
from briefqa.config import Settings
from briefqa.encoders.factory import INSTALLED
from briefqa.encoders.remembering import RememberingEncoder
from briefqa.errors import IndexDamaged, IndexMismatch, UsageError
from briefqa.index.blame import blames_damage, blaming_damage
from briefqa.index.checksums import require_whole_by_list
from briefqa.index.freshness import MOST_DOCUMENTS, count_changes, file_state, missing_sources, require_fresh
from briefqa.index.generation import live_generation_name
from briefqa.index.identity import identify
from briefqa.index.reader import open_generation
from briefqa.retrieval.pipeline import make_pipeline
from briefqa.retrieval.retrievers import DENSE_DEPTH
from briefqa.types import Answer, Hits, IndexInfo

P = ParamSpec("P")
T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from briefqa.answering.answer import Decision
    from briefqa.answering.telling import Telling
    from briefqa.encoders.factory import Encoders
    from briefqa.explained import Explanation
    from briefqa.filters import Filter, Filtered
    from briefqa.index.reader import GenerationReader
    from briefqa.index.restricted import RestrictedReader
    from briefqa.protocols import Candidate, PairScorer
    from briefqa.retrieval.pipeline import Pipeline
    from briefqa.types import Citation, Cut, Document, Hit, Passage

    _Method = Callable[Concatenate["Index", P], T]
    _Within = tuple[GenerationReader | RestrictedReader, Pipeline]


LONGEST_QUESTION = 2000
# The features behind the confidence compare the best passages with the others among this many.
DEPTH = 50
# What an Index finds out when it is first needed.
_OF_GENERATION = ("info", "_encoder", "_scorer")


def _of_live(method: _Method[P, T]) -> _Method[P, T]:
    """`method`, called again on the newer generation when it finds a file missing because that one has taken the place
    of the opened one: models are opened by the first question that needs them, and go with their generation."""

    @wraps(method)
    def of_live(self: Index, *args: P.args, **kwargs: P.kwargs) -> T:
        while True:
            try:
                return method(self, *args, **kwargs)
            except IndexDamaged:
                if not self._reopen():
                    raise

    return cast("_Method[P, T]", of_live)


class Index:
    """An opened index, for one thread at a time: open one in each thread. Processes may share a folder freely. It stays
    as it was opened while newer generations are published, unless a question needs what went with its own.

    Where a question names no filter of its own, `filter` holds."""

    def __init__(self, settings: Settings, *, encoders: Encoders = INSTALLED, filter: Filter | None = None) -> None:
        self.settings, self._encoders, self._filter = settings, encoders, filter
        self._open()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files."""
        self._reader.close()

    def _reopen(self) -> bool:
        """Go over to the live generation; False, and nothing is done, if this is the one."""
        if live_generation_name(Path(self.settings.index)) == self._reader.folder.name:
            return False
        self.close()
        self._open()
        return True

    def _open(self) -> None:
        settings = self.settings
        self._last: tuple[Filter | None, _Within] | None = None
        for name in _OF_GENERATION:
            self.__dict__.pop(name, None)
        self._reader = open_generation(Path(settings.index))
        try:
            _check_encoder(settings, self._reader.manifest.encoder.name, settings.index)
        except IndexMismatch:
            self._reader.close()
            raise

    @_of_live
    @blames_damage
    def ask(
        self,
        question: str,
        *,
        top_k: int | None = None,
        explain: bool = False,
        filter: Filter | None = None,
        sort: str = "score",
    ) -> Answer:
        """Answer with quotes, or with status "no_answer". `top_k` is how many hits come along (default: settings);
        `explain` adds what their scores and the confidence are made of. Only articles that fit the `filter` are
        searched. Hits and quotes come best first, or, to `sort` by date, newest first; ranks and markers stay.

        Raises UsageError for an empty or overlong question, IndexDamaged for a quote that the index does not hold.
        """
        began = time.perf_counter()
        settings, text, order = self.settings, _checked(question), _ordering(sort)
        store, pipeline = self._within(filter or self._filter)
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
            encoder=None if settings.retriever == "lexical" else self._encoder,
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

    @_of_live
    @blames_damage
    def search(
        self,
        question: str,
        *,
        top_k: int | None = None,
        explain: bool = False,
        filter: Filter | None = None,
        sort: str = "score",
    ) -> Hits:
        """The best passages, whether or not they answer; `explain`, `filter`, `sort` and errors as in `ask`."""
        began = time.perf_counter()
        text, order = _checked(question), _ordering(sort)
        store, pipeline = self._within(filter or self._filter)
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

    @_of_live
    @blames_damage
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
        self._within(self._filter)[0].prepare_dense(vectors, DENSE_DEPTH)

    @blames_damage
    def look_up(self, prefix: str, *, context: int = 0) -> tuple[Document, list[Passage], str | None]:
        """The document of the passage or document whose id starts with `prefix`, the passages to show (a passage
        with `context` neighbours on each side, or a document's all), and the passage's id or None.

        Raises UsageError when no id, or more than one, starts so.
        """
        return self._reader.look_up(prefix, context)

    @blames_damage
    def cuts(self, document: Document) -> tuple[Cut, ...]:
        """What was left out of the document when it was indexed, and why."""
        return self._reader.cuts(document)

    @blames_damage
    def passages_of(self, document: str) -> list[Passage]:
        """All passages of the document with this id, in their order. Raises UsageError when there is none."""
        return self._reader.look_up(document, 0)[1]

    def documents(self) -> Iterator[Document]:
        """Every document, in the order of the article files."""
        with blaming_damage(self._reader.index, self._reader.folder.name):
            yield from self._reader.documents()

    @blames_damage
    def identity(self) -> dict[str, str | int | None]:
        """Which articles were indexed and how, for whoever keeps what was measured."""
        return identify(self._reader)

    @cached_property
    def info(self) -> IndexInfo:
        """What this index is."""
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
        """Raise IndexStale when an article is new, changed or gone since the index was made, or when they are not
        there to be compared."""
        require_fresh(Path(self.settings.index), self._reader.manifest)

    @cached_property
    def _encoder(self) -> RememberingEncoder:
        folder = self._reader.encoder_folder
        require_whole_by_list(folder, "encoder")
        return RememberingEncoder(self._encoders.open(folder))

    def _within(self, wanted: Filter | None) -> _Within:
        """The index within the filter, and what finds passages there: made anew for another filter than the last."""
        if self._last is None or self._last[0] != wanted:
            store = self._reader.restricted(wanted) if wanted else self._reader
            pipeline = make_pipeline(
                self.settings,
                store,
                encoder=lambda: self._encoder,
                scorer=lambda: self._scorer,
                published=self._reader.published,
                newest=self._reader.newest,
            )
            self._last = wanted, (store, pipeline)
        return self._last[1]

    @cached_property
    def _scorer(self) -> PairScorer:
        folder = self._reader.reranker_folder
        if folder is None:
            raise IndexMismatch(
                f"The index in {self.settings.index} has no reranker, and reranking is asked for."
                " Add one with: briefqa index --reranker NAME"
            )
        require_whole_by_list(folder, "reranker")
        return self._encoders.open_reranker(folder)

    def _copies(self) -> Telling:
        if not self.settings.once or not len(self._reader.duplicates):
            return AllTold()
        from briefqa.answering.copies import Copies  # noqa: PLC0415 - most indexes hold no copies

        return Copies(self._reader)

    def _tell(self, text: str, hits: Sequence[Hit], found: list[Candidate], decision: Decision | None) -> Explanation:
        from briefqa.answering.explanation import Recipe, explain_outcome  # noqa: PLC0415 - rarely wanted
        from briefqa.retrieval.evidence import WEIGHTS  # noqa: PLC0415
        from briefqa.retrieval.reranking import RERANK_WEIGHT  # noqa: PLC0415

        settings = self.settings
        recipe = Recipe(settings.dense_weight, WEIGHTS, RERANK_WEIGHT, settings.min_confidence, settings.recency)
        return explain_outcome(text, hits, found, self._reader, recipe=recipe, decision=decision)

    def _with_file_state(self, citation: Citation) -> Citation:
        state = file_state(citation.document, self._reader.folder, self._reader.locator.sources)
        return replace(citation, file_state=state)

    def _notes(self, question: str, candidates: list[Candidate], filtered: Filtered | None) -> tuple[str, ...]:
        notes = [filtered.note(self.info.documents)] if filtered else []
        if self.settings.retriever != "lexical":
            tokens, window = self._encoder.count_tokens(question), self._encoder.window
            if tokens > window:
                notes.append(f"The question is {tokens} tokens long; its meaning is judged by the first {window}.")
        unfit = filtered is not None and not filtered.documents
        if self.settings.retriever != "dense" and not unfit and not any(entry.scores.lexical for entry in candidates):
            where = "the articles that fit" if filtered else "these articles"
            notes.append(f"None of the question's words stands in {where}.")
        if self.info.changes:
            notes.append(
                f"{self.info.changes} since the index was made: bring it up to date with briefqa index, or ask with"
                " --refresh."
            )
        elif self.info.changes is None and not missing_sources(self._reader.locator.sources):
            notes.append(
                "Whether the articles have changed since the index was made was not checked: there are too many to"
                " look at in a moment. See: briefqa status"
            )
        return tuple(notes)


def open_index(
    path: str | Path | None = None,
    *,
    settings: Settings | None = None,
    encoders: Encoders = INSTALLED,
    filter: Filter | None = None,
) -> Index:
    """Open the index in the folder `path` (default: the settings' one); all questions are asked within the `filter`.

    Raises IndexMissing, IndexDamaged or IndexMismatch.
    """
    chosen = settings or Settings()
    return Index(chosen if path is None else replace(chosen, index=str(path)), encoders=encoders, filter=filter)


def _ordering(sort: str) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    if sort not in ORDERS:
        raise UsageError(f"sort is {sort!r}; it must be {' or '.join(ORDERS)}.")
    return newest_first if sort == "date" else tuple


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


def _milliseconds(**seconds: float) -> dict[str, float]:
    parts = {name: round(1000.0 * value, 2) for name, value in seconds.items()}
    return {**parts, "total": round(sum(parts.values()), 2)}
