"""A new generation out of the former one and one more segment, for the price of what changed.

The former generation is only read. Segments that go on are linked into the new folder and keep their checksums, deleted
documents get tombstones, segments that have piled up are merged (see `merging`), and the lexical index is extended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from briefqa.analysis import ANALYSIS_VERSION
from briefqa.index import merging
from briefqa.index.checksums import require_whole
from briefqa.index.duplicates import DUPLICATES_FILE, read_duplicates
from briefqa.index.grouping import write_duplicates
from briefqa.index.lexical import LEXICAL_FOLDER, deleted_share, extend_lexical, write_lexical
from briefqa.index.links import link_all
from briefqa.index.manifest import SEGMENT_NAME
from briefqa.index.merging import Size, merge, plan_merges
from briefqa.index.places import place_of, resolve_source
from briefqa.index.publish import remove
from briefqa.index.segment import Segment
from briefqa.index.sketches import are_comparable
from briefqa.index.tombstones import NONE, contains, write_tombstones

if TYPE_CHECKING:
    from pathlib import Path

    from briefqa.config import DenseKind
    from briefqa.index.checksums import FileRecord
    from briefqa.index.manifest import Chunking, Loading, Manifest, SegmentRecord
    from briefqa.index.segments import Segments
    from briefqa.index.survey import Situation
    from briefqa.index.tombstones import Tombstones
    from briefqa.index.update import Progress


@dataclass(slots=True)
class Layout:
    """What a generation under construction consists of. `known` are the records of the files that it has from the
    former one, and `linked` those of them that are hard links, and so on the disk already."""

    segments: list[SegmentRecord] = field(default_factory=list)
    tombstones: Tombstones = NONE
    known: dict[str, FileRecord] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)

    def fresh(self) -> list[SegmentRecord]:
        """The segments that the former generation does not have."""
        kept = {name.partition("/")[0] for name in self.known}
        return [record for record in self.segments if record.name not in kept]


def segment_name(number: int) -> str:
    """The folder of the numbered segment."""
    return f"seg-{number:06d}"


def go_on_from(
    situation: Situation,
    segments: Segments | None,
    *,
    chunking: Chunking,
    loading: Loading,
    dense: DenseKind,
    same_encoder: bool,
) -> Appending | None:
    """How to go on from the live generation, opened as `segments`; None where everything has to be written."""
    manifest, folder = situation.manifest, situation.folder
    if manifest is None or folder is None or segments is None:
        return None
    known = [place_of(resolve_source(source, situation.index)) for source in manifest.sources]
    alike = (
        same_encoder
        and manifest.chunking == chunking
        and manifest.loading == loading
        and manifest.dense == dense
        and manifest.analysis == ANALYSIS_VERSION
        and all(are_comparable(segment.folder) for segment in segments.opened)
        # The documents that stay hold the numbers of their sources.
        and known == [place_of(source) for source in situation.sources][: len(known)]
    )
    return (
        Appending(situation, folder, manifest, segments) if alike and manifest.passages > merging.LIMITS.whole else None
    )


class Appending:
    """One run that goes on from the generation `manifest` in the folder `former`, opened as `segments`.

    `files` are those to read into a new segment, of this `name` and with document and passage numbers that begin at
    `starts`; `states` are the other files'; `dead` is all that no longer counts.
    """

    def __init__(self, situation: Situation, former: Path, manifest: Manifest, segments: Segments) -> None:
        self._former, self._manifest, self._segments = former, manifest, segments
        kept, last = situation.changes.kept, manifest.segments[-1]
        self.files = tuple(file for file in situation.listing.files if (file.source, file.key) not in kept)
        self.states = [
            # As they are now, as a file that was touched need not be looked into again.
            state._replace(size=file.size, mtime_ns=file.mtime_ns)
            for file in situation.listing.files
            if (state := kept.get((file.source, file.key))) is not None
        ]
        staying = {number for state in self.states for number in state.documents}
        self._gone = sorted({number for state in situation.states for number in state.documents} - staying)
        passages = [number for document in self._gone for number, _ in segments.passages_of(document)]
        self.dead = segments.tombstones.with_more(self._gone, passages)
        self.starts = last.document_numbers[1], last.passage_numbers[1]
        numbers = (SEGMENT_NAME.fullmatch(record.name) for record in manifest.segments)
        self._next = 1 + max(int(match[1]) for match in numbers if match)
        self.name = segment_name(self._next)

    def holds_id(self, identity: str) -> bool:
        """Whether a passage that stays has this id."""
        return any(not contains(self.dead.passages, number) for number in self._segments.passages_named(identity))

    def lay_out(self, folder: Path, new: SegmentRecord | None, progress: Progress) -> Layout:
        """Write into `folder` all of the new generation but its states and manifest; the segment `new` is there.
        Raises IndexDamaged when what is merged is not what was written."""
        layout = Layout()
        progress("writing the lexical index", 0, 1)
        self._extend_lexical(folder, new, layout)
        progress("writing the lexical index", 1, 1)
        self._take_segments(folder, new, layout, progress)
        kept = [record for record in layout.segments if record in self._manifest.segments]
        layout.tombstones = self.dead.among((record.document_numbers, record.passage_numbers) for record in kept)
        if len(layout.tombstones.documents):
            write_tombstones(folder, layout.tombstones)
        if deleted_share(folder) > merging.LIMITS.dead_share:
            self._rewrite_lexical(folder, layout, progress)
        return layout

    def _take_segments(self, folder: Path, new: SegmentRecord | None, layout: Layout, progress: Progress) -> None:
        records = [*self._manifest.segments, *([new] if new else [])]
        sizes = [self._size(record) for record in records]
        groups = plan_merges(sizes, merging.LIMITS)
        number = self._next + 1
        merged = {place for start, end in groups for place in range(start, end)}
        for place, record in enumerate(records):
            if place not in merged:
                layout.segments.append(record)
                if record is not new:
                    self._link(folder, f"{record.name}/", layout)
        for done, (start, end) in enumerate(groups):
            progress("merging segments", done, len(groups))
            parts = [place for place in range(start, end) if sizes[place].live]
            if parts:
                layout.segments.append(
                    self._merge(folder, [records[place] for place in parts], new, segment_name(number + done))
                )
            progress("merging segments", done + 1, len(groups))
        if new is not None and len(records) - 1 in merged:
            remove(folder / new.name)
        layout.segments.sort(key=lambda record: record.passage_numbers)

    def _merge(self, folder: Path, records: list[SegmentRecord], new: SegmentRecord | None, name: str) -> SegmentRecord:
        files = self._manifest.files
        names = {record.name for record in records if record is not new}
        read = {path: files[path] for path in files if path.partition("/")[0] in names}
        # Once merged, nobody could tell any more that it is damaged.
        require_whole(self._former, read)
        opened = [self._open(folder if record is new else self._former, record, self.dead) for record in records]
        try:
            return merge(opened, folder / name, self._manifest.dense)
        finally:
            for segment in opened:
                segment.close()

    def _extend_lexical(self, folder: Path, new: SegmentRecord | None, layout: Layout) -> None:
        segment = self._open(folder, new, NONE) if new else None
        entries = segment.lexical_entries() if segment else iter(())
        try:
            kept, layout.linked = extend_lexical(folder, self._former, entries, self._gone)
        except OSError:
            raise
        except Exception:  # Tantivy's errors have no type of their own
            require_whole(self._former, self._lexical_files())
            raise
        # What it merged is in none of its files any more that have a checksum.
        gone = {name: record for name, record in self._lexical_files().items() if name not in kept}
        require_whole(self._former, gone)
        layout.known = {name: self._manifest.files[name] for name in kept if name in self._manifest.files}
        if segment:
            segment.close()

    def _lexical_files(self) -> dict[str, FileRecord]:
        files = self._manifest.files
        return {name: record for name, record in files.items() if name.startswith(f"{LEXICAL_FOLDER}/")}

    def _rewrite_lexical(self, folder: Path, layout: Layout, progress: Progress) -> None:
        progress("writing the lexical index", 0, 1)
        remove(folder / LEXICAL_FOLDER)
        prefix = f"{LEXICAL_FOLDER}/"
        layout.known = {name: record for name, record in layout.known.items() if not name.startswith(prefix)}
        layout.linked = {name for name in layout.linked if not name.startswith(prefix)}
        opened = [self._open(folder, record, layout.tombstones) for record in layout.segments]
        write_lexical(folder, (entry for segment in opened for entry in segment.lexical_entries()))
        for segment in opened:
            segment.close()
        progress("writing the lexical index", 1, 1)

    def _link(self, folder: Path, prefix: str, layout: Layout) -> None:
        records = {name: record for name, record in self._manifest.files.items() if name.startswith(prefix)}
        layout.linked |= link_all(self._former, folder, records)
        layout.known |= records

    def group_duplicates(self, folder: Path, layout: Layout, progress: Progress) -> None:
        """Write the groups of documents that are copies into `folder`, which is laid out as `layout` says. Raises
        IndexDamaged."""
        opened = [self._open(folder, record, layout.tombstones) for record in layout.segments]
        require_whole(self._former, {DUPLICATES_FILE: self._manifest.files[DUPLICATES_FILE]})
        earlier = read_duplicates(self._former)
        try:
            write_duplicates(folder, opened, progress, earlier=earlier, first_new=self.starts[0])
        finally:
            for segment in opened:
                segment.close()

    def _size(self, record: SegmentRecord) -> Size:
        dead = len(self.dead.within(record.document_numbers, record.passage_numbers).passages)
        return Size(record.passages - dead, dead)

    def _open(self, folder: Path, record: SegmentRecord, tombstones: Tombstones) -> Segment:
        dead = tombstones.within(record.document_numbers, record.passage_numbers)
        dimension = self._manifest.encoder.dimension
        return Segment(folder / record.name, record, lambda source, key, part: key, dimension=dimension, dead=dead)
