"""Article files into a new catalog: documents that did not change are carried over, the others read and cut."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from briefqa.corpus.loading import Unreadable, load, read
from briefqa.errors import IndexDamaged
from briefqa.index.catalog import Catalog, CatalogWriter, FileState, PassageRow
from briefqa.index.dense import DenseIndex
from briefqa.index.pending import Pending, PendingPassages
from briefqa.index.places import Locator, relative_to_index
from briefqa.index.sentence_vectors import SentenceVectors, code_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefqa.corpus.scan import ScannedFile
    from briefqa.index.manifest import Chunking
    from briefqa.index.survey import Situation
    from briefqa.protocols import PassageEncoder
    from briefqa.types import Document, Passage, Span


@dataclass(slots=True)
class Tally:
    """What has been written so far. `reused` are passage numbers here and in the earlier generation."""

    pending: PendingPassages
    documents: int = 0
    passages: int = 0
    states: list[FileState] = field(default_factory=list)
    passage_ids: set[str] = field(default_factory=set)
    reused: list[tuple[int, int]] = field(default_factory=list)


class Earlier:
    """The generation that is live now, as a source of unchanged documents and of vectors."""

    def __init__(self, situation: Situation) -> None:
        self.catalog: Catalog | None = None
        self.dense: DenseIndex | None = None
        self.sentences: SentenceVectors | None = None
        self.vectors_by_text: dict[bytes, int] = {}
        if situation.manifest is not None and situation.folder is not None:
            self.catalog = Catalog(situation.folder, Locator(situation.manifest.sources, situation.index))
            try:
                self.dense = DenseIndex(situation.folder)
                self.sentences = SentenceVectors(situation.folder)
                fits = self.sentences.counts() == self.catalog.sentence_counts()
                if not fits or self.sentences.width != code_width(situation.manifest.encoder.dimension):
                    raise IndexDamaged(
                        f"The parts of the index in {situation.index} do not belong together."
                        " Make the index again with: briefqa index --rebuild"
                    )
                self.vectors_by_text = self.catalog.indexed_hashes()
            except IndexDamaged:
                self.close()
                raise

    def find(self, indexed_sha256: bytes, passage: Passage) -> int | None:
        """The number of the passage whose vectors are those of `passage`, if there is one: its indexed text has this
        hash, and is cut into sentences at the same places."""
        number = self.vectors_by_text.get(indexed_sha256)
        if number is None or self.catalog is None:
            return None
        (row,) = self.catalog.passage_rows([number])
        # Where sentences end depends on what surrounds a passage, too, and on the splitter's version.
        alike = _from_end(row.sentences, row.span[1]) == _from_end(passage.sentences, passage.end)
        return number if alike else None

    def close(self) -> None:
        """Close its catalog."""
        if self.catalog is not None:
            self.catalog.close()


def _from_end(sentences: Sequence[Span], end: int) -> list[Span]:
    """The spans counted back from where the passage ends: equal indexed texts end alike, whatever is title in them."""
    return [(end - start, end - stop) for start, stop in sentences]


class Intake:
    """Adds files to a catalog, in order, and keeps the tally. `encoder` is called when a document has to be cut."""

    def __init__(
        self,
        writer: CatalogWriter,
        tally: Tally,
        situation: Situation,
        *,
        earlier: Earlier,
        chunking: Chunking,
        encoder: Callable[[], PassageEncoder],
        same_encoder: bool,
    ) -> None:
        self.tally, self._writer, self._situation = tally, writer, situation
        self._earlier, self._chunking, self._encoder = earlier, chunking, encoder
        self._same_encoder = same_encoder
        same_chunking = situation.manifest is not None and situation.manifest.chunking == chunking
        self._carries_over = same_encoder and same_chunking

    def close(self) -> None:
        """Finish the catalog."""
        self._writer.close()

    def add(self, file: ScannedFile) -> None:
        """Carry the file's document over, or read it, or note why there is none."""
        kept = self._situation.changes.kept.get((file.source, file.key))
        if kept is not None and kept.document is None:
            self._add_state(file, kept.sha256, None, kept.remarks)
        elif kept is not None and kept.document is not None and self._carries_over:
            self._carry_over(file, kept, kept.document)
        else:
            self._read(file)

    def _read(self, file: ScannedFile) -> None:
        data = read(file)
        if isinstance(data, Unreadable):
            self._add_state(file, None, None, (data.reason,))
            return
        sha256 = hashlib.sha256(data).hexdigest()
        place = relative_to_index(self._situation.sources[file.source], self._situation.index).path
        loaded = load(file, data, place)
        if isinstance(loaded, Unreadable):
            self._add_state(file, sha256, None, (loaded.reason,))
            return
        document, warnings = loaded
        self._chunk(document, file.source)
        self._add_state(file, sha256, self.tally.documents, warnings)
        self.tally.documents += 1

    def _chunk(self, document: Document, source: int) -> None:
        from briefqa.chunking import chunk  # noqa: PLC0415 - langchain, for new and changed documents only

        self._writer.add_document(self.tally.documents, document, source)
        chunking = self._chunking
        for entry in chunk(
            document, self._encoder(), passage_tokens=chunking.passage_tokens, overlap_tokens=chunking.overlap_tokens
        ):
            passage = entry.passage
            hashed = hashlib.sha256(entry.indexed_text.encode("utf-8", "surrogatepass")).digest()
            earlier = self._earlier.find(hashed, passage) if self._same_encoder else None
            if earlier is None:
                shift = len(entry.indexed_text) - passage.end
                spans = tuple((start + shift, end + shift) for start, end in passage.sentences)
                self.tally.pending.add(Pending(self.tally.passages, entry.indexed_text, spans))
            else:
                self.tally.reused.append((self.tally.passages, earlier))
            span = (passage.start, passage.end)
            self._add_passage(passage.id, span, passage.lines, passage.sentences, hashed)

    def _carry_over(self, file: ScannedFile, kept: FileState, number: int) -> None:
        if self._earlier.catalog is None:
            raise IndexDamaged("An index without a catalog can't hold unchanged documents.")
        self._writer.add_document(self.tally.documents, self._earlier.catalog.document(number), file.source)
        for row in self._earlier.catalog.passages_of(number):
            self.tally.reused.append((self.tally.passages, row.number))
            self._add_passage(row.id, row.span, row.lines, row.sentences, row.indexed_sha256)
        self._add_state(file, kept.sha256, self.tally.documents, kept.remarks)
        self.tally.documents += 1

    def _add_passage(self, identity: str, *rest: Any) -> None:
        while identity in self.tally.passage_ids:  # 48 bits: once in some thousand indexes of a million passages
            identity = hashlib.sha256(identity.encode()).hexdigest()[:12]
        self.tally.passage_ids.add(identity)
        self._writer.add_passage(PassageRow(self.tally.passages, identity, self.tally.documents, *rest))
        self.tally.passages += 1

    def _add_state(
        self,
        file: ScannedFile,
        sha256: str | None,
        document: int | None,
        remarks: tuple[str, ...],
    ) -> None:
        state = FileState(file.source, file.key, file.size, file.mtime_ns, sha256, document, remarks)
        self._writer.add_file(state)
        self.tally.states.append(state)
