"""The one place that decides which classes encode and rerank: sentence-transformers to build, onnxruntime to ask.

The libraries are imported when an encoder is needed and not before: torch costs seconds. Tests, and other runtimes,
pass an `Encoders` of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from briefqa.encoders.models import ModelFolder, find_model, find_reranker
from briefqa.protocols import PairScorer, PassageEncoder, QuestionEncoder

if TYPE_CHECKING:
    from pathlib import Path


class BuildingEncoder(PassageEncoder, Protocol):
    """A passage encoder that can leave its question side beside the index."""

    def export(self, folder: Path) -> None:
        """Fill the empty `folder` with what `Encoders.open` needs."""


class BuildingReranker(Protocol):
    """A reranker that can be left beside the index."""

    @property
    def window(self) -> int:
        """The most tokens of a question and a passage together, special tokens and prompt included."""

    def export(self, folder: Path) -> None:
        """Fill the empty `folder` with what `Encoders.open_reranker` needs."""


class Encoders(Protocol):
    """Finds encoders and rerankers by name, loads them to build an index, and opens their exported form to ask."""

    def find(self, name: str) -> ModelFolder:
        """The model of that name. Raises EncoderError when it is not on this machine."""

    def load(self, model: ModelFolder, *, precision: str = "auto") -> BuildingEncoder:
        """The model, ready to encode passages in fp32, in bf16, or in what is fastest here (auto). Raises EncoderError
        when it can't be used."""

    def open_for_passages(self, folder: Path) -> PassageEncoder | None:
        """What `export` left in `folder`, to encode a few passages without waiting for `load`; None where it does not
        serve for that. Raises IndexDamaged when it is incomplete."""

    def open(self, folder: Path) -> QuestionEncoder:
        """The question side that `export` left in `folder`. Raises IndexDamaged when it is incomplete."""

    def find_reranker(self, name: str) -> ModelFolder:
        """The reranker of that name. Raises EncoderError when it is not on this machine."""

    def load_reranker(self, model: ModelFolder) -> BuildingReranker:
        """The reranker, ready to be exported. Raises EncoderError when it can't be used."""

    def open_reranker(self, folder: Path) -> PairScorer:
        """The reranker that `export` left in `folder`. Raises IndexDamaged when it is incomplete."""


class InstalledEncoders:
    """The encoders of the libraries that briefqa is installed with."""

    def find(self, name: str) -> ModelFolder:
        """See Encoders."""
        return find_model(name)

    def load(self, model: ModelFolder, *, precision: str = "auto") -> BuildingEncoder:
        """See Encoders."""
        from briefqa.encoders.sentence_transformers import SentenceTransformersEncoder  # noqa: PLC0415 - torch

        return SentenceTransformersEncoder(model, precision=precision)

    def open_for_passages(self, folder: Path) -> PassageEncoder | None:
        """See Encoders."""
        from briefqa.encoders.onnx_passages import open_for_passages  # noqa: PLC0415 - onnxruntime

        return open_for_passages(folder)

    def open(self, folder: Path) -> QuestionEncoder:
        """See Encoders."""
        from briefqa.encoders.onnx import OnnxEncoder  # noqa: PLC0415 - onnxruntime

        return OnnxEncoder(folder)

    def find_reranker(self, name: str) -> ModelFolder:
        """See Encoders."""
        return find_reranker(name)

    def load_reranker(self, model: ModelFolder) -> BuildingReranker:
        """See Encoders."""
        from briefqa.encoders.sentence_transformers import CrossEncoderReranker  # noqa: PLC0415 - torch

        return CrossEncoderReranker(model)

    def open_reranker(self, folder: Path) -> PairScorer:
        """See Encoders."""
        from briefqa.encoders.onnx import OnnxReranker  # noqa: PLC0415 - onnxruntime

        return OnnxReranker(folder)


INSTALLED: Encoders = InstalledEncoders()
