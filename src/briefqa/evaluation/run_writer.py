"""Keeping a run while it is made, so that an interrupted one goes on where it was."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from briefqa.errors import UsageError
from briefqa.evaluation.gold import GoldSpan
from briefqa.evaluation.relevance import is_relevant
from briefqa.evaluation.results import Outcome, Report
from briefqa.evaluation.runs import (
    OUTCOMES,
    PARTIAL,
    PASSAGES,
    RECORD,
    SCHEMA,
    KeptPassage,
    RunRecord,
    read_outcome,
)
from briefqa.evaluation.trec import write_qrels, write_run
from briefqa.types import Hit, Passage

_LOCK = ".lock"
_REPLACED = ".replaced"


class RunWriter:
    """Keeps a run while it is made: use it in a `with` block, `keep` each outcome, then `finish`.

    If an unfinished run of the same name and making is there, `earlier` holds its outcomes, and it goes on.
    Raises UsageError where a whole run of the name exists, unless `replace`; or where another process makes it.
    """

    def __init__(self, folder: Path, record: RunRecord, *, replace: bool = False) -> None:
        self.folder, self._record = folder / record.name, record
        self._partial = folder / f"{record.name}{PARTIAL}"
        self._began = time.monotonic()
        self.earlier: dict[str, Outcome] = {}
        self._known: set[str] = set()
        if self.folder.exists() and not replace:
            message = f"{self.folder} is there already; give another --name, or --replace it"
            raise UsageError(message)
        self._partial.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self._partial / _LOCK)

    def __enter__(self) -> RunWriter:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            message = f"another process is making {self.folder}; wait for it, or give another --name"
            raise UsageError(message) from None
        if not self._resumes():
            for name in (OUTCOMES, PASSAGES):
                (self._partial / name).unlink(missing_ok=True)
            _write_json(self._partial / RECORD, asdict(self._record))
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _resumes(self) -> bool:
        try:
            found = RunRecord(**json.loads((self._partial / RECORD).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return False
        if not found.same_making(self._record):
            return False
        rows = _whole_lines(self._partial / OUTCOMES)
        self.earlier = {outcome.id: outcome for outcome in map(read_outcome, rows)}
        self._known = {row["id"] for row in _whole_lines(self._partial / PASSAGES)}
        return True

    def keep(self, outcome: Outcome, hits: Sequence[Hit]) -> None:
        """Write down what became of a question; an interrupted run loses none that was kept."""
        new = [hit for hit in hits if hit.passage.id not in self._known]
        self._known |= {hit.passage.id for hit in new}
        kept = (KeptPassage(hit.passage.id, hit.document.key, hit.document.title, hit.passage.text) for hit in new)
        _append(self._partial / PASSAGES, [asdict(passage) for passage in kept])
        _append(self._partial / OUTCOMES, [asdict(outcome)])

    def finish(self, report: Report, passages_of: Callable[[str], Sequence[Passage]]) -> Path:
        """Write what is left, and give the run its name. `passages_of` tells all passages of a document by its id.
        Returns the run's folder."""
        outcomes = report.outcomes
        # Interrupted runs hold their outcomes in the order they were asked; a whole one in the set's order.
        _write_lines(self._partial / OUTCOMES, map(asdict, outcomes))
        _write_rankings(self._partial, outcomes, passages_of, tag=self._record.name)
        index = asdict(report.index) if report.index else None
        seconds = round(time.monotonic() - self._began, 3)
        intervals = {"level": report.level, "resamples": report.resamples, "seed": report.seed}
        record = {"schema": SCHEMA, **asdict(self._record), "seconds": seconds, "info": index, "intervals": intervals}
        _write_json(self._partial / RECORD, record)
        self._lock.release()
        (self._partial / _LOCK).unlink(missing_ok=True)
        # A folder can't be replaced in one step: the old run stands aside until the new one has its name.
        aside = self.folder.with_name(f"{self.folder.name}{_REPLACED}{PARTIAL}")
        shutil.rmtree(aside, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(aside)
        self._partial.rename(self.folder)
        shutil.rmtree(aside, ignore_errors=True)
        return self.folder


def _write_rankings(
    folder: Path, outcomes: Sequence[Outcome], passages_of: Callable[[str], Sequence[Passage]], *, tag: str
) -> None:
    passages = {outcome.id: [(hit.id, hit.score) for hit in outcome.hits] for outcome in outcomes}
    documents: dict[str, list[tuple[str, float]]] = {}
    for outcome in outcomes:
        best: dict[str, float] = {}
        for hit in outcome.hits:
            best.setdefault(hit.document, hit.score)
        documents[outcome.id] = list(best.items())
    write_run(folder / "passages.run", passages, tag=tag)
    write_run(folder / "documents.run", documents, tag=tag)
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    write_qrels(
        folder / "documents.qrels",
        {outcome.id: dict.fromkeys(gold.document for gold in outcome.golds) for outcome in answerable},
    )
    quoted = [outcome for outcome in answerable if outcome.quoted]
    cut = {gold.document_id: () for outcome in quoted for gold in outcome.golds}
    all_passages = {document: passages_of(document) for document in cut}
    write_qrels(
        folder / "passages.qrels",
        {
            outcome.id: dict.fromkeys(
                passage.id
                for gold in outcome.golds
                for passage in all_passages[gold.document_id]
                if is_relevant(passage, GoldSpan(gold.document_id, *gold.span))
            )
            for outcome in quoted
        },
    )


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a file that may have been cut off while it was written; the cut one is taken off it."""
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        path.write_bytes(whole)
    return [json.loads(line) for line in whole.splitlines()]


def _append(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    path.unlink(missing_ok=True)
    _append(path, list(rows))


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
