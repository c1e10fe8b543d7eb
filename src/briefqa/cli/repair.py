"""`briefqa repair`."""

from __future__ import annotations

import sys

from briefqa.cli.options import IndexOption, JsonOption, settings
from briefqa.cli.output import print_json, print_result
from briefqa.cli.progress import ProgressBars


def repair(index: IndexOption = None, json: JsonOption = False) -> None:
    """Mend a damaged index from what is whole of it, without reading or encoding the articles again.

    The index that is there is only read; a new one takes its place when it is whole and checked. Exit code 3: something
    is damaged that has to be made again from the articles; it is named.

    For example:

        briefqa repair

    """
    from briefqa.index.repair import repair as repair_index

    chosen = settings(index=index)
    with ProgressBars(shown=not json and sys.stderr.isatty()) as bars:
        report = repair_index(chosen, progress=bars)
    if json:
        from briefqa.rendering.jsonout import repair_json

        print_json(repair_json(report))
    else:
        from briefqa.rendering.indexing import render_repair

        print_result(render_repair(report, chosen.index))
