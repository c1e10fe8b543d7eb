"""Builds a generation: load, chunk, encode what has no vector yet, write, check, publish."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

import briefqa
from briefqa.analysis import ANALYSIS_VERSION
from briefqa.corpus.loading import Unreadable, load, read
from briefqa.encoders.models import DEFAULT_ENCODER
from briefqa.errors import CorpusError, IndexDamaged
from briefqa.index.catalog import Catalog, CatalogWriter, FileState, PassageRow
from briefqa.index.checksums import record_files, write_list, wrong_by_list
from briefqa.index.dense import DenseIndex, write_dense
from briefqa.index.generation import ENCODERS_FOLDER
from briefqa.index.lexical import LexicalIndex, write_lexical
from briefqa.index.manifest import MANIFEST_FILE, Chunking, EncoderIdentity, Manifest
from briefqa.index.places import Locator, relative_to_index
from briefqa.index.publish import move_into_place, next_number, publish, sweep, work_folder
from briefqa.index.survey import remarks
from briefqa.types import IndexReport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from briefqa.config import Settings
    from briefqa.corpus.scan import ScannedFile
    from briefqa.encoders.factory import BuildingEncoder, Encoders
    from briefqa.index.survey import Situation
    from briefqa.index.update import Progress
    from briefqa.protocols import Vectors
    from briefqa.types import Document

_PRECISION = "fp32"
# Passages encoded between two reports of progress.
_SLAB = 128


@dataclass(slots=True)
class _Tally:
    """What has been written so far. `pending` are passage numbers and texts still without a vector."""

    documents: int = 0
    passages: int = 0
    states: list[FileState] = field(default_factory=list)
    passage_ids: set[str] = field(default_factory=set)
    reused: list[tuple[int, int]] = field(default_factory=list)
    pending: list[tuple[int, str]] = field(default_factory=list)


class _Earlier:
    """The generation that is live now, as a source of unchanged documents and of vectors."""

    def __init__(self, situation: Situation) -> None:
        self.catalog: Catalog | None = None
        self.dense: DenseIndex | None = None
        self.vectors_by_text: dict[bytes, int] = {}
        if situation.manifest is not None and situation.folder is not None:
            self.catalog = Catalog(situation.folder, Locator(situation.manifest.sources, situation.index))
            try:
                self.dense = DenseIndex(situation.folder)
                self.vectors_by_text = self.catalog.indexed_hashes()
            except IndexDamaged:
                self.close()
                raise

    def close(self) -> None:
        if self.catalog is not None:
            self.catalog.close()


class _Builder:
    """One run. The encoder is loaded when a document has to be cut or encoded, not before."""

    def __init__(self, situation: Situation, settings: Settings, encoders: Encoders, progress: Progress) -> None:
        self.situation, self.progress, self._encoders = situation, progress, encoders
        manifest = situation.manifest
        self.model = encoders.find(settings.encoder or (manifest.encoder.name if manifest else DEFAULT_ENCODER))
        self._loaded: BuildingEncoder | None = None
        self.same_encoder = manifest is not None and manifest.encoder.sha256 == self.model.sha256
        self.chunking = self._chunking(settings)
        self.same_chunking = manifest is not None and manifest.chunking == self.chunking
        self.earlier = _Earlier(situation)
        self.tally = _Tally()

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
        writer = CatalogWriter(folder)
        files = self.situation.listing.files
        for count, file in enumerate(files, 1):
            self._add(writer, file)
            self.progress("reading articles", count, len(files))
        writer.close()
        if not self.tally.passages:
            reasons = "; ".join(f"{state.key}: {', '.join(state.remarks)}" for state in self.tally.states[:5])
            raise CorpusError(f"None of the {len(files)} article files can be used ({reasons}).")
        self._export()
        write_dense(folder, self._vectors())
        self.progress("writing the lexical index", 0, 1)
        write_lexical(folder, self._lexical_texts(folder))
        self.progress("writing the lexical index", 1, 1)

    def manifest(self, folder: Path, number: int) -> Manifest:
        """The manifest for what `write` wrote, after a check that its parts belong together."""
        counts = (self.tally.documents, self.tally.passages)
        catalog = Catalog(folder, lambda source, key: key)
        written = (catalog.counts(), len(DenseIndex(folder)), len(LexicalIndex(folder)))
        catalog.close()
        if written != (counts, counts[1], counts[1]):
            raise IndexDamaged(f"The new index in {folder} is not what was written ({written}, {counts}).")
        sources = tuple(relative_to_index(source, self.situation.index) for source in self.situation.sources)
        return Manifest(
            generation=number,
            created_ns=self.situation.scanned_ns,
            briefqa=briefqa.__version__,
            encoder=self._identity(),
            chunking=self.chunking,
            analysis=ANALYSIS_VERSION,
            sources=sources,
            documents=counts[0],
            passages=counts[1],
            files=record_files(folder, but=MANIFEST_FILE),
        )

    def _add(self, writer: CatalogWriter, file: ScannedFile) -> None:
        kept = self.situation.changes.kept.get((file.source, file.key))
        if kept is not None and kept.document is None:
            self._add_state(writer, file, kept.sha256, None, kept.remarks)
        elif kept is not None and kept.document is not None and self.same_encoder and self.same_chunking:
            self._carry_over(writer, file, kept, kept.document)
        else:
            self._read(writer, file)

    def _read(self, writer: CatalogWriter, file: ScannedFile) -> None:
        data = read(file)
        if isinstance(data, Unreadable):
            self._add_state(writer, file, None, None, (data.reason,))
            return
        sha256 = hashlib.sha256(data).hexdigest()
        place = relative_to_index(self.situation.sources[file.source], self.situation.index).path
        loaded = load(file, data, place)
        if isinstance(loaded, Unreadable):
            self._add_state(writer, file, sha256, None, (loaded.reason,))
            return
        document, warnings = loaded
        self._chunk(writer, document, file.source)
        self._add_state(writer, file, sha256, self.tally.documents, warnings)
        self.tally.documents += 1

    def _chunk(self, writer: CatalogWriter, document: Document, source: int) -> None:
        from briefqa.chunking import chunk  # noqa: PLC0415 - langchain, for new and changed documents only

        writer.add_document(self.tally.documents, document, source)
        chunking = self.chunking
        for entry in chunk(
            document, self.encoder, passage_tokens=chunking.passage_tokens, overlap_tokens=chunking.overlap_tokens
        ):
            passage = entry.passage
            hashed = hashlib.sha256(entry.indexed_text.encode("utf-8", "surrogatepass")).digest()
            earlier = self.earlier.vectors_by_text.get(hashed) if self.same_encoder else None
            if earlier is None:
                self.tally.pending.append((self.tally.passages, entry.indexed_text))
            else:
                self.tally.reused.append((self.tally.passages, earlier))
            span = (passage.start, passage.end)
            self._add_passage(writer, passage.id, span, passage.lines, passage.sentences, hashed)

    def _carry_over(self, writer: CatalogWriter, file: ScannedFile, kept: FileState, number: int) -> None:
        if self.earlier.catalog is None:
            raise IndexDamaged("An index without a catalog can't hold unchanged documents.")
        writer.add_document(self.tally.documents, self.earlier.catalog.document(number), file.source)
        for row in self.earlier.catalog.passages_of(number):
            self.tally.reused.append((self.tally.passages, row.number))
            self._add_passage(writer, row.id, row.span, row.lines, row.sentences, row.indexed_sha256)
        self._add_state(writer, file, kept.sha256, self.tally.documents, kept.remarks)
        self.tally.documents += 1

    def _add_passage(self, writer: CatalogWriter, identity: str, *rest: Any) -> None:
        while identity in self.tally.passage_ids:  # 48 bits: once in some thousand indexes of a million passages
            identity = hashlib.sha256(identity.encode()).hexdigest()[:12]
        self.tally.passage_ids.add(identity)
        writer.add_passage(PassageRow(self.tally.passages, identity, self.tally.documents, *rest))
        self.tally.passages += 1

    def _add_state(
        self,
        writer: CatalogWriter,
        file: ScannedFile,
        sha256: str | None,
        document: int | None,
        remarks: tuple[str, ...],
    ) -> None:
        state = FileState(file.source, file.key, file.size, file.mtime_ns, sha256, document, remarks)
        writer.add_file(state)
        self.tally.states.append(state)

    def _vectors(self) -> Vectors:
        tally = self.tally
        dimension = self._identity().dimension
        vectors = np.empty((tally.passages, dimension), dtype=np.float32)
        if tally.reused and self.earlier.dense is not None:
            here, there = zip(*tally.reused, strict=True)
            vectors[list(here)] = self.earlier.dense.vectors(there)
        for start in range(0, len(tally.pending), _SLAB):
            slab = tally.pending[start : start + _SLAB]
            vectors[[number for number, _ in slab]] = self.encoder.encode_passages([text for _, text in slab])
            self.progress("encoding passages", start + len(slab), len(tally.pending))
        return vectors

    def _lexical_texts(self, folder: Path) -> Iterator[str]:
        catalog = Catalog(folder, lambda source, key: key)
        for number, document in catalog.documents():
            for row in catalog.passages_of(number):
                yield f"{document.title or ''}\n{document.text[row.span[0] : row.span[1]]}"
        catalog.close()

    def _export(self) -> None:
        final = self.situation.index / ENCODERS_FOLDER / self.model.sha256
        if final.is_dir() and not wrong_by_list(final):
            return
        self.progress("exporting the encoder", 0, 1)
        with work_folder(self.situation.index, f"encoder-{os.getpid()}") as folder:
            self.encoder.export(folder)
            write_list(folder)
            move_into_place(folder, final)
        self.progress("exporting the encoder", 1, 1)

    def _identity(self) -> EncoderIdentity:
        manifest = self.situation.manifest
        if manifest is not None and self.same_encoder:
            return manifest.encoder
        model, encoder = self.model, self.encoder
        return EncoderIdentity(model.name, model.revision, model.sha256, encoder.dimension, encoder.window, _PRECISION)

    def _chunking(self, settings: Settings) -> Chunking:
        from briefqa.chunking import DEFAULT_OVERLAP_TOKENS, DEFAULT_PASSAGE_TOKENS  # noqa: PLC0415 - langchain

        manifest = self.situation.manifest
        earlier = manifest.chunking if manifest else Chunking(DEFAULT_PASSAGE_TOKENS, DEFAULT_OVERLAP_TOKENS)
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
