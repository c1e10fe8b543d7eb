"""The index as the server reads it: the library's own calls, from several threads, always on the live generation."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from briefqa.api import Index
from briefqa.encoders.factory import InstalledEncoders
from briefqa.rendering.articlejson import article_json
from briefqa.rendering.jsonout import answer_json, documents_json, hits_json, status_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from briefqa.config import RetrieverName, Settings
    from briefqa.protocols import QuestionEncoder
    from briefqa.serving.queries import Asked

Json = dict[str, Any]

_RENEW_SECONDS = 1.0
"""So often is looked whether there is a newer generation, and whether the articles have changed."""


class Library:
    """What the server tells, as JSON. An index is opened for each retriever that is asked for; they share their models.

    Raises, when it is made, IndexMissing, IndexDamaged or IndexMismatch.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings, self._clock = settings, clock
        self._models = SharedModels()
        self._opening = Lock()
        self._opened: dict[str, tuple[Index, float]] = {}
        self._live(settings.retriever)

    def close(self) -> None:
        """Release the files."""
        for index, _ in self._opened.values():
            index.close()

    def warm(self) -> None:
        """Load the models, which the first question would wait for."""
        self._live(self.settings.retriever).search("briefqa", top_k=1)

    def answer(self, asked: Asked) -> Json:
        """briefqa.answer/1."""
        return answer_json(self._live(asked.settings.retriever).ask(asked.question, **asked.how))

    def hits(self, asked: Asked) -> Json:
        """briefqa.hits/1."""
        return hits_json(self._live(asked.settings.retriever).search(asked.question, **asked.how))

    def documents(self, offset: int, limit: int) -> Json:
        """briefqa.documents/1, of `limit` documents from the one numbered `offset` on."""
        index = self._live(self.settings.retriever)
        listed = list(index.documents(offset=offset, limit=limit))
        return documents_json(listed, total=index.info.documents, offset=offset)

    def article(self, identity: str) -> Json:
        """briefqa.article/1, of the document or passage whose id starts so. Raises UsageError for none or several."""
        document, passages, asked = self._live(self.settings.retriever).look_up(identity.strip().lower())
        return article_json(document, passages, asked)

    def status(self) -> Json:
        """briefqa.status/1."""
        return status_json(self._live(self.settings.retriever).status())

    def _live(self, retriever: RetrieverName) -> Index:
        with self._opening:
            index, looked = self._opened.get(retriever, (None, 0.0))
            now = self._clock()
            if index is None:
                index = Index(replace(self.settings, retriever=retriever), encoders=self._models)
            elif now - looked >= _RENEW_SECONDS:
                index.renew()
            else:
                return index
            self._opened[retriever] = index, now
            return index


class SharedModels(InstalledEncoders):
    """Opens an exported encoder once for all who ask for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: tuple[Path, QuestionEncoder] | None = None

    def open(self, folder: Path) -> QuestionEncoder:
        """See Encoders."""
        with self._lock:
            if self._last is None or self._last[0] != folder:
                self._last = folder, super().open(folder)
            return self._last[1]
