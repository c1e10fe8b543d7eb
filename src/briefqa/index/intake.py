"""Article files into a segment's catalog: documents that did not change are carried over, the others read and cut."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from briefqa.addresses import next_id
from briefqa.corpus.loading import without_clutter
from briefqa.errors import IndexDamaged
from briefqa.index.catalog import PassageRow
from briefqa.index.pending import Pending, PendingPassages
from briefqa.index.recurring import origin_of
from briefqa.index.sketches import SketchRows
from briefqa.index.states import FileState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from briefqa.corpus.loading import Outcome
    from briefqa.corpus.scan import ScannedFile
    from briefqa.index.catalog_writer import CatalogWriter
    from briefqa.index.manifest import Chunking
    from briefqa.index.recurring import Clutter
    from briefqa.index.segments import Segments
    from briefqa.index.survey import Situation
    from briefqa.index.taken import Taken
    from briefqa.index.update import Progress
    from briefqa.protocols import PassageEncoder
    from briefqa.types import Cut, Document, Passage, Span


@dataclass(slots=True)
class Tally:
    """What has been written of a new segment so far. `first_document` is the number that its first document has in the
    index. `reused` are passage numbers in the segment, and in the earlier generation."""

    pending: PendingPassages
    sketches: SketchRows = field(default_factory=SketchRows)
    first_document: int = 0
    documents: int = 0
    passages: int = 0
    states: list[FileState] = field(default_factory=list)
    passage_ids: set[str] = field(default_factory=set)
    reused: list[tuple[int, int]] = field(default_factory=list)


def _from_end(sentences: Sequence[Span], end: int) -> list[Span]:
    """The spans counted back from where the passage ends: equal indexed texts end alike, whatever is title in them."""
    return [(end - start, end - stop) for start, stop in sentences]


class Intake:
    """Adds files to a segment's catalog, in order, and keeps the tally. What was `taken` in is cut, without its
    `clutter`; of the other files the documents are carried over from `earlier`, the generation that is live now, whose
    vectors serve if the encoder is the same. `encoder` is called when a document has to be cut; `holds_id` tells of a
    passage's id whether other segments have it."""

    def __init__(
        self,
        writer: CatalogWriter,
        tally: Tally,
        situation: Situation,
        *,
        earlier: Segments | None,
        chunking: Chunking,
        taken: Taken,
        clutter: Clutter,
        encoder: Callable[[], PassageEncoder],
        same_encoder: bool,
        holds_id: Callable[[str], bool],
    ) -> None:
        self.tally, self._writer, self._situation = tally, writer, situation
        self._earlier, self._chunking, self._encoder = earlier, chunking, encoder
        self._same_encoder, self._holds_id = same_encoder, holds_id
        self._taken, self._clutter = taken, clutter

    def close(self) -> None:
        """Finish the catalog."""
        self._writer.close()

    def add_all(self, files: Sequence[ScannedFile], progress: Progress) -> None:
        """Cut each file's documents into passages, or carry them over, or note why there is none."""
        for count, file in enumerate(files, 1):
            outcome = self._taken.outcome(file)
            if outcome is None:
                self._carry_over(file, self._situation.changes.kept[file.source, file.key])
            else:
                self._take(file, outcome)
            progress("cutting passages", count, len(files))

    def _take(self, file: ScannedFile, outcome: Outcome) -> None:
        file = replace(file, size=outcome.size, mtime_ns=outcome.mtime_ns)  # as it was read
        for loaded in outcome.documents:
            origin = origin_of(loaded.document)
            trimmed = without_clutter(loaded, origin or "these articles", self._clutter.get(origin, {}))
            self._add_document(trimmed.document, file, trimmed.cuts)
            if loaded.blocks:
                self._writer.add_blocks(self.tally.documents, origin, loaded.blocks)
            self._chunk(trimmed.document)
            self.tally.documents += 1
        told = dict.fromkeys(warning for loaded in outcome.documents for warning in loaded.warnings)
        remarks = tuple(told) if outcome.reason is None else (outcome.reason,)
        self._add_state(file, outcome.sha256, len(outcome.documents), remarks)

    def _chunk(self, document: Document) -> None:
        from briefqa.chunking import chunk  # noqa: PLC0415 - langchain, for new and changed documents only

        chunking = self._chunking
        for entry in chunk(
            document, self._encoder(), passage_tokens=chunking.passage_tokens, overlap_tokens=chunking.overlap_tokens
        ):
            passage = entry.passage
            hashed = hashlib.sha256(entry.indexed_text.encode("utf-8", "surrogatepass")).digest()
            earlier = self._alike(hashed, passage)
            if earlier is None:
                shift = len(entry.indexed_text) - passage.end
                spans = tuple((start + shift, end + shift) for start, end in passage.sentences)
                self.tally.pending.add(Pending(self.tally.passages, entry.indexed_text, spans))
            else:
                self.tally.reused.append((self.tally.passages, earlier))
            span = (passage.start, passage.end)
            self._add_passage(passage.id, span, passage.lines, passage.sentences, hashed)

    def _alike(self, indexed_sha256: bytes, passage: Passage) -> int | None:
        """The number of an earlier passage whose vectors are those of `passage`, if there is one: its indexed text has
        this hash, and is cut into sentences at the same places."""
        found = self._earlier.find_text(indexed_sha256) if self._earlier and self._same_encoder else None
        if found is None:
            return None
        number, row = found
        # Where sentences end depends on what surrounds a passage, too, and on the splitter's version.
        alike = _from_end(row.sentences, row.span[1]) == _from_end(passage.sentences, passage.end)
        return number if alike else None

    def _carry_over(self, file: ScannedFile, kept: FileState) -> None:
        if self._earlier is None:
            raise IndexDamaged("An index without segments can't hold unchanged documents.")
        for number in kept.documents:
            self._add_document(self._earlier.document(number), file, self._earlier.cuts(number))
            if blocks := self._earlier.blocks_of(number):
                self._writer.add_blocks(self.tally.documents, *blocks)
            for passage, row in self._earlier.passages_of(number):
                self.tally.reused.append((self.tally.passages, passage))
                self._add_passage(row.id, row.span, row.lines, row.sentences, row.indexed_sha256)
            self.tally.documents += 1
        self._add_state(file, kept.sha256, len(kept.documents), kept.remarks)

    def _add_document(self, document: Document, file: ScannedFile, cuts: Sequence[Cut]) -> None:
        self._writer.add_document(self.tally.documents, document, file.source, cuts)
        self.tally.sketches.add(self.tally.documents, document.text)

    def _add_passage(self, identity: str, *rest: Any) -> None:
        # 48 bits: once in some thousand indexes of a million passages
        while identity in self.tally.passage_ids or self._holds_id(identity):
            identity = next_id(identity)
        self.tally.passage_ids.add(identity)
        self._writer.add_passage(PassageRow(self.tally.passages, identity, self.tally.documents, *rest))
        self.tally.passages += 1

    def _add_state(self, file: ScannedFile, sha256: str | None, count: int, remarks: tuple[str, ...]) -> None:
        """Note the file, whose documents are the `count` that were added last."""
        end = self.tally.first_document + self.tally.documents
        numbers = range(end - count, end)
        self.tally.states.append(FileState(file.source, file.key, file.size, file.mtime_ns, sha256, numbers, remarks))
