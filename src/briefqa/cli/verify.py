"""`briefqa verify`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefqa.cli.options import IndexOption, JsonOption, settings
from briefqa.cli.output import print_json, print_result
from briefqa.cli.progress import ProgressBars
from briefqa.errors import IndexDamaged

if TYPE_CHECKING:
    from briefqa.reports import Rereading


def verify(
    deep: Annotated[
        bool, typer.Option("--deep", help="Read the articles again, too, and hold every address against them.")
    ] = False,
    index: IndexOption = None,
    json: JsonOption = False,
) -> None:
    """Check every file of the index against its checksum, and every passage against its document.

    With --deep, every article file that is as it was indexed is read again, and has to hold each passage and each
    sentence where a citation would say; files that have changed or are gone since are named, and are no damage.

    Exit code 3: something is wrong; each thing is named.

    For example:

        briefqa verify
        briefqa verify --deep

    """
    from briefqa.index.verify import verify as verify_index

    chosen = settings(index=index)
    manifest, wrong = verify_index(Path(chosen.index))
    _require_nothing(wrong, chosen.index, "Mend what can be mended with: briefqa repair. ")
    found = _reread(chosen.index, shown=not json) if deep else None
    if json:
        from briefqa.rendering.jsonout import verify_json

        print_json(verify_json(manifest.generation, manifest.documents, manifest.passages, found))
        return
    from briefqa.rendering.escape import one_line

    print_result(
        f"The index in {one_line(chosen.index)} is whole: generation {manifest.generation},"
        f" {manifest.documents} documents, {manifest.passages} passages."
    )
    if found:
        from briefqa.rendering.indexing import render_rereading

        print_result(render_rereading(found))


def _reread(index: str, *, shown: bool) -> Rereading:
    from briefqa.index.rereading import reread

    with ProgressBars(shown=shown and sys.stderr.isatty()) as bars:
        found, wrong = reread(Path(index), progress=bars)
    _require_nothing(wrong, index)
    return found


def _require_nothing(wrong: list[str], index: str, remedy: str = "") -> None:
    if wrong:
        raise IndexDamaged(
            f"The index in {index} is damaged: {'; '.join(wrong)}. {remedy}Make it again with: briefqa index --rebuild"
        )
