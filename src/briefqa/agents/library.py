"""The index that a server reads: opened by the first call that needs it, and followed to newer generations."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.api import Index
    from briefqa.config import Settings


class Library:
    """The index of the settings. Calls may come from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._opening = Lock()
        self._index: Index | None = None

    def index(self) -> Index:
        """The index, of the live generation. Raises IndexMissing, IndexDamaged or IndexMismatch."""
        from briefqa import api  # noqa: PLC0415 - not before the first call

        with self._opening:
            if self._index is None:
                self._index = api.open(settings=self.settings)
            else:
                self._index.renew()
            return self._index

    def close(self) -> None:
        """Release the files."""
        with self._opening:
            if self._index is not None:
                self._index.close()
            self._index = None
