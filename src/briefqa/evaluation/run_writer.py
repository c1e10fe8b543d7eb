"""Keeping a run while it is made, so that an interrupted one goes on where it was."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from briefqa.errors import UsageError
from briefqa.evaluation.judgements import write_judgements
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
    read_record,
)
from briefqa.evaluation.trec import write_run
from briefqa.types import Hit, Passage

_LOCK = f"{PARTIAL}.lock"
_REPLACED = f".replaced{PARTIAL}"
_UNFINISHED = ".unfinished"


class RunWriter:
    """Keeps a run while it is made: use it in a `with` block, `keep` each outcome, then `finish`.

    If an unfinished run of the same name and making is there, `earlier` holds its outcomes, and it goes on.
    Raises UsageError where anything of the name exists, unless that is a run and `replace` says so; where another
    process makes it; or where nothing can be written.
    """

    def __init__(self, folder: Path, record: RunRecord, *, replace: bool = False) -> None:
        self.folder, self._record, self._replace = folder / record.name, record, replace
        self._partial = folder / f"{record.name}{PARTIAL}"
        self._aside = folder / f"{record.name}{_REPLACED}"
        # Beside the partial run, not in it: it is held until the run has its name.
        self._lock = FileLock(folder / f"{record.name}{_LOCK}")
        self._began = time.monotonic()
        self.earlier: dict[str, Outcome] = {}
        self._known: set[str] = set()
        self._check_name()

    def __enter__(self) -> RunWriter:
        with _writing(self.folder):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                message = f"another process is making {self.folder}; wait for it, or give another --name"
                raise UsageError(message) from None
        try:
            with _writing(self.folder):
                self._prepare()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if not (self._partial / OUTCOMES).exists():
            shutil.rmtree(self._partial, ignore_errors=True)
        self._leave()

    def _leave(self) -> None:
        # While it is held: once it is released, the file may be the next one's.
        with suppress(OSError):
            Path(self._lock.lock_file).unlink()
        self._lock.release()

    def _check_name(self) -> None:
        if not self.folder.exists():
            return
        if not self._replace:
            message = f"{self.folder} is there already; give another --name, or --replace it"
            raise UsageError(message)
        if not (self.folder / RECORD).is_file():
            message = f"{self.folder} is no run, so it is not replaced; give another --name"
            raise UsageError(message)

    def _prepare(self) -> None:
        if self._aside.exists() and not self.folder.exists():  # the end came between the two renames of _publish
            self._aside.rename(self.folder)
        self._check_name()  # another process may have finished before this one had the lock
        self._partial.mkdir(exist_ok=True)
        for left_over in self._partial.glob(".*"):  # files that write_run or write_qrels had not finished
            left_over.unlink()
        if not self._resumes():
            for name in (OUTCOMES, PASSAGES):
                (self._partial / name).unlink(missing_ok=True)
            _write_json(self._partial / RECORD, {"schema": SCHEMA, **asdict(self._record)})

    def _resumes(self) -> bool:
        try:
            table = json.loads((self._partial / RECORD).read_text(encoding="utf-8"))
            if table["schema"] != SCHEMA or not read_record(table).same_making(self._record):
                return False
            known = {row["id"] for row in _whole_lines(self._partial / PASSAGES)}
            outcomes = [read_outcome(row) for row in _whole_lines(self._partial / OUTCOMES)]
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            return False
        # Each outcome was written after its passages, which the disk need not have kept so when the power went.
        self.earlier = {outcome.id: outcome for outcome in outcomes if known.issuperset(hit.id for hit in outcome.hits)}
        self._known = known
        return True

    def keep(self, outcome: Outcome, hits: Sequence[Hit]) -> None:
        """Write down what became of a question; an interrupted run loses none that was kept."""
        new = [hit for hit in hits if hit.passage.id not in self._known]
        self._known |= {hit.passage.id for hit in new}
        kept = (KeptPassage(hit.passage.id, hit.document.key, hit.document.title, hit.passage.text) for hit in new)
        with _writing(self.folder):
            _append(self._partial / PASSAGES, [asdict(passage) for passage in kept])
            _append(self._partial / OUTCOMES, [asdict(outcome)])

    def finish(self, report: Report, passages_of: Callable[[str], Sequence[Passage]]) -> Path:
        """Write what is left, and give the run its name. `passages_of` tells all passages of a document by its id.
        Returns the run's folder."""
        self._check_name()
        index = asdict(report.index) if report.index else None
        intervals = {"level": report.level, "resamples": report.resamples, "seed": report.seed}
        with _writing(self.folder):
            # Interrupted runs hold their outcomes in the order they were asked; a whole one in the set's order.
            _write_lines(self._partial / OUTCOMES, map(asdict, report.outcomes))
            _write_rankings(self._partial, report.outcomes, passages_of, tag=self._record.name)
            record = {
                "schema": SCHEMA,
                **asdict(self._record),
                "seconds": round(time.monotonic() - self._began, 3),
                "outcomes": len(report.outcomes),
                "drift": [asdict(drift) for drift in report.drift],
                "info": index,
                "intervals": intervals,
            }
            _write_json(self._partial / RECORD, record)
            self._publish()
        return self.folder

    def _publish(self) -> None:
        # A folder can't be replaced in one step: the old run stands aside until the new one has its name.
        if self.folder.exists():
            shutil.rmtree(self._aside, ignore_errors=True)
            self.folder.rename(self._aside)
        try:
            self._partial.rename(self.folder)
        except BaseException:
            if self._aside.exists() and not self.folder.exists():
                self._aside.rename(self.folder)
            raise
        shutil.rmtree(self._aside, ignore_errors=True)


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
    write_judgements(folder, {outcome.id: outcome.golds for outcome in outcomes}, passages_of)


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a file that may have been cut off while it was written; the cut one is taken off it."""
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    os.truncate(path, len(whole))
    return [json.loads(line) for line in whole.splitlines()]


def _append(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    unfinished = path.with_name(path.name + _UNFINISHED)
    unfinished.unlink(missing_ok=True)
    _append(unfinished, rows)
    unfinished.replace(path)


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    unfinished = path.with_name(path.name + _UNFINISHED)
    unfinished.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(path)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = (
            f"can't keep a run in {folder} ({error.strerror or error}); see that there is room, and that you may write"
            " there, and run it again: what was asked is not asked twice"
        )
        raise UsageError(message) from error
