"""The index that programs use: safe to share among threads, and to keep open while it is updated."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from briefqa.api.opened import Opened
from briefqa.api.questions import several
from briefqa.api.turns import Turns
from briefqa.config import Settings
from briefqa.encoders.factory import INSTALLED
from briefqa.errors import IndexDamaged, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import TypedDict, Unpack

    from briefqa.encoders.factory import Encoders
    from briefqa.filters import Filter
    from briefqa.reports import IndexStatus
    from briefqa.types import Answer, Cut, Document, Hits, IndexInfo, Passage

    class Asking(TypedDict, total=False):
        """The options of `ask` and `search`."""

        top_k: int | None
        explain: bool
        filter: Filter | None
        sort: str


T = TypeVar("T")

# Questions that are encoded at once.
_TOGETHER = 32


class Index:
    """An opened index. Any number of threads may share it; their questions are answered one after the other, in the
    order in which they come. Processes may share a folder freely, each with an Index of its own.

    It stays as it was opened while newer generations are published, until `renew`, or until a question needs what
    went with its own. Where a question names no filter of its own, `filter` holds.
    """

    def __init__(self, settings: Settings, *, encoders: Encoders = INSTALLED, filter: Filter | None = None) -> None:
        self.settings, self._encoders, self._filter = settings, encoders, filter
        self._turns = Turns()
        self._opened: Opened | None = Opened(settings, encoders)
        # Generations that `documents` has not come to the end of.
        self._left: list[Opened] = []

    def __repr__(self) -> str:
        """Which index, as in briefqa.open('index')."""
        return f"<{'closed ' if self._opened is None else ''}index in {self.settings.index!r}>"

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files, once the question that is being answered is; whatever asks afterwards gets a UsageError.
        An index can be closed twice."""
        with self._turns:
            for opened in (*self._left, *filter(None, (self._opened,))):
                opened.close()
            self._left, self._opened = [], None

    def renew(self) -> bool:
        """Go over to the live generation, if that is a newer one or of an index that was made anew; whether it was.
        Whether the articles have changed is looked at anew in any case. Raises IndexMissing, IndexDamaged or
        IndexMismatch; then all stays as it was."""
        with self._turns:
            self._require_opened().forget_articles()
            return self._renew()

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

        Raises UsageError for an empty or overlong question and options that can't be, IndexDamaged for a quote that
        the index does not hold.
        """
        within = filter or self._filter
        return self._on_live(
            lambda opened: opened.ask(question, top_k=top_k, explain=explain, within=within, sort=sort)
        )

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
        within = filter or self._filter
        return self._on_live(
            lambda opened: opened.search(question, top_k=top_k, explain=explain, within=within, sort=sort)
        )

    def ask_many(self, questions: Iterable[str], **how: Unpack[Asking]) -> Iterator[Answer]:
        """An answer to each question, as `ask` gives it with the same options, as soon as it is asked for. Raises
        UsageError when it comes to a question that can't be asked."""
        for question in several(questions):
            yield self.ask(question, **how)

    def search_many(self, questions: Iterable[str], **how: Unpack[Asking]) -> Iterator[Hits]:
        """The same with `search`; up to 32 questions are taken and encoded at once, in two thirds of the time. (To be
        answered, a question is read word by word in any case.)"""
        rest, within = iter(several(questions)), how.get("filter") or self._filter
        while block := list(islice(rest, _TOGETHER)):
            self._on_live(partial(Opened.expect, questions=block, within=within))
            for question in block:
                yield self.search(question, **how)

    def prepare(self, questions: Sequence[str], cache: Path) -> None:
        """Encode questions that will be searched for one by one, and find their nearest passages, all together: each
        takes a fraction of the time. Their vectors are kept in the folder `cache` for another time."""
        self._on_live(lambda opened: opened.prepare(questions, cache, within=self._filter))

    def look_up(self, prefix: str, *, context: int = 0) -> tuple[Document, list[Passage], str | None]:
        """The document of the passage or document whose id starts with `prefix`, the passages to show (a passage
        with `context` neighbours on each side, or a document's all), and the passage's id or None.

        Raises UsageError when no id, or more than one, starts so, and for a number of neighbours below 0.
        """
        if context < 0:
            raise UsageError(f"context is {context}; it must be a whole number from 0.")
        return self._on_live(lambda opened: opened.look_up(prefix, context=context))

    def cuts(self, document: Document) -> tuple[Cut, ...]:
        """What was left out of the document when it was indexed, and why. Raises UsageError when it is not there."""
        return self._on_live(lambda opened: opened.cuts(document))

    def passages_of(self, document: str) -> list[Passage]:
        """All passages of the document with this id, in their order. Raises UsageError when there is none."""
        return self._on_live(lambda opened: opened.look_up(document, context=0)[1])

    def documents(self, *, offset: int = 0, limit: int | None = None) -> Iterator[Document]:
        """Every document, in the order of the article files, or so many (`limit`) of those after the first `offset`.
        They are read one by one, all of the generation that was opened when the first was asked for. Raises
        UsageError for numbers below 0."""
        if offset < 0 or (limit is not None and limit < 0):
            message = f"Documents are counted from 0: offset {offset} and limit {limit} can't be."
            raise UsageError(message)
        with self._turns:
            opened = self._require_opened()
            opened.iterators.add(mine := object())
        try:
            found = opened.documents(offset, limit)
            while True:
                with self._turns:
                    if opened.closed:
                        raise _closed(self.settings)
                    document = next(found, None)
                if document is None:
                    return
                yield document
        finally:
            # Perhaps from the garbage collector, which must not wait for a turn: the next one to renew closes it.
            opened.iterators.discard(mine)

    def identity(self) -> dict[str, str | int | None]:
        """Which articles were indexed and how, for whoever keeps what was measured."""
        return self._on_live(Opened.identity)

    @property
    def info(self) -> IndexInfo:
        """What this index is."""
        return self._on_live(lambda opened: opened.info)

    def status(self) -> IndexStatus:
        """What the live generation holds and was made with, be it newer than the opened one, and how the articles stand
        to it, each of which is looked at. Raises IndexMissing, IndexDamaged or IndexMismatch."""
        from briefqa.index.status import index_status  # noqa: PLC0415 - no question needs it

        return index_status(self.settings)

    def require_fresh(self) -> None:
        """Raise IndexStale when an article is new, changed or gone since the index was made, or when they are not
        there to be compared."""
        self._on_live(Opened.require_fresh)

    def _on_live(self, action: Callable[[Opened], T]) -> T:
        """What `action` gives, in this thread's turn. It is called again on the newer generation when it finds a file
        missing because that one has taken the place of the opened one: models are opened by the first question that
        needs them, and go with their generation."""
        with self._turns:
            while True:
                try:
                    return action(self._require_opened())
                except IndexDamaged:
                    if not self._renew():
                        raise

    def _renew(self) -> bool:
        former = self._require_opened()
        if former.is_live():
            return False
        self._opened = Opened(self.settings, self._encoders)
        self._left.append(former)
        for opened in [entry for entry in self._left if not entry.iterators]:
            opened.close()
            self._left.remove(opened)
        return True

    def _require_opened(self) -> Opened:
        if self._opened is None:
            raise _closed(self.settings)
        return self._opened


def open(
    path: str | Path | None = None,
    *,
    settings: Settings | None = None,
    filter: Filter | None = None,
    encoders: Encoders = INSTALLED,
) -> Index:
    """Open the index in the folder `path` (default: the settings' one); all questions are asked within the `filter`.

    Raises IndexMissing, IndexDamaged or IndexMismatch.
    """
    chosen = settings or Settings()
    return Index(chosen if path is None else replace(chosen, index=str(path)), encoders=encoders, filter=filter)


def _closed(settings: Settings) -> UsageError:
    return UsageError(f"The index in {settings.index} was closed. Open it again with briefqa.open.")
