"""`briefqa status`."""

from __future__ import annotations

from briefqa.cli.options import IndexOption, JsonOption, settings
from briefqa.cli.output import print_json, print_result


def status(index: IndexOption = None, json: JsonOption = False) -> None:
    """Tell what the index holds, how it was made, and whether the articles have moved on since.

    Articles are compared by size and time, and by content where these differ; nothing is changed.

    For example:

        briefqa status

    """
    from briefqa.index.status import index_status

    found = index_status(settings(index=index))
    if json:
        from briefqa.rendering.jsonout import status_json

        print_json(status_json(found))
    else:
        from briefqa.rendering.indexing import render_status

        print_result(render_status(found))
