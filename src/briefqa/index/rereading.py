"""Reads the articles again and holds every address that a citation can have against them."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.addresses import Lines
from briefqa.corpus.decoding import decode
from briefqa.corpus.formats import FORMATS, LOADING_VERSION
from briefqa.corpus.loading import Job, without_clutter
from briefqa.corpus.pool import load_all
from briefqa.corpus.scan import ScannedFile
from briefqa.index.reader import open_generation
from briefqa.index.recurring import origin_of, read_clutter
from briefqa.index.states import read_states
from briefqa.reports import Rereading

if TYPE_CHECKING:
    from briefqa.corpus.loading import Loaded, Outcome
    from briefqa.index.reader import GenerationReader
    from briefqa.index.recurring import Clutter
    from briefqa.index.states import FileState
    from briefqa.index.update import Progress
    from briefqa.types import Document

_STAGE = "reading articles again"
# Formats whose files are lines of text, as a person sees them.
_OF_LINES = frozenset({"markdown", "text"})


def reread(index: Path, *, progress: Progress) -> tuple[Rereading, list[str]]:
    """Load every article file that is as it was indexed once more, and compare each document, passage and sentence;
    where the file is lines of text, these have to hold each sentence, whatever loads it. What was read and which files
    have changed or are gone since, and all that is wrong, a phrase each.

    Raises IndexMissing, IndexDamaged or IndexMismatch. An index that another version of the loaders made is compared
    with its files of lines only.
    """
    with closing(open_generation(index)) as reader:
        rereader = _Rereader(reader)
        jobs = rereader.jobs()
        with closing(load_all([job for job, _ in jobs])) as outcomes:
            for done, ((job, state), outcome) in enumerate(zip(jobs, outcomes, strict=True), 1):
                rereader.compare(job, state, outcome)
                progress(_STAGE, done, len(jobs))
        return rereader.report(), rereader.wrong


@dataclass
class _Rereader:
    _reader: GenerationReader
    wrong: list[str] = field(default_factory=list)
    _files: int = 0
    _passages: int = 0
    _sentences: int = 0
    _changed: list[str] = field(default_factory=list)
    _gone: list[str] = field(default_factory=list)

    def jobs(self) -> list[tuple[Job, FileState]]:
        """What to load: the files that are there and as they were."""
        manifest, locator = self._reader.manifest, self._reader.locator
        found = []
        for state in read_states(self._reader.folder):
            path = locator.file(state.source, state.key)
            if not state.documents:
                continue
            if not path.is_file():
                self._gone.append(locator(state.source, state.key, ""))
            elif _sha256(path) != state.sha256:
                self._changed.append(locator(state.source, state.key, ""))
            else:
                file = ScannedFile(state.source, state.key, str(path), state.size, state.mtime_ns)
                source = manifest.sources[state.source]
                found.append((Job(file, source.path, manifest.loading.clean, source.rules), state))
        return found

    def compare(self, job: Job, state: FileState, outcome: Outcome) -> None:
        """Hold the documents of a file against what was loaded of it now."""
        shown = self._reader.locator(state.source, state.key, "")
        if outcome.sha256 is not None and outcome.sha256 != state.sha256:
            self._changed.append(shown)
            return
        self._files += 1
        held = [self._reader.segments.document(number) for number in state.documents]
        if self._reader.manifest.loading.version == LOADING_VERSION:
            loaded = [self._trimmed(entry) for entry in outcome.documents]
            blocks = [(origin_of(entry.document), entry.blocks) for entry in outcome.documents if entry.blocks]
            if outcome.reason is not None:
                self.wrong.append(f"{shown} is as it was, and can't be read any more: {outcome.reason}")
            elif [_text_of(document) for document in held] != [_text_of(document) for document in loaded]:
                self.wrong.append(f"{shown} is as it was, and its text in the index is another")
            elif [told for number in state.documents if (told := self._reader.segments.blocks_of(number))] != blocks:
                self.wrong.append(f"{shown} is as it was, and what may recur of it in the index is another")
        lines = _lines(job.file.path)
        for number, document in zip(state.documents, held, strict=True):
            self._compare_passages(number, document, lines)

    def _trimmed(self, loaded: Loaded) -> Document:
        origin = origin_of(loaded.document)
        return without_clutter(loaded, origin, self._clutter.get(origin, {})).document

    @cached_property
    def _clutter(self) -> Clutter:
        """What was left out of the documents as it recurs in others."""
        return read_clutter(self._reader.folder) if self._reader.manifest.loading.clean else {}

    def _compare_passages(self, number: int, document: Document, file: list[str] | None) -> None:
        lines = Lines(document.text, document.line_map)
        for _, row in self._reader.segments.passages_of(number):
            self._passages += 1
            self._sentences += len(row.sentences)
            for start, end in row.sentences if file is not None and document.lines_of == "file" else ():
                first, last = lines.of(start, end)
                if not _stands_in(document.text[start:end], "\n".join(file[first - 1 : last] if file else ())):
                    self.wrong.append(f"{document.path}:{first} does not hold the sentence of passage {row.id} there")

    def report(self) -> Rereading:
        """What was read."""
        return Rereading(self._files, self._passages, self._sentences, tuple(self._changed), tuple(self._gone))


def _text_of(document: Document) -> tuple[object, ...]:
    return document.key, document.text, document.line_map, document.page_map, document.lines_of


def _lines(path: Path) -> list[str] | None:
    """The lines of a file of text; None for a file of another kind."""
    if FORMATS.get(path.suffix.lower()) not in _OF_LINES:
        return None
    try:
        return decode(path.read_bytes())[0].split("\n")
    except (OSError, ValueError):
        return []


def _stands_in(sentence: str, place: str) -> bool:
    """Whether a sentence stands in the text of some lines, white space aside, or at least its words do in order, as
    something in between may have been left out."""
    words, there = sentence.split(), place.split()
    rest = iter(there)
    return " ".join(words) in " ".join(there) or all(word in rest for word in words)


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
