"""Importing question sets from tables: CSV, with commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from briefqa.errors import DatasetError, UsageError
from briefqa.evaluation.datasets import Gold
from briefqa.evaluation.exchange.imported import Collector, Imported
from briefqa.evaluation.problems import refuse

COLUMNS = ("question", "document", "quote", "tags", "id")
_REQUIRED = ("question", "document", "quote")
_SEPARATORS = ",;\t"
_BETWEEN_TAGS = "|"


@dataclass(slots=True)
class _Asked:
    """A question of one or more rows, the first on line `line`."""

    text: str
    line: int
    golds: list[Gold] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def read_table(path: Path, *, columns: Mapping[str, str], longest: int) -> Imported:
    """The questions of a table whose first line names its columns, in any case: those of `COLUMNS`, or as `columns`
    calls them; "tags" (parted by |) and "id" may be missing, and others are passed over.

    Rows of the same id, or without ids of the same question, are one question with several golds. A row without a
    document is a question that nothing answers; a document without a quote is gold as a whole. Questions longer than
    `longest` are left out. DatasetError names every row that is wrong, with its line.
    """
    unknown = sorted(set(columns) - set(COLUMNS))
    if unknown:
        message = f"{unknown[0]!r} is no column that is read; there are: {', '.join(COLUMNS)}"
        raise UsageError(message)
    text = _text(path)
    separator, places = _layout(path, text, {name: columns.get(name, name) for name in COLUMNS})
    asked: dict[str, _Asked] = {}
    problems = []
    identities: dict[str, str] = {}
    for line, cells in _lines(path, text, separator):
        if line == 1 or not any(cells):
            continue
        row = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if "id" not in places:
            row["id"] = identities.setdefault(row["question"], f"q{len(identities) + 1:03}")
        try:
            _take(row, line, asked)
        except ValueError as error:
            problems.append(f"{path}:{line}: {error}")
    if problems:
        refuse(path, problems, kind="table")
    collector = Collector(longest=longest)
    for identity, question in asked.items():
        collector.add(identity, question.text, gold=question.golds, tags=question.tags)
    return collector.imported(None, source=str(path))


def _take(row: Mapping[str, str], line: int, asked: dict[str, _Asked]) -> None:
    """Add a row to the questions; ValueError says why it can't be."""
    lacking = [name for name in ("question", "id") if not row[name]]
    if lacking:
        message = f"the {lacking[0]} is missing"
        raise ValueError(message)
    if row["quote"] and not row["document"]:
        message = "there is a quote, but no document that it stands in"
        raise ValueError(message)
    gold = Gold(row["document"], row["quote"] or None) if row["document"] else None
    known = asked.setdefault(row["id"], _Asked(row["question"], line))
    if known.text != row["question"]:
        message = f"another question has the id {row['id']!r} on line {known.line}"
        raise ValueError(message)
    if known.line != line and not (gold and known.golds):
        message = f"line {known.line} and this one can't both be right: with a document, and without"
        raise ValueError(message)
    known.golds += [gold] if gold else []
    known.tags += row.get("tags", "").split(_BETWEEN_TAGS)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().removeprefix(codecs.BOM_UTF8).decode()
    except OSError as error:
        message = f"{path}: can't read this file ({error.strerror})"
        raise DatasetError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: byte {error.start + 1} is not UTF-8; save the table as CSV in UTF-8"
        raise DatasetError(message) from error


def _layout(path: Path, text: str, headers: Mapping[str, str]) -> tuple[str, dict[str, int]]:
    """What parts the cells, and where which column is: what finds most of the columns."""
    found: dict[str, dict[str, int]] = {}
    for separator in _SEPARATORS:
        _, cells = next(_lines(path, text, separator), (1, []))
        names = [cell.casefold() for cell in cells]
        found[separator] = {
            name: names.index(header.strip().casefold())
            for name, header in headers.items()
            if header.strip().casefold() in names
        }
    separator = max(found, key=lambda separator: len(found[separator]))
    lacking = [headers[name] for name in _REQUIRED if name not in found[separator]]
    if lacking:
        message = f"{path}:1: there is no column {lacking[0]!r}; name the columns, or say --columns NAME=HEADER"
        raise DatasetError(message)
    return separator, found[separator]


def _lines(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row without runs of white space, and the line where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [" ".join(cell.split()) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"{path}:{line}: this row is no CSV ({error})"
        raise DatasetError(message) from error
