"""What many tests start from, such as a folder with an index, is made by the first and copied for the others."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from briefqa.encoders.models import DEFAULT_ENCODER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes import FakeEncoders


class MadeOnce:
    """Copies are kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._counts: dict[str, dict[str, list[Any]]] = {}

    def __call__(self, name: str, make: Callable[[], None], encoders: FakeEncoders | None = None) -> None:
        """Have the current folder, a test's own, hold all that `make` makes of it, times of files included, and the
        `encoders` count what it has them do. The same `name` says that the same is made of the same."""
        here, kept = Path.cwd(), self._folder / name
        assert here.is_relative_to(self._folder.parent), f"{here} is no folder of a test"
        if name in self._counts:
            for entry in here.iterdir():  # what `make` may have taken away
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            shutil.copytree(kept, here, symlinks=True, dirs_exist_ok=True)
            for counter, entries in self._counts[name].items():
                getattr(encoders, counter)[:] = entries
        else:
            make()
            shutil.copytree(here, kept, symlinks=True)
            counters = vars(encoders) if encoders else {}
            self._counts[name] = {
                counter: entries.copy() for counter, entries in counters.items() if isinstance(entries, list)
            }


@contextmanager
def exported_once(kept: Path) -> Iterator[None]:
    """Meanwhile, the default encoder is exported into the empty folder `kept` by the first who needs that, and copied
    from there for the others: seconds each."""
    from briefqa.encoders.export import export_encoder as export  # noqa: PLC0415 - torch

    def export_or_copy(encoder: Any, folder: Path) -> None:
        if encoder.name != DEFAULT_ENCODER:
            export(encoder, folder)
            return
        if not any(kept.iterdir()):
            export(encoder, kept)
        shutil.copytree(kept, folder, dirs_exist_ok=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("briefqa.encoders.sentence_transformers.export_encoder", export_or_copy)
        yield
