"""Commands that go on hold their memory."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

# Twelve threads alive at once, each of which allocates: how many heaps the C library has made for them.
COUNT = """
import ctypes, sys, tempfile, threading
from briefqa.cli.lasting import hold_memory
if sys.argv[1:]:
    hold_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
barrier = threading.Barrier(12)
def work():
    libc.malloc(1000)
    barrier.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.fopen.restype, libc.fopen.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_char_p]
libc.malloc_info.argtypes, libc.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
with tempfile.NamedTemporaryFile() as file:
    stream = libc.fopen(file.name.encode(), b"w")
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(open(file.name).read().count("<heap nr="))
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="not the C library of GNU")
def test_threads_share_two_heaps() -> None:
    def heaps(*how: str) -> int:
        done = subprocess.run([sys.executable, "-c", COUNT, *how], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert heaps("held") == 2
    assert heaps() > 2


def test_another_c_library_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from briefqa.cli.lasting import hold_memory  # noqa: PLC0415

    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    hold_memory()
