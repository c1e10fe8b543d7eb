"""What can be done with an index in a folder that can't be written. A program of its own, run inside a view of the
files in which index/ is read-only:

    python -m tests.reliability.read_only

Expects the small corpus, of which one article is newer than the index; raises AssertionError.
"""

from __future__ import annotations

from pathlib import Path

import briefqa
from briefqa.config import Settings
from briefqa.errors import IndexNotWritable
from briefqa.index.status import index_status
from briefqa.index.update import update
from briefqa.index.verify import verify
from tests.fakes import FakeEncoders
from tests.index.folders import INDEX, snapshot

QUESTION = "When did Georgia leave the commonwealth?"


def read_and_try_to_write() -> None:
    """Ask, verify and look; an update is told that it can't write."""
    before, settings = snapshot(), Settings(min_confidence=0.0)
    with briefqa.open(settings=settings, encoders=FakeEncoders()) as index:
        answer = index.ask(QUESTION)
    assert answer.text == "Georgia left the commonwealth in 2009."
    assert verify(INDEX)[1] == []
    assert index_status(settings).new == ("ferry.md",)
    for rebuild in (False, True):
        assert told(settings, rebuild=rebuild) in (
            "The index folder index can't be written: read-only file system.",
            "The index folder index can't be written: permission denied.",
        )
    Path("corpus/ferry.md").unlink()
    assert not update(settings, encoders=FakeEncoders()).changed_index
    assert snapshot() == before


def told(settings: Settings, *, rebuild: bool) -> str:
    """What an update says that can't be made."""
    try:
        update(settings, rebuild=rebuild, encoders=FakeEncoders())
    except IndexNotWritable as error:
        return str(error)
    raise AssertionError("the index was written")


if __name__ == "__main__":
    read_and_try_to_write()
