"""What became of the files that a run reads, kept in a file of its own from when they are read until they are cut: what
recurs in them is known only when all are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefqa.corpus.loading import Outcome
from briefqa.corpus.worker import receive, send
from briefqa.index.recurring import origin_of

if TYPE_CHECKING:
    from pathlib import Path

    from briefqa.corpus.scan import ScannedFile


class Taken:
    """The outcomes by file. `blocks` are those of all documents in them, each with its origin."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "taken-work"
        self._file = self._path.open("w+b")
        self._places: dict[tuple[int, str], int] = {}
        self.blocks: list[tuple[str, bytes]] = []

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
        self._path.unlink()

    def add(self, file: ScannedFile, outcome: Outcome) -> None:
        """Keep what became of a file."""
        self._places[file.source, file.key] = self._file.seek(0, 2)
        send(self._file, outcome)
        self.blocks += [(origin_of(loaded.document), loaded.blocks) for loaded in outcome.documents]

    def outcome(self, file: ScannedFile) -> Outcome | None:
        """What became of the file; None where it was not read."""
        place = self._places.get((file.source, file.key))
        if place is None:
            return None
        self._file.seek(place)
        return receive(self._file, Outcome, self._path.stat().st_size)
