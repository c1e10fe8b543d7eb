"""Models that an index carries: exported once, into a folder named by the model's checksum."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from briefqa.index.checksums import write_list, wrong_by_list
from briefqa.index.generation import RERANKERS_FOLDER
from briefqa.index.manifest import FORMAT, RerankerIdentity
from briefqa.index.publish import move_into_place, work_folder
from briefqa.index.reranker import wanted_reranker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from briefqa.encoders.factory import Encoders
    from briefqa.encoders.models import ModelFolder
    from briefqa.index.survey import Situation
    from briefqa.index.update import Progress

FORMAT_FILE = "format"


def keep_model(
    final: Path,
    export: Callable[[Path], None],
    *,
    what: str,
    progress: Progress,
    hashing: bool = True,
) -> None:
    """Have `export` fill the folder `final`, two below the index, unless it is there and whole (without `hashing`: by
    the sizes of its files): a folder takes another's place in two steps, and one that serves must never be missing."""
    if is_whole(final, hashing=hashing):
        return
    progress(f"exporting the {what}", 0, 1)
    with work_folder(final.parent.parent, f"{what}-{os.getpid()}") as folder:
        export(folder)
        (folder / FORMAT_FILE).write_text(f"{FORMAT}\n", encoding="utf-8")
        write_list(folder)
        move_into_place(folder, final)
    progress(f"exporting the {what}", 1, 1)


def is_whole(folder: Path, *, hashing: bool = True) -> bool:
    """Whether an exported model stands in `folder` as it was written, by a briefqa of this format; without `hashing`,
    by the sizes of its files."""
    try:
        of_this_format = (folder / FORMAT_FILE).read_text(encoding="utf-8") == f"{FORMAT}\n"
    except (OSError, UnicodeDecodeError):
        return False
    return of_this_format and not wrong_by_list(folder, hashing=hashing)


class RerankerChoice:
    """The reranker of a new generation. It is loaded only to be exported. An index goes on with the one it carries
    where the model itself is not here."""

    def __init__(self, situation: Situation, setting: str | None, encoders: Encoders) -> None:
        self._index, self._encoders = situation.index, encoders
        self._kept = situation.making.reranker
        self._model: ModelFolder | None = None
        name = wanted_reranker(self._kept, setting)
        if name is None:
            self._kept = None
        elif setting is not None or not self._carried():
            self._model = encoders.find_reranker(name)

    def keep(self, progress: Progress) -> RerankerIdentity | None:
        """See that the reranker stands beside the index, whole, and say which it is. Raises EncoderError."""
        model, kept = self._model, self._kept
        if model is None:
            return kept
        if kept and kept.sha256 == model.sha256 and self._carried():
            return kept
        progress("loading the reranker", 0, 1)
        loaded = self._encoders.load_reranker(model)
        progress("loading the reranker", 1, 1)
        keep_model(self._folder(model.sha256), loaded.export, what="reranker", progress=progress)
        return RerankerIdentity(model.name, model.revision, model.sha256, loaded.window)

    def _carried(self) -> bool:
        return self._kept is not None and is_whole(self._folder(self._kept.sha256))

    def _folder(self, sha256: str) -> Path:
        return self._index / RERANKERS_FOLDER / sha256
