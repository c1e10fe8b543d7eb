"""The command line over the small corpus, with the fake encoder in the real one's place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.cli.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes import FakeEncoders
    from tests.made_once import MadeOnce


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], installed_fake: FakeEncoders) -> Runner:
    """`run("ask", "Who?", stdin=b"")`."""
    assert installed_fake.encoded == 0
    return Runner(monkeypatch, capsys)


@pytest.fixture
def indexed(run: Runner, articles: Path, installed_fake: FakeEncoders, made_once: MadeOnce) -> Runner:
    """`run`, in a folder with the small corpus and its index."""
    assert articles.is_dir()

    def make() -> None:
        assert run("index").code == 0

    made_once("indexed", make, installed_fake)
    return run


@pytest.fixture
def busy(articles: Path) -> Iterator[str]:
    """What is said of q.jsonl while somebody else is writing it, as is so here."""
    lock = FileLock(articles.parent / ".q.jsonl.lock", thread_local=False)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lock.acquire).result()
        Path(lock.lock_file).write_text("process 1234 on desk\n", encoding="utf-8")
        yield (
            "q.jsonl: process 1234 on desk is writing this file; nothing was changed: wait until it is done, and run"
            " again"
        )
        lock.release()
