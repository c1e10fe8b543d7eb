"""The files of a collection in the layout of BEIR (Thakur et al. 2021, "BEIR: A Heterogenous Benchmark"): JSON lines
for documents and queries, tab-separated judgements; and evidence.jsonl, which is not BEIR's, for spans of documents."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.datasets import decode_line
from briefqa.evaluation.problems import refuse

CORPUS, QUERIES, EVIDENCE = "corpus.jsonl", "queries.jsonl", "evidence.jsonl"
QRELS = "qrels"
HEADER = ("query-id", "corpus-id", "score")

_GAIN = re.compile(r"[-+]?[0-9]{1,9}\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file, called "file:line", and the JSON object on it."""

    place: str
    fields: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """The field if it is text, or a whole number, which some take for ids."""
        found = self.fields.get(name)
        return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None


def read_rows(path: Path, *, required: Sequence[str]) -> list[Row]:
    """The objects of a file of JSON lines. DatasetError names each line that is none, or that lacks one of the required
    fields or has no text there."""
    rows = []
    problems = []
    for line, raw in enumerate(_bytes(path).split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            fields = decode_line(raw)
        except ValueError as error:
            problems.append(f"{path}:{line}: {error}")
            continue
        row = Row(f"{path}:{line}", fields if isinstance(fields, dict) else {})
        lacking = [name for name in required if row.text(name) is None]
        problems += [f'{row.place}: there is no text "{name}"' for name in lacking]
        if not lacking:
            rows.append(row)
    if problems:
        refuse(path, problems, kind="file")
    return rows


def qrels_file(folder: Path, split: str) -> Path:
    """Where the judgements of the split stand: qrels/SPLIT.tsv, or qrels.tsv. UsageError if there is neither."""
    path = folder / QRELS / f"{split}.tsv"
    if path.is_file():
        return path
    alone = folder / f"{QRELS}.tsv"
    if alone.is_file():
        return alone
    others = sorted(found.stem for found in (folder / QRELS).glob("*.tsv"))
    there = f"; there are: {', '.join(others)} (--split)" if others else f" and no {alone.name}"
    message = f"{folder} has no judgements in {QRELS}/{split}.tsv{there}"
    raise UsageError(message)


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Query id -> document id -> gain. DatasetError names the lines that are no judgement."""
    judgements: dict[str, dict[str, int]] = {}
    problems = []
    for line, columns in _table(path):
        if line == 1 and len(columns) == len(HEADER) and not _GAIN.match(columns[2]):
            continue
        if len(columns) != len(HEADER) or not _GAIN.match(columns[2]):
            problems.append(f"{path}:{line}: not a query, a document and a whole number, with tabs between them")
            continue
        query, document, gain = columns
        judgements.setdefault(query, {})[document] = int(gain)
    if problems:
        refuse(path, problems, kind="judgements")
    return judgements


def _table(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = _bytes(path).decode()
    except UnicodeDecodeError as error:
        message = f"{path}: byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        raise DatasetError(message) from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    try:
        for columns in reader:
            if any(column.strip() for column in columns):
                yield reader.line_num, [column.strip() for column in columns]
    except csv.Error as error:
        message = f"{path}:{reader.line_num}: {error}"
        raise DatasetError(message) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        message = f"{path}: can't read this file ({error.strerror})"
        raise DatasetError(message) from error
