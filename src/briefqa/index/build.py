"""Builds a generation: load, chunk, encode what has no vector yet, write, check, publish."""

from __future__ import annotations

import os
import time
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import briefqa
from briefqa.analysis import ANALYSIS_VERSION
from briefqa.errors import REBUILD, CorpusError, IndexDamaged
from briefqa.index.appending import Layout, go_on_from, segment_name
from briefqa.index.catalog_writer import CatalogWriter
from briefqa.index.checksums import record_files, require_whole
from briefqa.index.dense import write_dense
from briefqa.index.encoded import EncodedStore, discard
from briefqa.index.encoder_choice import EncoderChoice
from briefqa.index.encoding import encode_pending
from briefqa.index.grouping import write_duplicates
from briefqa.index.intake import Intake, Tally
from briefqa.index.languages import document_languages, encoder_notes
from briefqa.index.lexical import LexicalIndex, write_lexical
from briefqa.index.manifest import (
    DEFAULT_DENSE,
    MANIFEST_FILE,
    Chunking,
    Manifest,
    RerankerIdentity,
    SegmentRecord,
    loading_of,
)
from briefqa.index.models import RerankerChoice
from briefqa.index.pending import PendingPassages
from briefqa.index.places import Locator, relative_to_index
from briefqa.index.publish import next_number, publish, remove, sweep, work_folder
from briefqa.index.reading import read_files
from briefqa.index.recurring import write_clutter
from briefqa.index.segment import Segment
from briefqa.index.segments import Segments
from briefqa.index.states import write_states
from briefqa.index.survey import remarks
from briefqa.index.taken import Taken
from briefqa.reports import IndexReport

if TYPE_CHECKING:
    from pathlib import Path

    from briefqa.config import Settings
    from briefqa.encoders.factory import Encoders
    from briefqa.index.appending import Appending
    from briefqa.index.recurring import Clutter
    from briefqa.index.states import FileState
    from briefqa.index.survey import Situation
    from briefqa.index.update import Progress
    from briefqa.protocols import Vectors


class _Builder:
    """One run. The encoder is loaded when a document has to be cut or encoded, not before."""

    def __init__(self, situation: Situation, settings: Settings, encoders: Encoders, progress: Progress) -> None:
        self.situation, self.progress = situation, progress
        self.encoder = EncoderChoice(situation, settings, encoders, progress)
        self._choice = RerankerChoice(situation, settings.reranker, encoders)
        self.reranker: RerankerIdentity | None = None
        self.chunking = self._chunking(settings)
        self.loading = loading_of(settings, situation.making)
        self.dense = settings.dense_index or situation.making.dense or DEFAULT_DENSE
        self.earlier = _open_earlier(situation)
        self.appending: Appending | None = None
        self.encoded = 0
        self.states: list[FileState] = []
        self.layout = Layout()

    def close(self) -> None:
        """Close the generation that was live, and let go of the encoder."""
        self.encoder.release()
        if self.earlier is not None:
            self.earlier.close()

    def write(self, folder: Path) -> None:
        """Write everything but the manifest."""
        # First, as a model that turns out to be none should be told before an hour of encoding, not after.
        self.reranker = self._choice.keep(self.progress)
        with closing(Taken(folder)) as taken, closing(PendingPassages(folder)) as pending:
            clutter = self._read(taken)
            if self.earlier is not None and self.appending is None:
                self._check_earlier()
            tally = Tally(pending, first_document=self.appending.starts[0] if self.appending else 0)
            record = self._take_in(folder, tally, taken, clutter)
            write_clutter(folder, clutter)
            write_states(folder, self.states)
            self.encoder.keep()
            if record:
                write_dense(folder / record.name, self._encoded(folder / record.name, tally), self.dense)
            self.encoded = len(pending)
        if self.appending:
            self.layout = self.appending.lay_out(folder, record, self.progress)
            self.appending.group_duplicates(folder, self.layout, self.progress)
        elif record:
            self.progress("writing the lexical index", 0, 1)
            with closing(self._open(folder, record)) as segment:
                write_lexical(folder, segment.lexical_entries())
                write_duplicates(folder, [segment], self.progress)
            self.progress("writing the lexical index", 1, 1)
            self.layout = Layout([record])

    def _check_earlier(self) -> None:
        """All of it is read: once it is in another generation, nobody could tell any more that it was damaged."""
        folder, manifest = self.situation.folder, self.situation.manifest
        if self.earlier is not None and folder is not None and manifest is not None:
            in_segments = [name for name in manifest.files if name.startswith(tuple(_folders(manifest)))]
            require_whole(folder, {name: manifest.files[name] for name in in_segments})
            self.earlier.check()

    def manifest(self, folder: Path, number: int) -> Manifest:
        """The manifest for what `write` wrote, after a check that its parts belong together."""
        layout = self.layout
        passages = sum(record.passages for record in layout.segments) - len(layout.tombstones.passages)
        documents = sum(record.documents for record in layout.segments) - len(layout.tombstones.documents)
        named = sum(len(state.documents) for state in self.states)
        found = len(LexicalIndex(folder))
        if (documents, passages) != (named, found):
            wrong = f"{documents} and {named} documents, {passages} and {found} passages"
            raise _unlike(folder, wrong)
        try:
            for record in layout.fresh():
                with closing(self._open(folder, record)) as segment:
                    segment.check()
        except IndexDamaged as error:
            raise _unlike(folder, record.name) from error
        sources = tuple(relative_to_index(source, self.situation.index) for source in self.situation.sources)
        return Manifest(
            generation=number,
            created_ns=self.situation.scanned_ns,
            briefqa=briefqa.__version__,
            encoder=self.encoder.identity(),
            reranker=self.reranker,
            chunking=self.chunking,
            dense=self.dense,
            loading=self.loading,
            analysis=ANALYSIS_VERSION,
            sources=sources,
            documents=documents,
            passages=passages,
            segments=tuple(layout.segments),
            files=record_files(folder, but=MANIFEST_FILE, known=layout.known),
            precision=self.encoder.precision,
        )

    def _read(self, taken: Taken) -> Clutter:
        """Read what has to be read, and decide whether to go on from the generation that is live. Returns what recurs
        in the articles."""
        manifest, changes = self.situation.manifest, self.situation.changes
        alike = manifest is not None and (manifest.chunking, manifest.loading) == (self.chunking, self.loading)
        if not (alike and self.encoder.same):
            self.situation = replace(self.situation, changes=changes._replace(kept={}))
        self.situation, clutter = read_files(
            self.situation, taken, earlier=self.earlier, loading=self.loading, progress=self.progress
        )
        self.appending = go_on_from(
            self.situation,
            self.earlier,
            chunking=self.chunking,
            loading=self.loading,
            dense=self.dense,
            same_encoder=self.encoder.same,
        )
        return clutter

    def _take_in(self, folder: Path, tally: Tally, taken: Taken, clutter: Clutter) -> SegmentRecord | None:
        """Read and cut what is to be in the new segment, and write its catalog; None when nothing is. Raises
        CorpusError when the index would be empty."""
        name, starts, files = segment_name(1), (0, 0), self.situation.listing.files
        if self.appending:
            name, starts, files = self.appending.name, self.appending.starts, self.appending.files
        (folder / name).mkdir()
        intake = Intake(
            CatalogWriter(folder / name),
            tally,
            self.situation,
            earlier=self.earlier,
            chunking=self.chunking,
            taken=taken,
            clutter=clutter,
            encoder=self.encoder.for_cutting,
            same_encoder=self.encoder.same,
            holds_id=self.appending.holds_id if self.appending else lambda identity: False,
        )
        intake.add_all(files, self.progress)
        intake.close()
        tally.sketches.write(folder / name)
        self.states = [*(self.appending.states if self.appending else ()), *tally.states]
        if not any(state.documents for state in self.states):
            reasons = "; ".join(f"{state.key}: {', '.join(state.remarks)}" for state in self.states[:5])
            raise CorpusError(f"No article can be used: {reasons}.")
        documents, passages = tally.documents, tally.passages
        if not documents:
            remove(folder / name)
            return None
        ranges = (starts[0], starts[0] + documents), (starts[1], starts[1] + passages)
        return SegmentRecord(name, documents, passages, *ranges)

    def _encoded(self, segment: Path, tally: Tally) -> Vectors:
        """The vectors of the new segment's passages, mapped from a file; their sentences' codes are written to it."""
        dimension = self.encoder.identity().dimension
        return encode_pending(
            segment,
            tally,
            self.earlier,
            dimension=dimension,
            encoder=lambda: self.encoder.for_encoding(len(tally.pending)),
            store=lambda precision: EncodedStore(
                self.situation.index, self.encoder.model.sha256, precision, dimension=dimension
            ),
            progress=self.progress,
        )

    def _open(self, folder: Path, record: SegmentRecord) -> Segment:
        dimension = self.encoder.identity().dimension
        return Segment(folder / record.name, record, lambda source, key, part: key, dimension=dimension)

    def _chunking(self, settings: Settings) -> Chunking:
        earlier = self.situation.making.chunking or _default_chunking()
        return Chunking(
            earlier.passage_tokens if settings.passage_tokens is None else settings.passage_tokens,
            earlier.overlap_tokens if settings.overlap_tokens is None else settings.overlap_tokens,
        )


def _open_earlier(situation: Situation) -> Segments | None:
    """The generation that is live now, as a source of unchanged documents and of vectors."""
    if situation.manifest is None or situation.folder is None:
        return None
    return Segments(situation.folder, situation.manifest, Locator(situation.manifest.sources, situation.index))


def _folders(manifest: Manifest) -> list[str]:
    return [f"{record.name}/" for record in manifest.segments]


def _default_chunking() -> Chunking:
    from briefqa.chunking import DEFAULT_OVERLAP_TOKENS, DEFAULT_PASSAGE_TOKENS  # noqa: PLC0415 - langchain

    return Chunking(DEFAULT_PASSAGE_TOKENS, DEFAULT_OVERLAP_TOKENS)


def build_generation(
    situation: Situation, settings: Settings, encoders: Encoders, *, began: float, progress: Progress
) -> IndexReport:
    """Build and publish a generation for `situation`; call it under the write lock. `began` is of time.monotonic."""
    number = next_number(situation.index)
    builder = _Builder(situation, settings, encoders, progress)
    try:
        with work_folder(situation.index, f"gen-{os.getpid()}") as folder:
            builder.write(folder)
            manifest = builder.manifest(folder, number)
            manifest = manifest._replace(languages=document_languages(folder, manifest))
            manifest.write(folder)
            publish(situation.index, folder, number, synced=builder.layout.linked)
    finally:
        builder.close()
    discard(situation.index)
    sweep(situation.index)
    changes = situation.changes
    return IndexReport(
        changed_index=True,
        generation=number,
        documents=manifest.documents,
        passages=manifest.passages,
        added=len(changes.new),
        changed=len(changes.changed),
        removed=len(changes.removed),
        kept=len(changes.kept),
        encoded=builder.encoded,
        reused=manifest.passages - builder.encoded,
        remarks=remarks(builder.states, situation.listing),
        encoder=builder.encoder.model.name,
        seconds=time.monotonic() - began,
        notes=encoder_notes(manifest.languages, builder.encoder.model.name),
    )


def _unlike(folder: Path, what: str) -> IndexDamaged:
    return IndexDamaged(
        f"The new index in {folder} is not what was written ({what}), so the old one stays. If that is damaged,"
        f" briefqa verify tells. {REBUILD}"
    )
