"""Several calls at once, for what leaves Python alone while it works. `concurrent.futures` would do, and costs a cold
answer more to load than it saves."""

from __future__ import annotations

import os
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(call: Callable[[T], R], values: Sequence[T]) -> list[R]:
    """`call` of each value, in their order, at most as many at once as there are cores. Raises what a call raised, once
    the others have ended."""
    found: dict[int, R] = {}
    errors: list[BaseException] = []
    places = iter(range(len(values)))

    def work() -> None:
        for place in places:  # each thread takes the next
            try:
                found[place] = call(values[place])
            except BaseException as error:
                errors.append(error)
                return

    threads = [Thread(target=work) for _ in range(min(len(values), os.cpu_count() or 1) - 1)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [found[place] for place in range(len(values))]
