"""An index behind an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

import briefqa
from briefqa.config import Settings
from briefqa.errors import IndexMissing, UsageError
from tests.conftest import Build
from tests.fakes import FakeEncoders

SETTINGS = Settings(min_confidence=0.0)
QUESTION = "When did Georgia leave the commonwealth?"
ANSWER = "Georgia left the commonwealth in 2009."
CLOSED = r"^The index in index was closed\. Open it again\.$"


@pytest.fixture
def built(build: Build, encoders: FakeEncoders) -> FakeEncoders:
    build()
    return encoders


class Gate:
    """Holds the first question until it is let go."""

    def __init__(self, index: briefqa.Index, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.open = threading.Event(), threading.Event()
        self.asked: list[str] = []
        self._ask = index.ask
        monkeypatch.setattr(index, "ask", self.ask)

    def ask(self, question: str) -> briefqa.Answer:
        self.asked.append(question)
        self.begun.set()
        assert self.open.wait(60)
        return self._ask(question)

    async def first(self, index: briefqa.AsyncIndex) -> asyncio.Task[briefqa.Answer]:
        """A call that has begun."""
        task = asyncio.create_task(index.ask(QUESTION))
        await asyncio.to_thread(self.begun.wait, 60)
        return task


async def test_every_call(built: FakeEncoders, build: Build) -> None:
    async with await briefqa.AsyncIndex.open(settings=SETTINGS, encoders=built) as index:
        answer = await index.ask(QUESTION, top_k=2)
        assert (answer.text, len(answer.hits)) == (ANSWER, 2)
        found = await index.search(QUESTION)
        document, (passage,), asked = await index.look_up(found.hits[0].passage.id, context=0)
        assert (document.key, passage.id, asked) == ("nested/cis.md", found.hits[0].passage.id, passage.id)
        assert (await index.passages_of(document.id))[0].document_id == document.id
        assert await index.cuts(document) == ()
        assert [entry.key for entry in await index.documents(offset=1, limit=2)] == ["nested/cis.md", "osce.txt"]
        assert (await index.info()).documents == (await index.status()).documents == 5
        assert await index.renew() is False
        build(passage_tokens=16)
        assert (await index.renew(), (await index.info()).generation) == (True, 2)
        assert [entry.text async for entry in index.ask_many([QUESTION, QUESTION])] == [ANSWER, ANSWER]
        many = [hits.question async for hits in index.search_many(["Who?", "Why?"])]
        assert many == ["Who?", "Why?"]


async def test_errors_are_those_of_the_index(built: FakeEncoders) -> None:
    with pytest.raises(IndexMissing):
        await briefqa.AsyncIndex.open("elsewhere", encoders=built)
    async with await briefqa.AsyncIndex.open(settings=SETTINGS, encoders=built) as index:
        with pytest.raises(UsageError, match=r"^The question is empty\."):
            await index.ask(" ")
        with pytest.raises(UsageError, match=r"^The question is empty\."):
            [hits async for hits in index.search_many([QUESTION, ""])]


async def test_the_loop_goes_on_meanwhile(built: FakeEncoders, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await briefqa.AsyncIndex.open(settings=SETTINGS, encoders=built) as index:
        gate = Gate(index.index, monkeypatch)
        running = await gate.first(index)
        others = [asyncio.create_task(index.ask(f"Who is number {number}?")) for number in range(5)]
        assert (await index.status()).documents == 5
        assert not running.done()
        gate.open.set()
        assert (await running).text == ANSWER
        await asyncio.gather(*others)
    assert gate.asked == [QUESTION, *(f"Who is number {number}?" for number in range(5))]


async def test_a_cancelled_call_leaves_nothing_broken(built: FakeEncoders, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await briefqa.AsyncIndex.open(settings=SETTINGS, encoders=built) as index:
        gate = Gate(index.index, monkeypatch)
        running = await gate.first(index)
        waiting = asyncio.create_task(index.ask("Who waits?"))
        await asyncio.sleep(0)
        for task in (running, waiting):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        gate.open.set()
        assert (await index.ask(QUESTION)).text == ANSWER
        assert gate.asked == [QUESTION, QUESTION]  # what was waiting was never asked
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await index.search(QUESTION)
        many = index.ask_many([QUESTION] * 3)
        assert (await anext(many)).text == ANSWER
        assert (await index.ask(QUESTION)).text == ANSWER


async def test_closing(built: FakeEncoders, monkeypatch: pytest.MonkeyPatch) -> None:
    index = await briefqa.AsyncIndex.open(settings=SETTINGS, encoders=built)
    gate = Gate(index.index, monkeypatch)
    running = await gate.first(index)
    waiting = asyncio.create_task(index.ask("Who waits?"))
    await asyncio.sleep(0)
    closing = asyncio.create_task(index.close())
    await asyncio.sleep(0)
    calls: list[Callable[[], object]] = [lambda: index.ask(QUESTION), index.status, index.info]
    for call in calls:
        with pytest.raises(UsageError, match=CLOSED):
            await call()  # type: ignore[misc]
    gate.open.set()
    assert (await running).text == ANSWER
    with pytest.raises(UsageError, match=CLOSED):
        await waiting
    await closing
    await index.close()
    with pytest.raises(UsageError, match="was closed"):
        index.index.search(QUESTION)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("briefqa")]
