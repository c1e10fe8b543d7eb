"""What an opened generation is asked with: its models, and what finds passages within a filter."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from briefqa.encoders.remembering import RememberingEncoder
from briefqa.errors import IndexMismatch
from briefqa.index.checksums import require_whole_by_list
from briefqa.retrieval.pipeline import make_pipeline

if TYPE_CHECKING:
    from briefqa.config import Settings
    from briefqa.encoders.factory import Encoders
    from briefqa.filters import Filter
    from briefqa.index.reader import GenerationReader
    from briefqa.index.restricted import RestrictedReader
    from briefqa.protocols import PairScorer
    from briefqa.retrieval.pipeline import Pipeline

    _Within = tuple[GenerationReader | RestrictedReader, Pipeline]


class Pipelines:
    """The models are opened when they are first needed. Raises IndexDamaged for one that is not whole."""

    def __init__(self, settings: Settings, encoders: Encoders, reader: GenerationReader) -> None:
        self._settings, self._encoders, self._reader = settings, encoders, reader
        self._last: tuple[Filter | None, _Within] | None = None

    def within(self, wanted: Filter | None) -> _Within:
        """The index within the filter, and what finds passages there: made anew for another filter than the last."""
        if self._last is None or self._last[0] != wanted:
            store = self._reader.restricted(wanted) if wanted else self._reader
            pipeline = make_pipeline(
                self._settings,
                store,
                encoder=lambda: self.encoder,
                scorer=lambda: self._scorer,
                published=self._reader.published,
                newest=self._reader.newest,
            )
            self._last = wanted, (store, pipeline)
        return self._last[1]

    @cached_property
    def encoder(self) -> RememberingEncoder:
        """The index's encoder, for questions."""
        folder = self._reader.encoder_folder
        require_whole_by_list(folder, "encoder")
        return RememberingEncoder(self._encoders.open(folder))

    @cached_property
    def _scorer(self) -> PairScorer:
        folder = self._reader.reranker_folder
        if folder is None:
            raise IndexMismatch(
                f"The index in {self._settings.index} has no reranker, and reranking is asked for."
                " Add one with: briefqa index --reranker NAME"
            )
        require_whole_by_list(folder, "reranker")
        return self._encoders.open_reranker(folder)
