from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread

import pytest
from filelock import FileLock

from briefqa.config import Settings
from briefqa.errors import BriefqaError, CorpusError, IndexBusy
from briefqa.index.update import update
from briefqa.index.watching import watch
from briefqa.reports import IndexReport
from tests.fakes import FakeEncoders

Told = SimpleQueue[IndexReport | BriefqaError]


@pytest.fixture
def told(articles: Path, encoders: FakeEncoders) -> Iterator[Told]:
    """What is told while the small corpus is watched."""
    settings, stop, queue = Settings(), Event(), Told()
    update(settings, encoders=encoders)
    thread = Thread(target=watch, args=(settings, queue.put), kwargs={"stop": stop, "encoders": encoders})
    thread.start()
    yield queue
    stop.set()
    thread.join(timeout=30)
    assert not thread.is_alive()


def report(told: Told) -> IndexReport:
    found = told.get(timeout=30)
    assert isinstance(found, IndexReport), found
    return found


def test_every_change_is_followed_by_an_update(told: Told, articles: Path) -> None:
    (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
    first = report(told)
    assert (first.generation, first.added, first.changed, first.removed, first.kept) == (2, 1, 0, 0, 5)
    (articles / "nested/ferry.md").write_text("Another ferry.\n", encoding="utf-8")
    assert report(told).added == 1
    (articles / "ferry.md").unlink()
    assert report(told).removed == 1
    lock = FileLock("index/.lock")
    lock.acquire(timeout=0)  # nobody holds it meanwhile
    lock.release()


def test_what_changes_nothing_is_not_told(told: Told, articles: Path) -> None:
    (articles / "picture.xyz").write_bytes(b"no article")
    with pytest.raises(Empty):
        told.get(timeout=2.5)


def test_a_folder_that_goes_and_comes_again_is_followed(told: Told, articles: Path) -> None:
    shutil.rmtree(articles)
    failed = told.get(timeout=30)
    while isinstance(failed, IndexReport):  # an update may come while the folder is being emptied
        failed = told.get(timeout=30)
    assert isinstance(failed, CorpusError)
    articles.mkdir()
    (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
    while (found := told.get(timeout=30)) and not (isinstance(found, IndexReport) and found.documents == 1):
        assert isinstance(found, CorpusError)
    (articles / "second.md").write_text("A second ferry.\n", encoding="utf-8")
    assert report(told).added == 1


def test_a_folder_that_is_replaced_at_once_is_followed(told: Told, articles: Path) -> None:
    shutil.rmtree(articles)
    articles.mkdir()  # perhaps as the same inode
    (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
    while (found := told.get(timeout=30)) and not (isinstance(found, IndexReport) and found.documents == 1):
        assert isinstance(found, IndexReport | CorpusError)
    (articles / "second.md").write_text("A second ferry.\n", encoding="utf-8")
    assert report(told).added == 1


def test_another_writer_is_told_of_and_waited_for(told: Told, articles: Path) -> None:
    lock = FileLock("index/.lock")
    lock.acquire(timeout=10)
    try:
        (articles / "ferry.md").write_text("A ferry crosses the lake.\n", encoding="utf-8")
        failed = told.get(timeout=30)
        assert isinstance(failed, IndexBusy)
        assert str(failed).startswith("Another briefqa is writing the index in index. ")
        # It is tried again at every look, and not told again.
        with pytest.raises(Empty):
            told.get(timeout=2.5)
    finally:
        lock.release()
    assert report(told).added == 1
