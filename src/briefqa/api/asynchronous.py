"""An index for servers that run an event loop: what takes time is done by threads behind it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from briefqa.api.index import open as open_index
from briefqa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Any, Unpack

    from briefqa.api.index import Asking, Index
    from briefqa.reports import IndexStatus
    from briefqa.types import Answer, Cut, Document, Hits, IndexInfo, Passage

P = ParamSpec("P")
T = TypeVar("T")


class AsyncIndex:
    """An `Index` whose every call is awaited; what it does, and raises, is what the call of that name does there.

    Questions wait in one line, and a single thread answers them. A call that is cancelled while it waits costs
    nothing; one that has begun goes on to its end, and what it found is dropped. The index may be used by threads of
    its own at the same time.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self._answering = ThreadPoolExecutor(1, "briefqa")
        # What looks at every article file takes no question's place.
        self._looking = ThreadPoolExecutor(1, "briefqa-status")
        self._closed = False

    @classmethod
    async def open(cls, path: str | Path | None = None, **how: Any) -> AsyncIndex:
        """As briefqa.open, with the same arguments and errors."""
        return cls(await asyncio.to_thread(open_index, path, **how))

    async def __aenter__(self) -> AsyncIndex:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Wait for the call that has begun, and close the index; calls that wait get a UsageError."""
        self._closed = True
        await asyncio.shield(asyncio.to_thread(self._close))

    def _close(self) -> None:
        for threads in (self._answering, self._looking):
            threads.shutdown(wait=True, cancel_futures=True)
        self.index.close()

    async def ask(self, question: str, **how: Unpack[Asking]) -> Answer:
        """See Index."""
        return await self._run(self.index.ask, question, **how)

    async def search(self, question: str, **how: Unpack[Asking]) -> Hits:
        """See Index."""
        return await self._run(self.index.search, question, **how)

    def ask_many(self, questions: Iterable[str], **how: Unpack[Asking]) -> AsyncIterator[Answer]:
        """See Index. Others' questions are answered between these."""
        return self._each(self.index.ask_many(questions, **how))

    def search_many(self, questions: Iterable[str], **how: Unpack[Asking]) -> AsyncIterator[Hits]:
        """The same with `search`."""
        return self._each(self.index.search_many(questions, **how))

    async def look_up(self, prefix: str, *, context: int = 0) -> tuple[Document, list[Passage], str | None]:
        """See Index."""
        return await self._run(self.index.look_up, prefix, context=context)

    async def cuts(self, document: Document) -> tuple[Cut, ...]:
        """See Index."""
        return await self._run(self.index.cuts, document)

    async def passages_of(self, document: str) -> list[Passage]:
        """See Index."""
        return await self._run(self.index.passages_of, document)

    async def documents(self, *, offset: int = 0, limit: int) -> list[Document]:
        """See Index; all of a page at once."""
        return await self._run(lambda: list(self.index.documents(offset=offset, limit=limit)))

    async def info(self) -> IndexInfo:
        """See Index."""
        return await self._run(lambda: self.index.info)

    async def renew(self) -> bool:
        """See Index."""
        return await self._run(self.index.renew)

    async def status(self) -> IndexStatus:
        """See Index."""
        return await self._run_in(self._looking, self.index.status)

    async def _run(self, call: Callable[P, T], *args: P.args, **how: P.kwargs) -> T:
        return await self._run_in(self._answering, call, *args, **how)

    async def _run_in(self, threads: ThreadPoolExecutor, call: Callable[P, T], *args: P.args, **how: P.kwargs) -> T:
        if self._closed:
            raise self._gone()
        found = threads.submit(call, *args, **how)
        try:
            return await asyncio.wrap_future(found)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if found.cancelled() and not (task and task.cancelling()):  # by `close`, not by whoever waits
                raise self._gone() from None
            raise

    def _gone(self) -> UsageError:
        return UsageError(f"The index in {self.index.settings.index} was closed. Open it again.")

    async def _each(self, found: Iterator[T]) -> AsyncIterator[T]:
        # A StopIteration can't leave a thread, so each is taken as a list of one or none.
        while entry := await self._run(lambda: list(islice(found, 1))):
            yield entry[0]
