"""The one place that decides which classes encode: sentence-transformers to build, onnxruntime to ask.

The libraries are imported when an encoder is needed and not before: torch costs seconds. Tests, and other runtimes,
pass an `Encoders` of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from briefqa.encoders.models import ModelFolder, find_model
from briefqa.protocols import PassageEncoder, QuestionEncoder

if TYPE_CHECKING:
    from pathlib import Path


class BuildingEncoder(PassageEncoder, Protocol):
    """A passage encoder that can leave its question side beside the index."""

    def export(self, folder: Path) -> None:
        """Fill the empty `folder` with what `Encoders.open` needs."""


class Encoders(Protocol):
    """Finds encoders by name, loads them to build an index, and opens their exported form to ask."""

    def find(self, name: str) -> ModelFolder:
        """The model of that name. Raises EncoderError when it is not on this machine."""

    def load(self, model: ModelFolder) -> BuildingEncoder:
        """The model, ready to encode passages. Raises EncoderError when it can't be used."""

    def open(self, folder: Path) -> QuestionEncoder:
        """The question side that `export` left in `folder`. Raises IndexDamaged when it is incomplete."""


class InstalledEncoders:
    """The encoders of the libraries that briefqa is installed with."""

    def find(self, name: str) -> ModelFolder:
        """See Encoders."""
        return find_model(name)

    def load(self, model: ModelFolder) -> BuildingEncoder:
        """See Encoders."""
        from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder  # noqa: PLC0415 - torch

        return SentenceTransformersEncoder(model)

    def open(self, folder: Path) -> QuestionEncoder:
        """See Encoders."""
        from briefqa.encoders.onnx import OnnxEncoder  # noqa: PLC0415 - onnxruntime

        return OnnxEncoder(folder)


INSTALLED: Encoders = InstalledEncoders()
