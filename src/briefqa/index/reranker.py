"""Which reranker an index is to have. Light, for runs that change nothing too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.encoders.factory import Encoders
    from briefqa.index.manifest import Manifest, RerankerIdentity

_NONE = ("", "none")


def wanted_reranker(kept: RerankerIdentity | None, setting: str | None) -> str | None:
    """The name of the reranker that `setting` asks for, given the one that the index has; None for none."""
    if setting is None:
        return kept.name if kept else None
    return None if setting.strip().lower() in _NONE else setting


def reranker_differs(manifest: Manifest, setting: str | None, encoders: Encoders) -> bool:
    """Whether `setting` asks for another reranker than the index has. Raises EncoderError for one that is not here."""
    if setting is None:
        return False
    kept = manifest.reranker
    name = wanted_reranker(kept, setting)
    if name is None or kept is None:
        return (name is None) != (kept is None)
    return encoders.find_reranker(name).sha256 != kept.sha256
