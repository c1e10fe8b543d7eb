"""What an index is and how it stands to the articles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.index.blame import blaming_damage
from briefqa.index.generation import of_live, open_manifest
from briefqa.index.languages import encoder_notes
from briefqa.index.places import resolve_source
from briefqa.index.survey import remarks, survey
from briefqa.reports import IndexStatus

if TYPE_CHECKING:
    from briefqa.config import Settings


def index_status(settings: Settings) -> IndexStatus:
    """The state of the index in `settings.index`. Raises IndexMissing, IndexDamaged or IndexMismatch."""
    index = Path(settings.index)
    with blaming_damage(index):
        return of_live(index, lambda: _status(settings))


def _status(settings: Settings) -> IndexStatus:
    index = Path(settings.index)
    _, manifest = open_manifest(index)
    sources = tuple(resolve_source(source, index) for source in manifest.sources)
    there = tuple(source for source in sources if Path(source.path).exists())
    situation = survey(index, sources) if len(there) == len(sources) else None
    if situation and situation.manifest:  # perhaps of a newer generation
        manifest = situation.manifest
    encoder, reranker = manifest.encoder, manifest.reranker
    return IndexStatus(
        index=settings.index,
        generation=manifest.generation,
        made=manifest.created_ns // 10**9,
        documents=manifest.documents,
        passages=manifest.passages,
        bytes=sum(record.bytes for record in manifest.files.values()),
        encoder=encoder.name,
        encoder_sha256=encoder.sha256,
        dimension=encoder.dimension,
        window=encoder.window,
        precision=encoder.precision,
        reranker=reranker.name if reranker else None,
        reranker_sha256=reranker.sha256 if reranker else None,
        reranker_window=reranker.window if reranker else None,
        passage_tokens=manifest.chunking.passage_tokens,
        overlap_tokens=manifest.chunking.overlap_tokens,
        sources=tuple(source.given for source in sources),
        missing_sources=tuple(source.given for source in sources if source not in there),
        new=tuple(key for _, key in situation.changes.new) if situation else (),
        changed=tuple(key for _, key in situation.changes.changed) if situation else (),
        removed=situation.changes.removed if situation else (),
        remarks=remarks(situation.states, situation.listing) if situation else (),
        languages=manifest.languages,
        notes=encoder_notes(manifest.languages, encoder.name),
    )
