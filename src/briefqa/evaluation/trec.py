"""Runs and judgements as trec_eval reads them, so that anyone's evaluator can check our figures."""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import numpy as np

from briefqa.errors import DatasetError
from briefqa.evaluation.metrics import Qrels
from briefqa.evaluation.whole_files import write_whole

V = TypeVar("V")
_LARGEST = float(np.finfo(np.float32).max)
_NUMBER = re.compile(r"[-+0-9.eE]+")
_WHOLE = re.compile(r"[-+]?[0-9]{1,9}")

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


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Question id -> document -> gain, as lines of "question 0 document gain"."""
    _write(
        path,
        (
            f"{_word(question)} 0 {_word(document)} {gain}"
            for question, gains in qrels.items()
            for document, gain in gains.items()
        ),
    )


def write_topics(path: Path, topics: Mapping[str, str]) -> None:
    """Question id -> its text, as lines of "question", a tab, and the text."""
    _write(path, (f"{_word(question)}\t{' '.join(text.split())}" for question, text in topics.items()))


def read_run(path: Path) -> dict[str, dict[str, float]]:
    """Question -> document -> score; the rank is ignored, as trec_eval does. DatasetError names the file and line of
    whatever is no run."""
    run: dict[str, dict[str, float]] = {}
    for place, (question, _, document, _, score, _) in _rows(path, 6, "question Q0 document rank score tag"):
        value = _number(score)
        if not abs(value) <= _LARGEST:  # NaN is not, either
            raise DatasetError(f"{place}: the score {score!r} is no number that single precision can hold")
        _add(run, place, question, document, value)
    return run


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Question -> document -> gain. DatasetError names the file and line of whatever is no judgement."""
    qrels: dict[str, dict[str, int]] = {}
    for place, (question, _, document, gain) in _rows(path, 4, "question 0 document gain"):
        if not _WHOLE.fullmatch(gain):
            raise DatasetError(f"{place}: the gain {gain!r} is no whole number of at most nine digits")
        _add(qrels, place, question, document, int(gain))
    return qrels


def _add(table: dict[str, dict[str, V]], place: str, question: str, document: str, value: V) -> None:
    row = table.setdefault(question, {})
    if document in row:
        raise DatasetError(f"{place}: {document!r} stands twice for question {question!r}")
    row[document] = value


def _rows(path: Path, columns: int, form: str) -> Iterator[tuple[str, list[str]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path}: can't read it ({error.strerror})") from error
    found = 0
    # As bytes, so that only the white space of ASCII parts lines and columns, as in trec_eval: ids may hold any other.
    for number, line in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        try:
            cells = [cell.decode() for cell in line.split()]
        except UnicodeDecodeError as error:
            raise DatasetError(f"{path}:{number}: {error.object!r} is not UTF-8") from error
        if not cells:
            continue
        if len(cells) != columns:
            raise DatasetError(f"{path}:{number}: {len(cells)} columns where {columns} belong: {form}")
        found += 1
        yield f"{path}:{number}", cells
    if not found:
        raise DatasetError(f"{path}: there is nothing in it; a line is: {form}")


def _number(text: str) -> float:
    """NaN for what is none."""
    try:
        return float(text) if _NUMBER.fullmatch(text) else math.nan
    except ValueError:
        return math.nan


def _falling(ranking: Ranking) -> Iterable[tuple[str, np.float32]]:
    before = np.float32(np.inf)
    for document, score in ranking:
        before = min(np.float32(score), np.nextafter(before, np.float32(-np.inf)))
        yield document, before


def _word(text: str) -> str:
    """Without white space, which parts the columns."""
    return quote(text, safe="/:")


def _write(path: Path, lines: Iterable[str]) -> None:
    """Whole or not at all, so that no run is ever half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, "".join(f"{line}\n" for line in lines).encode())
