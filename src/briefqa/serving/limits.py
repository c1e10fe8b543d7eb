"""How much a server takes on: so many requests a minute from one address, so many questions at once and in a queue."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from briefqa.errors import RequestRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Executor

T = TypeVar("T")

_MOST_CLIENTS = 10_000
"""So many addresses are remembered; the one that was silent longest is forgotten first."""
_BURST_SECONDS = 10.0
"""What an address did not use in so long, it may use at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server takes: `rate` requests a minute from one address (0: any number), `waiting` questions in the queue
    beside the `running` ones, `seconds` until an answer, and `url_bytes` of path and query."""

    rate: int = 1200
    running: int = 2
    waiting: int = 64
    seconds: float = 30.0
    url_bytes: int = 32_768


class Rate:
    """A token bucket for each address; an IPv6 network of 64 bits, which one machine may have whole, is one."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60.0
        self._most = max(1.0, self._per_second * _BURST_SECONDS)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> None:
        """Count a request from `address`. Raises RequestRefused (429) for one too many."""
        if not self._per_second:
            return
        client, now = _client(address), self._clock()
        left, then = self._left.pop(client, (self._most, now))
        left = min(self._most, left + (now - then) * self._per_second)
        self._left[client] = (max(0.0, left - 1.0) if left >= 1.0 else left, now)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)
        if left < 1.0:
            wait = (1.0 - left) / self._per_second
            raise RequestRefused(
                f"Too many requests from this address: {60 * self._per_second:,.0f} a minute are taken. Wait a little.",
                status=429,
                retry_after=wait,
            )


class Gate:
    """Runs work in threads, `running` at a time; up to `waiting` wait for their turn. What takes too long is given up
    by whoever asked, yet holds its place until its thread is done: no more is ever under way than was allowed."""

    def __init__(self, limits: Limits, executor: Executor) -> None:
        self._limits, self._executor = limits, executor
        self._places = asyncio.Semaphore(limits.running)
        self._waiting = 0

    async def run(self, work: Callable[[], T], *, gone: Callable[[], Awaitable[bool]]) -> T:
        """What `work` returns. Raises RequestRefused (503) if there is no room or no time, or nobody waits any more."""
        if self._waiting >= self._limits.waiting and self._places.locked():
            raise _busy("Too many questions are being asked at once.")
        deadline = asyncio.get_running_loop().time() + self._limits.seconds
        self._waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                await self._places.acquire()
        except TimeoutError:
            raise _busy(f"No answer within {self._limits.seconds:g} seconds: others are asking, too.") from None
        finally:
            self._waiting -= 1
        done = None
        try:
            if await gone():
                raise _busy("Nobody waits for the answer any more.")
            done = asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            if done is None:
                self._places.release()
        done.add_done_callback(self._leave)
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.shield(done)
        except TimeoutError:
            if done.done():  # the work's own
                raise
            raise _busy(f"No answer within {self._limits.seconds:g} seconds.") from None

    def _leave(self, done: asyncio.Future[T]) -> None:
        self._places.release()
        with suppress(asyncio.CancelledError):
            done.exception()  # whoever asked may have left: nobody else looks at it


def _busy(what: str) -> RequestRefused:
    return RequestRefused(f"{what} Try again in a moment.", status=503, retry_after=1.0)


def _client(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
    return address
