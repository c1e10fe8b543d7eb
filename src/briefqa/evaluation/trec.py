"""Runs and judgements as trec_eval reads them, so that anyone's evaluator can check our figures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np

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
