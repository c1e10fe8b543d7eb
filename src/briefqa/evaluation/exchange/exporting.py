"""Question sets and kept runs as others read them: TREC's files, or the layout of BEIR."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefqa.errors import DatasetError
from briefqa.evaluation.datasets import Question
from briefqa.evaluation.exchange.beir import ANSWERABLE, UNANSWERABLE
from briefqa.evaluation.exchange.beir_files import CORPUS, EVIDENCE, HEADER, QRELS, QUERIES
from briefqa.evaluation.exchange.writing import new_folder
from briefqa.evaluation.judgements import DOCUMENTS, PASSAGES, write_judgements
from briefqa.evaluation.results import FoundGold
from briefqa.evaluation.runs import Run
from briefqa.evaluation.trec import write_topics
from briefqa.types import Document, Passage

TOPICS = "topics.tsv"
_OF_RUNS = (DOCUMENTS, PASSAGES, "documents.run", "passages.run")

Golds = Mapping[str, Sequence[FoundGold]]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: questions, those that something answers, those of them whose golds are quotes, golds that had
    moved or changed and are written as they were found, documents (None where these are not written), and the files in
    their folder."""

    questions: int
    answerable: int
    quoted: int
    drifted: int
    documents: int | None
    files: tuple[str, ...]


def export_trec(
    folder: Path,
    questions: Sequence[Question],
    golds: Golds,
    passages_of: Callable[[str], Sequence[Passage]],
    *,
    drifted: int = 0,
) -> Exported:
    """Topics, and judgements of documents and passages, in a new folder. `golds` are where those of each question id
    stand, so many of which had moved or changed; `passages_of` tells all passages of a document by its id. UsageError
    if the folder is not empty."""
    with new_folder(folder) as place:
        write_topics(place / TOPICS, {question.id: question.text for question in questions})
        write_judgements(place, golds, passages_of)
        return _exported(place, golds, drifted=drifted)


def export_run(folder: Path, run: Run) -> Exported:
    """The topics, judgements and rankings of a kept run, in a new folder. UsageError if the folder is not empty."""
    outcomes = run.report.outcomes
    with new_folder(folder) as place:
        write_topics(place / TOPICS, {outcome.id: outcome.text for outcome in outcomes})
        for name in _OF_RUNS:
            shutil.copyfile(run.folder / name, place / name)
        golds = {outcome.id: outcome.golds for outcome in outcomes}
        return _exported(place, golds, drifted=len(run.report.drift))


def export_beir(
    folder: Path, questions: Sequence[Question], golds: Golds, documents: Iterable[Document], *, drifted: int = 0
) -> Exported:
    """A collection in the layout of BEIR, with the gold quotes as evidence, in a new folder.

    A document's id is its key; for `golds` and `drifted` see `export_trec`. UsageError if the folder is not empty,
    DatasetError if two documents have one key.
    """
    with new_folder(folder) as place:
        keys: set[str] = set()
        _write_lines(place / CORPUS, _corpus(documents, keys))
        _write_lines(place / QUERIES, map(_query, questions))
        _write_lines(place / EVIDENCE, _evidence(golds))
        (place / QRELS).mkdir()
        with (place / QRELS / "test.tsv").open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, delimiter="\t", lineterminator="\n")
            table.writerow(HEADER)
            for question, found in golds.items():
                table.writerows([question, document, 1] for document in dict.fromkeys(gold.document for gold in found))
        return _exported(place, golds, drifted=drifted, documents=len(keys))


def _corpus(documents: Iterable[Document], keys: set[str]) -> Iterator[dict[str, Any]]:
    for document in documents:
        if document.key in keys:
            message = f"the index holds more than one document {document.key!r}; index the folders apart, or rename one"
            raise DatasetError(message)
        keys.add(document.key)
        known = {
            "source": document.source,
            "authors": list(document.authors),
            "date": document.published,
            "url": document.url,
        }
        metadata = {**document.metadata, **{name: value for name, value in known.items() if value}}
        yield {"_id": document.key, "title": document.title or "", "text": document.text, "metadata": metadata}


def _query(question: Question) -> dict[str, Any]:
    kind = ANSWERABLE if question.gold else UNANSWERABLE
    return {"_id": question.id, "text": question.text, "type": kind, "metadata": {"tags": list(question.tags)}}


def _evidence(golds: Golds) -> Iterator[dict[str, Any]]:
    for question, found in golds.items():
        for gold in found:
            if gold.text:
                start, end = gold.span
                place = {"query_id": question, "doc_id": gold.document}
                yield {**place, "quote": gold.text, "start": start, "end": end}


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _exported(folder: Path, golds: Golds, *, drifted: int, documents: int | None = None) -> Exported:
    answerable = [found for found in golds.values() if found]
    return Exported(
        questions=len(golds),
        answerable=len(answerable),
        quoted=sum(all(gold.text for gold in found) for found in answerable),
        drifted=drifted,
        documents=documents,
        files=tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())),
    )
