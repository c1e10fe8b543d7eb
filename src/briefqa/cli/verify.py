"""`briefqa verify`."""

from __future__ import annotations

from pathlib import Path

from briefqa.cli.options import IndexOption, JsonOption, settings
from briefqa.cli.output import print_json, print_result
from briefqa.errors import IndexDamaged


def verify(index: IndexOption = None, json: JsonOption = False) -> None:
    """Check every file of the index against its checksum, and every passage against its document.

    Exit code 3: something is wrong; each thing is named.

    For example:

        briefqa verify

    """
    from briefqa.index.verify import verify as verify_index

    chosen = settings(index=index)
    manifest, wrong = verify_index(Path(chosen.index))
    if wrong:
        raise IndexDamaged(
            f"The index in {chosen.index} is damaged: {'; '.join(wrong)}. Make it again with: briefqa index --rebuild"
        )
    if json:
        from briefqa.rendering.jsonout import verify_json

        print_json(verify_json(manifest.generation, manifest.documents, manifest.passages))
    else:
        from briefqa.rendering.escape import one_line

        print_result(
            f"The index in {one_line(chosen.index)} is whole: generation {manifest.generation},"
            f" {manifest.documents} documents, {manifest.passages} passages."
        )
