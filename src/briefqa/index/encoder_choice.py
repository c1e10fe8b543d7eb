"""The encoder of a new generation: the exported one while it serves, and the one that takes seconds to load after."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING

from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.errors import IndexDamaged
from briefqa.index.generation import ENCODERS_FOLDER
from briefqa.index.manifest import EncoderIdentity
from briefqa.index.models import is_whole, keep_model

if TYPE_CHECKING:
    from briefqa.config import Settings
    from briefqa.encoders.factory import BuildingEncoder, Encoders
    from briefqa.index.survey import Situation
    from briefqa.index.update import Progress
    from briefqa.protocols import PassageEncoder

# So many passages are encoded by onnxruntime before torch would have been loaded and caught up (docs/performance.md).
_FEW = 128


class EncoderChoice:
    """Which encoder, at which precision. Nothing is loaded before it is needed."""

    def __init__(self, situation: Situation, settings: Settings, encoders: Encoders, progress: Progress) -> None:
        self._encoders, self._progress = encoders, progress
        self._manifest = manifest = situation.manifest
        self.model = encoders.find(settings.encoder or situation.making.encoder or DEFAULT_ENCODER)
        self._folder = situation.index / ENCODERS_FOLDER / self.model.sha256
        self.precision: str = settings.precision or situation.making.precision
        self.same = (
            manifest is not None
            and manifest.encoder.sha256 == self.model.sha256
            and self.precision in ("auto", manifest.encoder.precision)
        )
        self._loaded: BuildingEncoder | None = None
        self._exported = manifest is not None and is_whole(self._folder)
        self._light: PassageEncoder | None = None
        self._light_looked_for = False

    @property
    def loaded(self) -> BuildingEncoder:
        """The encoder that can do everything, loaded now if it wasn't."""
        if self._loaded is None:
            self._progress("loading the encoder", 0, 1)
            self._loaded = self._encoders.load(self.model, precision=self.precision)
            self._progress("loading the encoder", 1, 1)
        return self._loaded

    def for_cutting(self) -> PassageEncoder:
        """An encoder that counts tokens."""
        return self._loaded or self._exported_one() or self.loaded

    def for_encoding(self, passages: int) -> PassageEncoder:
        """The encoder for so many passages."""
        few = passages <= _FEW and self._loaded is None and self.same
        return (self._exported_one() if few else None) or self.loaded

    def keep(self) -> None:
        """See that the encoder stands beside the index, whole, as it is asked with."""
        if not self._exported:
            keep_model(self._folder, lambda to: self.loaded.export(to), what="encoder", progress=self._progress)

    def release(self) -> None:
        """Let go of what was loaded."""
        self._light = None
        if self._loaded is not None:
            self._loaded = None
            gc.collect()  # a model's parts hold each other: 100 MB and more, in a process that goes on

    def identity(self) -> EncoderIdentity:
        """What the manifest says of it."""
        if self._manifest is not None and self.same:
            return self._manifest.encoder
        model, encoder = self.model, self.loaded
        return EncoderIdentity(
            model.name, model.revision, model.sha256, encoder.dimension, encoder.window, encoder.precision
        )

    def _exported_one(self) -> PassageEncoder | None:
        if self._exported and not self._light_looked_for:
            self._light_looked_for = True
            with suppress(IndexDamaged):  # of another briefqa: the model itself serves
                self._light = self._encoders.open_for_passages(self._folder)
        return self._light
