"""Which reranker an index is to have. Light, for runs that change nothing too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.encoders.factory import Encoders
    from briefqa.index.manifest import Manifest

_NONE = ("", "none")


def wanted_reranker(manifest: Manifest | None, setting: str | None) -> str | None:
    """The name of the reranker that `setting` asks for, given an earlier manifest; None for none."""
    if setting is None:
        return manifest.reranker.name if manifest and manifest.reranker else None
    return None if setting.strip().lower() in _NONE else setting


def reranker_differs(manifest: Manifest, setting: str | None, encoders: Encoders) -> bool:
    """Whether `setting` asks for another reranker than the index has. Raises EncoderError for one that is not here."""
    if setting is None:
        return False
    name, kept = wanted_reranker(manifest, setting), manifest.reranker
    if name is None or kept is None:
        return (name is None) != (kept is None)
    return encoders.find_reranker(name).sha256 != kept.sha256
