"""Builds a generation: load, chunk, encode what has no vector yet, write, check, publish."""

from __future__ import annotations

import os
import time
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

import briefqa
from briefqa.analysis import ANALYSIS_VERSION
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.errors import CorpusError, IndexDamaged
from briefqa.index.appending import Layout, go_on_from, segment_name
from briefqa.index.catalog_writer import CatalogWriter
from briefqa.index.checksums import record_files
from briefqa.index.dense import write_dense
from briefqa.index.generation import ENCODERS_FOLDER
from briefqa.index.intake import Intake, Tally
from briefqa.index.lexical import LexicalIndex, write_lexical
from briefqa.index.manifest import MANIFEST_FILE, Chunking, EncoderIdentity, Manifest, RerankerIdentity, SegmentRecord
from briefqa.index.models import RerankerChoice, keep_model
from briefqa.index.places import Locator, relative_to_index
from briefqa.index.publish import next_number, publish, remove, sweep, work_folder
from briefqa.index.segment import Segment
from briefqa.index.segments import Segments
from briefqa.index.sentence_vectors import pack, write_sentence_vectors
from briefqa.index.states import write_states
from briefqa.index.survey import remarks
from briefqa.types import IndexReport

if TYPE_CHECKING:
    from pathlib import Path

    from briefqa.config import Settings
    from briefqa.encoders.factory import BuildingEncoder, Encoders
    from briefqa.index.sentence_vectors import Codes
    from briefqa.index.states import FileState
    from briefqa.index.survey import Situation
    from briefqa.index.update import Progress
    from briefqa.protocols import Vectors

_PRECISION = "fp32"
# Passages encoded between two reports of progress.
_SLAB = 128


class _Builder:
    """One run. The encoder is loaded when a document has to be cut or encoded, not before."""

    def __init__(self, situation: Situation, settings: Settings, encoders: Encoders, progress: Progress) -> None:
        self.situation, self.progress, self._encoders = situation, progress, encoders
        manifest = situation.manifest
        self.model = encoders.find(settings.encoder or situation.making.encoder or DEFAULT_ENCODER)
        self._loaded: BuildingEncoder | None = None
        self._choice = RerankerChoice(situation, settings.reranker, encoders)
        self.reranker: RerankerIdentity | None = None
        self.same_encoder = manifest is not None and manifest.encoder.sha256 == self.model.sha256
        self.chunking = self._chunking(settings)
        self.earlier = _open_earlier(situation)
        self.appending = go_on_from(situation, self.earlier, chunking=self.chunking, same_encoder=self.same_encoder)
        self.tally = Tally()
        self.states: list[FileState] = []
        self.layout = Layout()

    def close(self) -> None:
        """Close the generation that was live."""
        if self.earlier is not None:
            self.earlier.close()

    @property
    def encoder(self) -> BuildingEncoder:
        """The encoder, loaded now if it wasn't."""
        if self._loaded is None:
            self.progress("loading the encoder", 0, 1)
            self._loaded = self._encoders.load(self.model)
            self.progress("loading the encoder", 1, 1)
        return self._loaded

    def write(self, folder: Path) -> None:
        """Write everything but the manifest."""
        # First, as a model that turns out to be none should be told before an hour of encoding, not after.
        self.reranker = self._choice.keep(self.progress)
        if self.earlier is not None and self.appending is None:
            self.earlier.check()  # all of it is read
        record = self._take_in(folder)
        write_states(folder, self.states)
        keep_model(
            self.situation.index / ENCODERS_FOLDER / self.model.sha256,
            lambda to: self.encoder.export(to),
            what="encoder",
            progress=self.progress,
            # A rebuild exports again, as an earlier briefqa may have left another form.
            anew=self.situation.manifest is None,
            # Who goes on from the live generation trusts what a reader of it trusts.
            hashing=self.appending is None,
        )
        if record:
            vectors, codes = self._encoded()
            write_dense(folder / record.name, vectors)
            write_sentence_vectors(folder / record.name, codes)
        if self.appending:
            self.layout = self.appending.lay_out(folder, record, self.progress)
        elif record:
            self.progress("writing the lexical index", 0, 1)
            with closing(self._open(folder, record)) as segment:
                write_lexical(folder, segment.lexical_entries())
            self.progress("writing the lexical index", 1, 1)
            self.layout = Layout([record])

    def manifest(self, folder: Path, number: int) -> Manifest:
        """The manifest for what `write` wrote, after a check that its parts belong together."""
        layout = self.layout
        passages = sum(record.passages for record in layout.segments) - len(layout.tombstones.passages)
        documents = sum(record.documents for record in layout.segments) - len(layout.tombstones.documents)
        named = sum(state.document is not None for state in self.states)
        found = len(LexicalIndex(folder))
        if (documents, passages) != (named, found):
            wrong = f"{documents} and {named} documents, {passages} and {found} passages"
            raise IndexDamaged(f"The new index in {folder} is not what was written ({wrong}).")
        try:
            for record in layout.fresh():
                with closing(self._open(folder, record)) as segment:
                    segment.check()
        except IndexDamaged as error:
            raise IndexDamaged(f"The new index in {folder} is not what was written ({record.name}).") from error
        sources = tuple(relative_to_index(source, self.situation.index) for source in self.situation.sources)
        return Manifest(
            generation=number,
            created_ns=self.situation.scanned_ns,
            briefqa=briefqa.__version__,
            encoder=self._identity(),
            reranker=self.reranker,
            chunking=self.chunking,
            analysis=ANALYSIS_VERSION,
            sources=sources,
            documents=documents,
            passages=passages,
            segments=tuple(layout.segments),
            files=record_files(folder, but=MANIFEST_FILE, known=layout.known),
        )

    def _take_in(self, folder: Path) -> SegmentRecord | None:
        """Read and cut what is to be in the new segment, and write its catalog; None when nothing is. Raises
        CorpusError when the index would be empty."""
        name, starts, files = segment_name(1), (0, 0), self.situation.listing.files
        if self.appending:
            name, starts, files = self.appending.name, self.appending.starts, self.appending.files
            self.tally.first_document = starts[0]
        (folder / name).mkdir()
        intake = Intake(
            CatalogWriter(folder / name),
            self.tally,
            self.situation,
            earlier=self.earlier,
            chunking=self.chunking,
            encoder=lambda: self.encoder,
            same_encoder=self.same_encoder,
            taken=self.appending.holds_id if self.appending else lambda identity: False,
        )
        for count, file in enumerate(files, 1):
            intake.add(file)
            self.progress("reading articles", count, len(files))
        intake.close()
        self.states = [*(self.appending.states if self.appending else ()), *self.tally.states]
        if all(state.document is None for state in self.states):
            reasons = "; ".join(f"{state.key}: {', '.join(state.remarks)}" for state in self.states[:5])
            raise CorpusError(f"No article can be used: {reasons}.")
        documents, passages = self.tally.documents, self.tally.passages
        if not documents:
            remove(folder / name)
            return None
        ranges = (starts[0], starts[0] + documents), (starts[1], starts[1] + passages)
        return SegmentRecord(name, documents, passages, *ranges)

    def _encoded(self) -> tuple[Vectors, list[Codes]]:
        """The vectors of the new segment's passages, and their sentences' codes, which are packed slab by slab."""
        tally, earlier = self.tally, self.earlier
        dimension = self._identity().dimension
        vectors = np.empty((tally.passages, dimension), dtype=np.float32)
        codes: list[Codes] = [pack(vectors[:0])] * tally.passages
        if tally.reused and earlier is not None:
            here, there = zip(*tally.reused, strict=True)
            vectors[list(here)] = earlier.vectors(there)
            for number, rows in zip(here, earlier.codes(there), strict=True):
                codes[number] = rows
        for start in range(0, len(tally.pending), _SLAB):
            slab = tally.pending[start : start + _SLAB]
            encoded = self.encoder.encode_passages([entry.text for entry in slab], [entry.sentences for entry in slab])
            vectors[[entry.number for entry in slab]] = encoded.vectors
            for entry, sentences in zip(slab, encoded.sentences, strict=True):
                codes[entry.number] = pack(sentences)
            self.progress("encoding passages", start + len(slab), len(tally.pending))
        return vectors, codes

    def _open(self, folder: Path, record: SegmentRecord) -> Segment:
        return Segment(folder / record.name, record, lambda source, key: key, dimension=self._identity().dimension)

    def _identity(self) -> EncoderIdentity:
        manifest = self.situation.manifest
        if manifest is not None and self.same_encoder:
            return manifest.encoder
        model, encoder = self.model, self.encoder
        return EncoderIdentity(model.name, model.revision, model.sha256, encoder.dimension, encoder.window, _PRECISION)

    def _chunking(self, settings: Settings) -> Chunking:
        from briefqa.chunking import DEFAULT_OVERLAP_TOKENS, DEFAULT_PASSAGE_TOKENS  # noqa: PLC0415 - langchain

        default = Chunking(DEFAULT_PASSAGE_TOKENS, DEFAULT_OVERLAP_TOKENS)
        earlier = self.situation.making.chunking or default
        return Chunking(
            earlier.passage_tokens if settings.passage_tokens is None else settings.passage_tokens,
            earlier.overlap_tokens if settings.overlap_tokens is None else settings.overlap_tokens,
        )


def _open_earlier(situation: Situation) -> Segments | None:
    """The generation that is live now, as a source of unchanged documents and of vectors."""
    if situation.manifest is None or situation.folder is None:
        return None
    return Segments(situation.folder, situation.manifest, Locator(situation.manifest.sources, situation.index))


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
            manifest.write(folder)
            publish(situation.index, folder, number, synced=builder.layout.linked)
    finally:
        builder.close()
    sweep(situation.index)
    changes, encoded = situation.changes, len(builder.tally.pending)
    return IndexReport(
        changed_index=True,
        generation=number,
        documents=manifest.documents,
        passages=manifest.passages,
        added=len(changes.new),
        changed=len(changes.changed),
        removed=len(changes.removed),
        kept=len(changes.kept),
        encoded=encoded,
        reused=manifest.passages - encoded,
        remarks=remarks(builder.states, situation.listing),
        encoder=builder.model.name,
        seconds=time.monotonic() - began,
    )
