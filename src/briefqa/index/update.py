"""One index run: look what changed, and build a new generation only if something did."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from briefqa.analysis import ANALYSIS_VERSION
from briefqa.corpus.formats import FORMATS
from briefqa.encoders.factory import INSTALLED
from briefqa.errors import CorpusError, IndexMissing
from briefqa.index.blame import blaming_damage
from briefqa.index.generation import left_behind, left_over, live_generation_name, of_live, open_manifest
from briefqa.index.languages import encoder_notes
from briefqa.index.manifest import loading_of
from briefqa.index.places import place_of, resolve_source, sources_of
from briefqa.index.reranker import reranker_differs
from briefqa.index.survey import Situation, remarks, survey
from briefqa.reports import IndexReport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefqa.config import Settings
    from briefqa.corpus.scan import Listing
    from briefqa.encoders.factory import Encoders
    from briefqa.types import Source


class Progress(Protocol):
    """Told what is going on: a stage's name, and how many of how many are done."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note."""


def update(
    settings: Settings,
    *,
    rebuild: bool = False,
    sources: Sequence[Source] | None = None,
    progress: Progress | None = None,
    encoders: Encoders = INSTALLED,
    waiting: Callable[[str], None] | None = None,
) -> IndexReport:
    """Make the index hold exactly the articles of the `sources`, or else of `settings`; `rebuild` makes everything
    anew, and keeps no more than the reranker that the index has. While another process writes the index it is waited
    for, if `waiting` is there to be told, in a sentence, who that is.

    Raises CorpusError when there is nothing to index, EncoderError, IndexBusy, IndexNotWritable, and IndexProblem
    when the index that is there can't be used. The old index stays live until the new one is whole.
    """
    sources = sources_of(settings) if sources is None else sources
    if rebuild:
        return _update(settings, sources, encoders, progress, waiting, rebuild=True)
    with blaming_damage(Path(settings.index)):
        return _update(settings, sources, encoders, progress, waiting, rebuild=False)


def _update(
    settings: Settings,
    sources: Sequence[Source],
    encoders: Encoders,
    progress: Progress | None,
    waiting: Callable[[str], None] | None,
    *,
    rebuild: bool,
) -> IndexReport:
    began = time.monotonic()
    index = Path(settings.index)
    live = live_generation_name(index)
    if live is None and not rebuild and left_over(index):
        from briefqa.index.repair import adopt  # noqa: PLC0415 - after a crash only

        adopt(index, waiting=waiting)
        live = live_generation_name(index)

    def look() -> tuple[Situation, IndexReport | None]:
        situation = survey(index, sources, ignore_index=rebuild)
        if not situation.listing.files:
            raise CorpusError(_nothing_there(sources, situation.listing))
        needed = rebuild or _needs_build(situation, settings, encoders)
        return situation, None if needed else _unchanged(situation, time.monotonic() - began)

    situation, report = of_live(index, look)
    if report:
        if situation.manifest and left_behind(index, situation.manifest):
            from briefqa.index.publish import tidy  # noqa: PLC0415 - rarely wanted

            tidy(index)
        return report
    from briefqa.index.build import build_generation  # noqa: PLC0415 - faiss: for runs that change something only
    from briefqa.index.publish import writing  # noqa: PLC0415

    with writing(index, waiting=waiting):
        if live_generation_name(index) != live:  # another run has ended between the first look and the lock
            situation, report = look()
            if report:
                return report
        return build_generation(situation, settings, encoders, began=began, progress=progress or _silent)


def refresh(settings: Settings, *, progress: Progress | None = None, encoders: Encoders = INSTALLED) -> IndexReport:
    """Bring the index up to date with the articles that it was made from, wherever the settings have others. Raises
    IndexMissing when there is no index, and as `update` does."""
    index = Path(settings.index)
    _, manifest = of_live(index, lambda: open_manifest(index))
    sources = [resolve_source(source, index) for source in manifest.sources]
    as_made = replace(settings, encoder=None)  # of a question's settings, it names the index to be refused
    return update(as_made, sources=sources, progress=progress, encoders=encoders)


def _needs_build(situation: Situation, settings: Settings, encoders: Encoders) -> bool:
    manifest = situation.manifest
    if manifest is None or situation.changes.any:
        return True
    made_from = [resolve_source(source, situation.index) for source in manifest.sources]
    if [(place_of(source), source.rules) for source in situation.sources] != [
        (place_of(source), source.rules) for source in made_from
    ]:
        return True
    if manifest.analysis != ANALYSIS_VERSION:
        return True
    if manifest.loading != loading_of(settings, situation.making):
        return True
    chunking = manifest.chunking
    if settings.passage_tokens not in (None, chunking.passage_tokens):
        return True
    if settings.overlap_tokens not in (None, chunking.overlap_tokens):
        return True
    if settings.precision not in (None, "auto", manifest.encoder.precision):
        return True
    if settings.dense_index not in (None, manifest.dense):
        return True
    if reranker_differs(manifest, settings.reranker, encoders):
        return True
    return settings.encoder is not None and encoders.find(settings.encoder).sha256 != manifest.encoder.sha256


def _unchanged(situation: Situation, seconds: float) -> IndexReport:
    if situation.manifest is None or situation.folder is None:
        raise IndexMissing(f"There is no index in {situation.index}.")
    manifest = situation.manifest
    return IndexReport(
        changed_index=False,
        generation=manifest.generation,
        documents=manifest.documents,
        passages=manifest.passages,
        added=0,
        changed=0,
        removed=0,
        kept=len(situation.changes.kept),
        encoded=0,
        reused=0,
        remarks=remarks(situation.states, situation.listing),
        encoder=manifest.encoder.name,
        seconds=seconds,
        notes=encoder_notes(manifest.languages, manifest.encoder.name),
    )


def _nothing_there(sources: Sequence[Source], listing: Listing) -> str:
    where = ", ".join(source.given for source in sources)
    if listing.unreadable:
        key, reason = listing.unreadable[0]
        return f"There is no article that can be read in {where}: {key}: {reason}."
    return f"There is no article in {where}. briefqa reads files that end in {', '.join(sorted(FORMATS))}."


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
