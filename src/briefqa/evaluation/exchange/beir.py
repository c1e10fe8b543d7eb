"""Importing collections in the layout of BEIR."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from briefqa.errors import UsageError
from briefqa.evaluation.datasets import Gold
from briefqa.evaluation.exchange.articles import Article, clean, file_keys, make_article
from briefqa.evaluation.exchange.beir_files import (
    CORPUS,
    EVIDENCE,
    QUERIES,
    Row,
    qrels_file,
    read_judgements,
    read_rows,
)
from briefqa.evaluation.exchange.imported import Collector, Imported
from briefqa.evaluation.exchange.placing import Placed, Placer
from briefqa.evaluation.problems import refuse

ANSWERABLE, UNANSWERABLE = "answerable", "unanswerable"

_WHOLE: list[Placed | None] = [None]

Quotes = Mapping[str, Mapping[str, list[Placed]]]


def read_beir(folder: Path, *, split: str = "test", longest: int) -> Imported:
    """The articles of a collection, and the queries that its judgements of the split tell of.

    Any gain above 0 makes a document gold: by its evidence where there is some, else as a whole. A query without
    relevant documents is left out as not judged, unless it says of itself that it is of the type "unanswerable".
    Questions longer than `longest` are left out. UsageError for a folder that lacks a file; DatasetError names what
    is wrong in one, with its line.
    """
    missing = [name for name in (CORPUS, QUERIES) if not (folder / name).is_file()]
    if missing:
        message = f"{folder} is no collection in the layout of BEIR: it has no {' and no '.join(missing)}"
        raise UsageError(message)
    judgements = read_judgements(qrels_file(folder, split))
    queries = read_rows(folder / QUERIES, required=("_id", "text"))
    rows = _by_id(folder / CORPUS)
    keys = file_keys(rows)
    articles = dict(_articles(rows, keys))
    collector = Collector(longest=longest)
    quotes = _evidence(folder / EVIDENCE, rows, articles) if (folder / EVIDENCE).is_file() else {}
    for query in queries:
        identity = query.text("_id") or ""
        documents = [document for document, gain in judgements.get(identity, {}).items() if gain > 0]
        if not documents and query.text("type") != UNANSWERABLE:
            collector.drop(f"no relevant document is known, and its type is not {UNANSWERABLE!r}")
        elif not set(documents) <= articles.keys():
            collector.drop("a document that answers it is missing or empty")
        else:
            evidence = quotes.get(identity, {})
            found = [(keys[document], placed) for document in documents for placed in evidence.get(document) or _WHOLE]
            collector.add(
                identity,
                query.text("text") or "",
                gold=[Gold(key, placed.words if placed else None) for key, placed in found],
                tags=_tags(query),
                widened=any(placed.widened for _, placed in found if placed),
            )
    return collector.imported(list(articles.values()), source=str(folder))


def _by_id(path: Path) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    problems = []
    for row in read_rows(path, required=("_id", "text")):
        identity = row.text("_id") or ""
        if not identity.strip():
            problems.append(f"{row.place}: the _id is empty")
        elif rows.setdefault(identity, row) is not row:
            problems.append(f"{row.place}: another document has the _id {identity!r}")
    if problems:
        refuse(path, problems, kind="file")
    return rows


def _articles(rows: Mapping[str, Row], keys: Mapping[str, str]) -> Iterator[tuple[str, Article]]:
    for origin, row in rows.items():
        article = make_article(origin, row.text("title"), row.text("text") or "", key=keys[origin])
        if article:
            yield origin, article


def _evidence(path: Path, rows: Mapping[str, Row], articles: Mapping[str, Article]) -> Quotes:
    """Query id -> document id -> quotes; none for a document that is not there."""
    quotes: dict[str, dict[str, list[Placed]]] = {}
    problems = []
    placers: dict[str, Placer] = {}
    for row in read_rows(path, required=("query_id", "doc_id")):
        query, document = row.text("query_id") or "", row.text("doc_id") or ""
        found = quotes.setdefault(query, {}).setdefault(document, [])
        if document not in articles:
            continue
        if document not in placers:
            placers[document] = Placer(articles[document].text)
        try:
            start, end = _span(row, rows[document].text("text") or "")
            found.append(placers[document].quote(start, end))
        except ValueError as error:
            problems.append(f"{row.place}: {error}")
    if problems:
        refuse(path, problems, kind="evidence")
    return quotes


def _span(row: Row, text: str) -> tuple[int, int]:
    """Where the evidence stands in the article; ValueError says why it can't."""
    start, end, quote = (row.fields.get(name) for name in ("start", "end", "quote"))
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        message = f"{start!r} to {end!r} is no span of the document, which has {len(text)} characters"
        raise ValueError(message)
    if quote is not None and quote != text[start:end]:
        message = f"the document does not have the quote from {start} to {end}"
        raise ValueError(message)
    first = len(clean(text[:start]))
    return first, first + len(clean(text[start:end]))


def _tags(query: Row) -> list[str]:
    metadata = query.fields.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    if isinstance(tags, list):
        return [tag for tag in tags if isinstance(tag, str)]
    kind = query.text("type")
    return [kind] if kind and kind not in {ANSWERABLE, UNANSWERABLE} else []
