"""The index that a server reads: opened by the first call that needs it, and followed to newer generations."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.api import Index
    from briefqa.config import Settings
    from briefqa.reports import IndexStatus


class Library:
    """The index of the settings. Calls may come from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._index: Index | None = None

    @contextmanager
    def index(self) -> Iterator[Index]:
        """The index, of the live generation. Raises IndexMissing, IndexDamaged or IndexMismatch."""
        from briefqa.api import open_index  # noqa: PLC0415 - not before the first call

        with self._lock:
            if self._index is None:
                self._index = open_index(settings=self.settings)
            else:
                self._index._reopen()
            yield self._index

    def status(self) -> IndexStatus:
        """What the index holds and whether the articles have moved on."""
        from briefqa.index.status import index_status  # noqa: PLC0415

        return index_status(self.settings)

    def close(self) -> None:
        """Release the files."""
        with self._lock:
            if self._index is not None:
                self._index.close()
            self._index = None
