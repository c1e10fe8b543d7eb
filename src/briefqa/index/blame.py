"""When an index is read and something breaks in a library below: whether a damaged file is to blame, and which.

To look at every checksum takes seconds in a large index, so that is done then, and not before every answer.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from briefqa.errors import REBUILD, BriefqaError, IndexDamaged
from briefqa.index.checksums import wrong_by_list, wrong_files
from briefqa.index.generation import ENCODERS_FOLDER, RERANKERS_FOLDER, live_generation_name, open_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from briefqa.index.manifest import Manifest

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def blaming_damage(index: Path, generation: str | None = None) -> Iterator[None]:
    """Raise IndexDamaged in place of an error that is none of ours when a file of the live generation is not what was
    written. While another than the `generation` that is being read is live, and with all files whole, the error stays
    what it is."""
    try:
        yield
    except (BriefqaError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic in Tantivy is no Exception
        live = live_generation_name(index)
        if live is None or generation not in (None, live):
            raise
        wrong = wrong_parts(index, *open_manifest(index))
        if not wrong:
            raise
        raise IndexDamaged(f"{wrong[0]}. {REBUILD}") from error


def wrong_parts(index: Path, folder: Path, manifest: Manifest) -> list[str]:
    """What is wrong with the files of the generation in `folder`, and with its models', a phrase each."""
    wrong = wrong_files(folder, manifest.files) + wrong_by_list(index / ENCODERS_FOLDER / manifest.encoder.sha256)
    if manifest.reranker:
        wrong += wrong_by_list(index / RERANKERS_FOLDER / manifest.reranker.sha256)
    return wrong


def blames_damage(method: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """`method`, of an object that reads the generation `_reader`, inside of `blaming_damage`."""

    @wraps(method)
    def blaming(self: Any, /, *arguments: P.args, **named: P.kwargs) -> T:
        with blaming_damage(self._reader.index, self._reader.folder.name):
            return method(self, *arguments, **named)

    return blaming
