"""Reads an article file into documents. Nothing here needs the index, so it can be done in another process."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.bounds import bounded, encodable
from briefqa.corpus.cleaning.recurrence import blocks_of, without
from briefqa.corpus.formats import loader_for
from briefqa.corpus.metadata.describing import describe
from briefqa.corpus.regular import open_regular
from briefqa.types import NO_RULES, Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefqa.corpus.scan import ScannedFile
    from briefqa.types import Cut, Rules

PART_MARK = "#"
LARGEST_FILE = 200_000_000
"""Bytes of the largest file that is read."""
_TRIES = 3
_RULES_FILE = "briefqa.toml"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An article file that gave no document, and why, as the second half of a sentence."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document, what was left out of it, warnings about it for the user, and its `blocks` that may recur in others
    (see `cleaning.recurrence`)."""

    document: Document
    cuts: tuple[Cut, ...]
    warnings: tuple[str, ...]
    blocks: bytes = b""


@dataclass(frozen=True, slots=True)
class Job:
    """A file to make documents of. `place` is its source's path, as ids are made of."""

    file: ScannedFile
    place: str
    clean: bool = True
    rules: Rules = NO_RULES


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: its `documents`, or the `reason` why there is none, as the second half of a sentence; and
    its content's hash, size and time as it was read, or `sha256` None where it could not be."""

    size: int
    mtime_ns: int
    sha256: str | None = None
    documents: list[Loaded] = field(default_factory=list)
    reason: str | None = None


def take_in(job: Job) -> Outcome:
    """Read a file and make documents of it. Whatever is wrong with the file, or happens in a library because of it, is
    the reason in the outcome."""
    file = job.file
    found = _read(file.location)
    if isinstance(found, str):
        return Outcome(file.size, file.mtime_ns, reason=found)
    data, status = found
    sha256 = hashlib.sha256(data).hexdigest()
    outcome = Outcome(len(data), status.st_mtime_ns, sha256)
    try:
        loaded = load(file, data, job.place, clean=job.clean, rules=job.rules)
    except MemoryError:
        raise
    except Exception as error:  # a loader is only as sound as the library below it
        reason = f"reading it failed ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
        return replace(outcome, reason=reason)
    if isinstance(loaded, Unreadable):
        return replace(outcome, reason=loaded.reason)
    return replace(outcome, documents=loaded)


def _read(path: str) -> tuple[bytes, os.stat_result] | str:
    """A file's bytes with its status, or why there are none: one that is written to meanwhile is read again."""
    try:
        for _ in range(_TRIES):
            opened, before = open_regular(path)
            with opened as file:
                if before.st_size > LARGEST_FILE:
                    return f"it is larger than {LARGEST_FILE // 10**6} MB"
                data = file.read(LARGEST_FILE + 1)
                after = os.fstat(file.fileno())
            if len(data) == after.st_size and before.st_mtime_ns == after.st_mtime_ns:
                return data, after
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return "it changes while it is read: index it when nobody writes to it"


def document_id(source_path: str, key: str) -> str:
    """12 hexadecimal digits that stay the same while the file keeps its place below the index's project."""
    return hashlib.sha256(f"{source_path}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def read(file: ScannedFile) -> bytes | Unreadable:
    """The file's bytes, or why it can't be read."""
    found = _read(file.location)
    return Unreadable(file.key, found) if isinstance(found, str) else found[0]


def load(
    file: ScannedFile, data: bytes, source_path: str, *, clean: bool = True, rules: Rules = NO_RULES
) -> list[Loaded] | Unreadable:
    """The documents in `data`, at least one, or why there is none. What `rules` say of clean goes before `clean`.

    `Document.path` is the key; the index turns it into a path for the reader when it is opened.
    """
    clean = clean if rules.clean is None else rules.clean
    options = LoadOptions(file.path.name, clean=clean, fields=dict(rules.fields))
    try:
        articles = loader_for(file.path.suffix)(data, options)
    except ValueError as error:
        return Unreadable(file.key, str(error))
    sha256 = hashlib.sha256(data).hexdigest()
    filled = (bounded(_filled(_described(encodable(article), file.path.name), rules)) for article in articles)
    return [_loaded(article, file, source_path, sha256, rules.collection, clean=clean) for article in filled]


def without_clutter(loaded: Loaded, origin: str, clutter: Mapping[int, int]) -> Loaded:
    """`loaded` without what is clutter in its `origin` (see `cleaning.recurrence`)."""
    document = loaded.document
    article = Article(document.text, line_map=document.line_map, page_map=document.page_map, lines_of=document.lines_of)
    trimmed = without(article, origin, clutter)
    if trimmed is article:
        return loaded
    document = replace(document, text=trimmed.text, line_map=trimmed.line_map, page_map=trimmed.page_map)
    return replace(loaded, document=document, cuts=(*loaded.cuts, *trimmed.cuts))


def _described(article: Article, name: str) -> Article:
    """`article` with what its lines say of it; text formats have been looked at before they were cleaned."""
    return article if article.lines_of == "file" else describe(article, name=article.part or name)


def _filled(article: Article, rules: Rules) -> Article:
    """`article` with what the rules say of it where it says nothing itself; their tags join its own."""
    said = {name: value for name in ("source", "language") if (value := getattr(rules, name)) is not None}
    filled = {name: value for name, value in said.items() if getattr(article, name) is None}
    tags = tuple(dict.fromkeys((*article.tags, *rules.tags)))
    places = dict.fromkeys(filled, _RULES_FILE)
    if rules.tags and not article.tags:
        places["tags"] = _RULES_FILE
    return replace(article, **filled, tags=tags, found_in={**article.found_in, **places})


def _loaded(
    article: Article, file: ScannedFile, source_path: str, sha256: str, collection: str | None, *, clean: bool
) -> Loaded:
    key = f"{file.key}{PART_MARK}{article.part}" if article.part else file.key
    document = Document(
        id=document_id(source_path, key),
        key=key,
        path=key,
        text=article.text,
        sha256=sha256,
        part=article.part,
        line_map=article.line_map,
        page_map=article.page_map,
        lines_of=article.lines_of,
        title=article.title,
        source=article.source,
        authors=article.authors,
        published=article.published,
        updated=article.updated,
        url=article.url,
        language=article.language,
        tags=article.tags,
        metadata=article.metadata,
        found_in=article.found_in,
        collection=collection,
    )
    return Loaded(document, article.cuts, article.warnings, blocks_of(article) if clean else b"")
