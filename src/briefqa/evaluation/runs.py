"""Runs: evaluations that are kept, each a folder under runs/.

    run.json         what was measured with what: settings, index, corpus, question set, version, time, host class
    outcomes.jsonl   what became of each question
    passages.jsonl   the text of every passage that was found, once
    passages.run, passages.qrels, documents.run, documents.qrels     the rankings and the gold, for trec_eval

A run grows in NAME.partial, one question after the other, and takes its name when it is whole.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from briefqa.errors import BriefqaError, DatasetError, UsageError
from briefqa.evaluation.results import Drift, FoundGold, FoundPassage, FoundQuote, Outcome, Report, Setting
from briefqa.evaluation.summary import make_report
from briefqa.types import IndexInfo

SCHEMA = "briefqa.run/2"
RUNS_FOLDER = "runs"

RECORD, OUTCOMES, PASSAGES = "run.json", "outcomes.jsonl", "passages.jsonl"
PARTIAL = ".partial"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._=,+-]{0,199}\Z")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a run measured, and with what. Two runs are of the same making if all but `name`, `started`, `seconds` and
    `host` agree. `index` holds at least "corpus_sha256", which is the same wherever the same articles were indexed."""

    name: str
    started: str
    seconds: float
    briefqa: str
    questions: str
    questions_sha256: str
    settings: Mapping[str, Setting]
    index: Mapping[str, Setting]
    host: Mapping[str, Setting]

    def same_making(self, other: RunRecord) -> bool:
        """Whether the two differ in nothing that can change a measure but time."""
        mine, theirs = asdict(self), asdict(other)
        return all(mine[key] == theirs[key] for key in mine if key not in {"name", "started", "seconds", "host"})


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """The text of a passage that was found, and its document's key and title."""

    id: str
    document: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run that was kept whole."""

    folder: Path
    record: RunRecord
    report: Report
    passages: Mapping[str, KeptPassage]


def new_record(
    name: str, questions: str | Path, *, briefqa: str, settings: Mapping[str, Setting], index: Mapping[str, Setting]
) -> RunRecord:
    """The record of a run that begins now. Raises UsageError for a name that is no plain file name."""
    if not _NAME.match(name) or PARTIAL in name:
        message = (
            f"{name!r} can't name a run; use at most 200 letters, digits, and any of . _ = , + - after the first,"
            f" and no {PARTIAL}"
        )
        raise UsageError(message)
    return RunRecord(
        name=name,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=0.0,
        briefqa=briefqa,
        questions=str(questions),
        questions_sha256=sha256(Path(questions).read_bytes()).hexdigest(),
        settings=dict(settings),
        index=dict(index),
        host={"machine": platform.machine(), "system": platform.system(), "cores": os.cpu_count()},
    )


def read_run(folder: str | Path) -> Run:
    """The run in the folder, or in the folder of that name under runs/.

    Raises UsageError where there is none or only a part of one, DatasetError where it is damaged.
    """
    place = Path(folder)
    if not (place / RECORD).is_file() and (Path(RUNS_FOLDER) / place / RECORD).is_file():
        place = Path(RUNS_FOLDER) / place
    if not (place / RECORD).is_file() or place.name.endswith(PARTIAL):
        message = f"there is no whole run in {folder}; make one with: briefqa eval run --name NAME"
        raise UsageError(message)
    try:
        table = json.loads((place / RECORD).read_text(encoding="utf-8"))
        if table["schema"] != SCHEMA:
            message = f"{place} was kept by another version of briefqa; make it again with: briefqa eval run"
            raise UsageError(message)
        record, info = read_record(table), table["info"]
        outcomes = [read_outcome(row) for row in _rows(place / OUTCOMES)]
        passages = {row["id"]: KeptPassage(**row) for row in _rows(place / PASSAGES)}
        if len(outcomes) != table["outcomes"] or not outcomes:
            raise ValueError(f"{OUTCOMES} holds {len(outcomes)} of {table['outcomes']} outcomes")
        if not passages.keys() >= {hit.id for outcome in outcomes for hit in outcome.hits}:
            raise ValueError(f"{PASSAGES} lacks passages that were found")
        index, drift = IndexInfo(**info) if info else None, [Drift(**row) for row in table["drift"]]
        report = make_report(record.questions, outcomes, index, record.settings, drift=drift)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        message = f"the run in {place} is damaged ({_reason(error)}); make it again with: briefqa eval run --replace"
        raise DatasetError(message) from error
    return Run(place, record, report, passages)


def read_record(table: Mapping[str, Any]) -> RunRecord:
    """The record in the JSON of a run, whole or not."""
    return RunRecord(**{field.name: table[field.name] for field in fields(RunRecord)})


def find_run(folder: Path, record: RunRecord) -> Run | None:
    """The whole run in `folder` of the record's name, if it is of the same making."""
    try:
        found = read_run(folder / record.name)
    except BriefqaError:
        return None
    return found if found.record.same_making(record) else None


def read_outcome(row: Mapping[str, Any]) -> Outcome:
    """An outcome from its JSON."""
    return Outcome(
        **{
            **row,
            "tags": tuple(row["tags"]),
            "golds": tuple(FoundGold(**{**gold, "span": tuple(gold["span"])}) for gold in row["golds"]),
            "hits": tuple(
                FoundPassage(
                    **{**hit, "span": tuple(hit["span"]), "lines": tuple(hit["lines"]), "golds": tuple(hit["golds"])}
                )
                for hit in row["hits"]
            ),
            "quotes": tuple(FoundQuote(**{**quote, "lines": tuple(quote["lines"])}) for quote in row["quotes"]),
        }
    )


def _rows(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise ValueError(f"line {number} of {path.name} is no JSON") from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{Path(error.filename or '').name}: {error.strerror}"
    return f"it lacks {error}" if isinstance(error, KeyError) else str(error)
