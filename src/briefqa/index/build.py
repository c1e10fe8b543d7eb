"""Builds a generation: load, chunk, encode what has no vector yet, write, check, publish."""

from __future__ import annotations

import os
import time
from contextlib import closing
from typing import TYPE_CHECKING

import briefqa
from briefqa.analysis import ANALYSIS_VERSION
from briefqa.errors import CorpusError, IndexDamaged
from briefqa.index.catalog import Catalog, CatalogWriter
from briefqa.index.checksums import record_files
from briefqa.index.dense import DenseIndex, write_dense
from briefqa.index.encoded import EncodedStore, discard
from briefqa.index.encoder_choice import EncoderChoice
from briefqa.index.encoding import encode_pending
from briefqa.index.intake import Earlier, Intake, Tally
from briefqa.index.lexical import LexicalIndex, write_lexical
from briefqa.index.manifest import MANIFEST_FILE, Chunking, Manifest, RerankerIdentity
from briefqa.index.models import RerankerChoice
from briefqa.index.pending import PendingPassages
from briefqa.index.places import relative_to_index
from briefqa.index.publish import next_number, publish, sweep, work_folder
from briefqa.index.sentence_vectors import SentenceVectors
from briefqa.index.survey import remarks
from briefqa.types import IndexReport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from briefqa.config import Settings
    from briefqa.encoders.factory import Encoders
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
        self.earlier = Earlier(situation)
        self.tally: Tally

    def write(self, folder: Path) -> None:
        """Write everything but the manifest."""
        # First, as a model that turns out to be none should be told before an hour of encoding, not after.
        self.reranker = self._choice.keep(self.progress)
        with closing(PendingPassages(folder)) as pending:
            self.tally = Tally(pending)
            self._read_articles(folder)
            self.encoder.keep()
            write_dense(folder, self._encoded(folder))
        self.progress("writing the lexical index", 0, 1)
        write_lexical(folder, self._lexical_texts(folder))
        self.progress("writing the lexical index", 1, 1)

    def _read_articles(self, folder: Path) -> None:
        intake = Intake(
            CatalogWriter(folder),
            self.tally,
            self.situation,
            earlier=self.earlier,
            chunking=self.chunking,
            encoder=self.encoder.for_cutting,
            same_encoder=self.encoder.same,
        )
        files = self.situation.listing.files
        for count, file in enumerate(files, 1):
            intake.add(file)
            self.progress("reading articles", count, len(files))
        intake.close()
        if not self.tally.passages:
            reasons = "; ".join(f"{state.key}: {', '.join(state.remarks)}" for state in self.tally.states[:5])
            raise CorpusError(f"No article can be used: {reasons}.")

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
            encoder=self.encoder.identity(),
            reranker=self.reranker,
            chunking=self.chunking,
            analysis=ANALYSIS_VERSION,
            sources=sources,
            documents=counts[0],
            passages=counts[1],
            files=record_files(folder, but=MANIFEST_FILE),
            precision=self.encoder.precision,
        )

    def _encoded(self, folder: Path) -> Vectors:
        """The vectors of all passages, mapped from a file; the codes of their sentences are written to `folder`."""
        dimension = self.encoder.identity().dimension
        return encode_pending(
            folder,
            self.tally,
            self.earlier,
            dimension=dimension,
            encoder=lambda: self.encoder.for_encoding(len(self.tally.pending)),
            store=lambda precision: EncodedStore(
                self.situation.index, self.encoder.model.sha256, precision, dimension=dimension
            ),
            progress=self.progress,
        )

    def _lexical_texts(self, folder: Path) -> Iterator[str]:
        catalog = Catalog(folder, lambda source, key: key)
        for number, document in catalog.documents():
            for row in catalog.passages_of(number):
                yield f"{document.title or ''}\n{document.text[row.span[0] : row.span[1]]}"
        catalog.close()

    def _chunking(self, settings: Settings) -> Chunking:
        earlier = self.situation.making.chunking or _default_chunking()
        return Chunking(
            earlier.passage_tokens if settings.passage_tokens is None else settings.passage_tokens,
            earlier.overlap_tokens if settings.overlap_tokens is None else settings.overlap_tokens,
        )


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
            builder.manifest(folder, number).write(folder)
            publish(situation.index, folder, number)
    finally:
        builder.earlier.close()
    discard(situation.index)
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
        encoder=builder.encoder.model.name,
        seconds=time.monotonic() - began,
    )
