"""Builds a generation: load, chunk, encode what has no vector yet, write, check, publish."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import numpy as np

import briefqa
from briefqa.analysis import ANALYSIS_VERSION
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.errors import CorpusError, IndexDamaged
from briefqa.index.catalog import Catalog, CatalogWriter
from briefqa.index.checksums import record_files
from briefqa.index.dense import DenseIndex, write_dense
from briefqa.index.generation import ENCODERS_FOLDER
from briefqa.index.intake import Earlier, Intake, Tally
from briefqa.index.lexical import LexicalIndex, write_lexical
from briefqa.index.manifest import DEFAULT_DENSE, MANIFEST_FILE, Chunking, EncoderIdentity, Manifest, RerankerIdentity
from briefqa.index.models import RerankerChoice, keep_model
from briefqa.index.places import relative_to_index
from briefqa.index.publish import next_number, publish, sweep, work_folder
from briefqa.index.sentence_vectors import SentenceVectors, pack, write_sentence_vectors
from briefqa.index.survey import remarks
from briefqa.types import IndexReport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from briefqa.config import Settings
    from briefqa.encoders.factory import BuildingEncoder, Encoders
    from briefqa.index.sentence_vectors import Codes
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
        self.dense = settings.dense_index or situation.making.dense or DEFAULT_DENSE
        self.earlier = Earlier(situation)
        self.tally = Tally()

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
        intake = Intake(
            CatalogWriter(folder),
            self.tally,
            self.situation,
            earlier=self.earlier,
            chunking=self.chunking,
            encoder=lambda: self.encoder,
            same_encoder=self.same_encoder,
        )
        files = self.situation.listing.files
        for count, file in enumerate(files, 1):
            intake.add(file)
            self.progress("reading articles", count, len(files))
        intake.close()
        if not self.tally.passages:
            reasons = "; ".join(f"{state.key}: {', '.join(state.remarks)}" for state in self.tally.states[:5])
            raise CorpusError(f"No article can be used: {reasons}.")
        keep_model(
            self.situation.index / ENCODERS_FOLDER / self.model.sha256,
            lambda to: self.encoder.export(to),
            what="encoder",
            progress=self.progress,
            # A rebuild exports again, as an earlier briefqa may have left another form.
            anew=self.situation.manifest is None,
        )
        vectors, codes = self._encoded()
        write_dense(folder, vectors, self.dense)
        write_sentence_vectors(folder, codes)
        self.progress("writing the lexical index", 0, 1)
        write_lexical(folder, self._lexical_texts(folder))
        self.progress("writing the lexical index", 1, 1)

    def manifest(self, folder: Path, number: int) -> Manifest:
        """The manifest for what `write` wrote, after a check that its parts belong together."""
        counts = (self.tally.documents, self.tally.passages)
        catalog = Catalog(folder, lambda source, key: key)
        written = (catalog.counts(), len(DenseIndex(folder)), len(LexicalIndex(folder)))
        sentences_fit = SentenceVectors(folder).counts() == catalog.sentence_counts()
        catalog.close()
        if written != (counts, counts[1], counts[1]) or not sentences_fit:
            raise IndexDamaged(f"The new index in {folder} is not what was written ({written}, {counts}).")
        sources = tuple(relative_to_index(source, self.situation.index) for source in self.situation.sources)
        return Manifest(
            generation=number,
            created_ns=self.situation.scanned_ns,
            briefqa=briefqa.__version__,
            encoder=self._identity(),
            reranker=self.reranker,
            chunking=self.chunking,
            dense=self.dense,
            analysis=ANALYSIS_VERSION,
            sources=sources,
            documents=counts[0],
            passages=counts[1],
            files=record_files(folder, but=MANIFEST_FILE),
        )

    def _encoded(self) -> tuple[Vectors, list[Codes]]:
        """The vectors of all passages, and the codes of their sentences, which are packed slab by slab."""
        tally, earlier = self.tally, self.earlier
        dimension = self._identity().dimension
        vectors = np.empty((tally.passages, dimension), dtype=np.float32)
        codes: list[Codes] = [pack(vectors[:0])] * tally.passages
        if tally.reused and earlier.dense is not None and earlier.sentences is not None:
            here, there = zip(*tally.reused, strict=True)
            vectors[list(here)] = earlier.dense.vectors(there)
            for number, rows in zip(here, earlier.sentences.codes(there), strict=True):
                codes[number] = rows
        for start in range(0, len(tally.pending), _SLAB):
            slab = tally.pending[start : start + _SLAB]
            encoded = self.encoder.encode_passages([entry.text for entry in slab], [entry.sentences for entry in slab])
            vectors[[entry.number for entry in slab]] = encoded.vectors
            for entry, sentences in zip(slab, encoded.sentences, strict=True):
                codes[entry.number] = pack(sentences)
            self.progress("encoding passages", start + len(slab), len(tally.pending))
        return vectors, codes

    def _lexical_texts(self, folder: Path) -> Iterator[str]:
        catalog = Catalog(folder, lambda source, key: key)
        for number, document in catalog.documents():
            for row in catalog.passages_of(number):
                yield f"{document.title or ''}\n{document.text[row.span[0] : row.span[1]]}"
        catalog.close()

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


def build_generation(
    situation: Situation, settings: Settings, encoders: Encoders, *, began: float, progress: Progress
) -> IndexReport:
    """Build and publish a generation for `situation`; call it under the write lock. `began` is of time.monotonic."""
    number = next_number(situation.index)
    builder = _Builder(situation, settings, encoders, progress)
    try:
        with work_folder(situation.index, f"gen-{os.getpid()}") as folder:
            builder.write(folder)
            builder.manifest(folder, number).write(folder)
            publish(situation.index, folder, number)
    finally:
        builder.earlier.close()
    sweep(situation.index)
    changes, tally = situation.changes, builder.tally
    return IndexReport(
        changed_index=True,
        generation=number,
        documents=tally.documents,
        passages=tally.passages,
        added=len(changes.new),
        changed=len(changes.changed),
        removed=len(changes.removed),
        kept=len(changes.kept),
        encoded=len(tally.pending),
        reused=len(tally.reused),
        remarks=remarks(tally.states, situation.listing),
        encoder=builder.model.name,
        seconds=time.monotonic() - began,
    )
