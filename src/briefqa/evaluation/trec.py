"""Runs and judgements as trec_eval reads them, so that anyone's evaluator can check our figures."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import numpy as np

from briefqa.errors import DatasetError
from briefqa.evaluation.problems import refuse

_LARGEST = float(np.finfo(np.float32).max)
_GAIN = re.compile(r"[-+]?[0-9]{1,9}\Z")

T = TypeVar("T")

Ranking = Sequence[tuple[str, float]]
"""(document, score), best first."""


def write_run(path: Path, rankings: Mapping[str, Ranking], *, tag: str) -> None:
    """Question id -> its ranking, as lines of "question Q0 document rank score tag".

    trec_eval ranks by the score, which it keeps in single precision, and equal ones by name: a score that is not below
    the one before it is lowered to the next number that is, so that every evaluator sees our order.
    """
    _write(
        path,
        (
            f"{_word(question)} Q0 {_word(document)} {rank} {score:.9g} {_word(tag)}"
            for question, ranking in rankings.items()
            for rank, (document, score) in enumerate(_falling(ranking), 1)
        ),
    )


def write_qrels(path: Path, relevant: Mapping[str, Iterable[str]]) -> None:
    """Question id -> the documents that are relevant to it, as lines of "question 0 document 1"."""
    _write(
        path,
        (
            f"{_word(question)} 0 {_word(document)} 1"
            for question, documents in relevant.items()
            for document in documents
        ),
    )


def write_topics(path: Path, topics: Mapping[str, str]) -> None:
    """Question id -> its text, as lines of "question", a tab, and the text."""
    _write(path, (f"{_word(question)}\t{' '.join(text.split())}" for question, text in topics.items()))


def read_run(path: str | Path) -> dict[str, dict[str, float]]:
    """Question id -> document -> score, from lines of "question Q0 document rank score tag", parted by blanks or tabs.

    As in trec_eval the rank column says nothing. DatasetError names every line that is not of this form, as
    `file:line: ...`, at most 20 of them.
    """
    run: dict[str, dict[str, float]] = {}
    problems = []
    for line, columns in _rows(path):
        if len(columns) != 6:
            problems.append(_miscounted(path, line, columns, 6, "question Q0 document rank score tag"))
            continue
        question, _, document, _, score, _ = columns
        value = _number(score)
        if value is None:
            problems.append(f"{path}:{line}: the score {score!r} is no number in the range of single precision")
        elif document in run.setdefault(question, {}):
            problems.append(f"{path}:{line}: the document {document!r} stands twice in the ranking of {question!r}")
        else:
            run[question][document] = value
    return _checked(path, run, problems, kind="run")


def read_qrels(path: str | Path) -> dict[str, dict[str, int]]:
    """Question id -> document -> gain, from lines of "question 0 document gain"; errors as in `read_run`."""
    qrels: dict[str, dict[str, int]] = {}
    problems = []
    for line, columns in _rows(path):
        if len(columns) != 4:
            problems.append(_miscounted(path, line, columns, 4, "question 0 document gain"))
            continue
        question, _, document, gain = columns
        if not _GAIN.match(gain):
            problems.append(f"{path}:{line}: the gain {gain!r} is no whole number")
        elif document in qrels.setdefault(question, {}):
            problems.append(f"{path}:{line}: the document {document!r} is judged twice for {question!r}")
        else:
            qrels[question][document] = int(gain)
    return _checked(path, qrels, problems, kind="qrels")


def _rows(path: str | Path) -> Iterator[tuple[int, list[str]]]:
    """The columns of each line that has any, and its number from 1. What parts them is ASCII's white space: an id may
    hold any other."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        message = f"{path}: can't read this file ({error.strerror})"
        raise DatasetError(message) from error
    for line, raw in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        try:
            columns = [column.decode() for column in raw.split()]
        except UnicodeDecodeError as error:
            message = f"{path}:{line}: this is not UTF-8; give a text file in the format of TREC"
            raise DatasetError(message) from error
        if columns:
            yield line, columns


def _miscounted(path: str | Path, line: int, columns: Sequence[str], wanted: int, form: str) -> str:
    count = "1 column" if len(columns) == 1 else f"{len(columns)} columns"
    return f"{path}:{line}: {count}, not {wanted}; a line is: {form}"


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if "_" not in text and abs(value) <= _LARGEST else None  # false for what is no number, too


def _checked(path: str | Path, found: T, problems: Sequence[str], *, kind: str) -> T:
    if problems:
        refuse(path, problems, kind=kind)
    if not found:
        message = f"{path}: there is no line in this file; give a file of TREC's {kind} format"
        raise DatasetError(message)
    return found


def _falling(ranking: Ranking) -> Iterable[tuple[str, np.float32]]:
    before = np.float32(np.inf)
    for document, score in ranking:
        before = min(np.float32(score), np.nextafter(before, np.float32(-np.inf)))
        yield document, before


def _word(text: str) -> str:
    """Without white space, which parts the columns."""
    return quote(text, safe="/:")


def _write(path: Path, lines: Iterable[str]) -> None:
    """Under another name until it is whole, so that no run is ever half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
