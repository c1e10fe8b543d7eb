"""Making an index, and keeping it up to date, in one call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.config import Settings
from briefqa.encoders.factory import INSTALLED
from briefqa.index.update import update

if TYPE_CHECKING:
    from briefqa.encoders.factory import Encoders
    from briefqa.index.update import Progress
    from briefqa.reports import IndexReport


def build(
    *articles: str | Path,
    index: str | Path | None = None,
    settings: Settings | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
    encoders: Encoders = INSTALLED,
) -> IndexReport:
    """Make the folder `index` hold exactly the `articles`, folders and files: only what is new or changed is encoded,
    unless to `rebuild` it all. What is not given is as the `settings` have it. `progress` is called with a stage's
    name, and how many of how many are done. Files that could not be read are among the report's remarks.

    Raises CorpusError when there is nothing to index, EncoderError, IndexBusy, IndexNotWritable, and IndexProblem when
    the index that is there can't be used. The old index stays in use until the new one is whole.
    """
    chosen = settings or Settings()
    if articles:  # they are all that the index is about
        chosen = replace(chosen, corpus=tuple(map(str, articles)), collections=())
    if index is not None:
        chosen = replace(chosen, index=str(index))
    return update(chosen, rebuild=rebuild, progress=progress, encoders=encoders)
