"""For commands that go on for days."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_M_ARENA_MAX = -8  # malloc.h of the GNU C library
_ARENAS = 2


def hold_memory() -> None:
    """Have threads share two heaps, where the C library is GNU's: each new thread may get one of its own, and what one
    thread frees there, no other takes. Readers that open each new generation would come to twice their memory."""
    with suppress(OSError, AttributeError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
