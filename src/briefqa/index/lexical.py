"""The lexical index: BM25 over passages in Tantivy (k1 = 1.2, b = 0.75, Lucene's idf).

Passages of all languages share one field, each with the terms of its own language, so that the number of passages and
their mean length are those of all, and scores compare. (With a field for each language, Tantivy takes the mean length
of a field over all passages, those that have none of it too.)
"""

from __future__ import annotations

import json
import math
import re
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tantivy

from briefqa.analysis import ANALYZERS, analyzer_of, build_analyzer, terms
from briefqa.errors import REBUILD, IndexMismatch, IndexNotWritable, IndexProblem, damaged
from briefqa.index.disk import tantivy_disk_errors
from briefqa.index.links import link_all
from briefqa.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from briefqa.protocols import Word

    Entry = tuple[int, int, str, str | None]

LEXICAL_FOLDER = "lexical"
# These two Tantivy replaces, by rename; its other files it never writes again.
_REPLACED = ("meta.json", ".managed.json")
_ANALYZER = "briefqa"
_WRITER_BYTES = 64 * 2**20
# How Tantivy says so.
_OTHER_VERSION = re.compile(r"IncompatibleIndex\(Library version: (\d+), index version: (\d+)")
_REMOVE_TRIES = 100
_REMOVE_PAUSE = 0.01


def write_lexical(folder: Path, entries: Iterable[Entry]) -> None:
    """Write an index of `entries`: a passage's number, its document's number, its text, and the text's language."""
    path = folder / f"{LEXICAL_FOLDER}-work"
    path.mkdir()
    with tantivy_disk_errors():
        index = tantivy.Index(_schema(), path=str(path))
        _commit(index, entries, ())
    _finish(path, folder)


def extend_lexical(
    folder: Path, former: Path, entries: Iterable[Entry], removed: Iterable[int]
) -> tuple[set[str], set[str]]:
    """Write the index of the generation `former`, without the passages of the documents `removed` and with `entries`.
    Its files are linked, and only what is new is written, but for the small parts that Tantivy merges now and then.
    Returns the paths in `folder` that are the former files, and those of them that are hard links. Raises IndexDamaged
    for a former index that can't be read.

    Until its part is merged, a deleted passage still counts in the number of passages that BM25's idf comes from, and
    in their mean length: scores move a little, as `deleted_share` bounds it.
    """
    path, source = folder / f"{LEXICAL_FOLDER}-work", former / LEXICAL_FOLDER
    path.mkdir()
    try:
        names = [file.name for file in source.iterdir() if file.suffix != ".lock"]
        linked = link_all(source, path, names)
        index = tantivy.Index.open(str(path))
    except (ValueError, FileNotFoundError) as error:
        raise _unreadable(source, error) from error
    with tantivy_disk_errors():
        _commit(index, entries, removed)
    _finish(path, folder, kept=names)
    there = {file.name for file in (folder / LEXICAL_FOLDER).iterdir()} - set(_REPLACED)
    kept, linked = ({f"{LEXICAL_FOLDER}/{name}" for name in there & found} for found in (set(names), linked))
    return kept, linked


def deleted_share(folder: Path) -> float:
    """The share of passages in the index of the generation `folder` that are deleted, but still counted by BM25."""
    deleted, counted = _counts(folder)
    return deleted / max(1, counted)


def _counts(folder: Path) -> tuple[int, int]:
    """How many passages are deleted but still counted, and how many are counted in all."""
    path = folder / LEXICAL_FOLDER
    try:
        parts = json.loads((path / "meta.json").read_text(encoding="utf-8"))["segments"]
        deleted = sum(int(part["deletes"]["num_deleted_docs"]) for part in parts if part["deletes"])
        return deleted, sum(int(part["max_doc"]) for part in parts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path) from error


def _commit(index: tantivy.Index, entries: Iterable[Entry], removed: Iterable[int]) -> None:
    index.register_tokenizer(_ANALYZER, build_analyzer())
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    for number in removed:
        # Deletion by term takes the number for a signed one, and finds nothing.
        writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, "document", number))
    for number, home, text, language in entries:
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_unsigned("document", home)
        if analyzer_of(language) == ENGLISH:
            document.add_text("body", text)
        else:
            # Where the words stand is not kept.
            found = [tantivy.Token(term, place, 0, 0) for place, term in enumerate(terms(text, language))]
            document.add_pre_tokenized_text("body", tantivy.PreTokenizedString("", found))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _finish(path: Path, folder: Path, kept: Container[str] = ()) -> None:
    # Tantivy watches its folder from a thread, which makes lock files in it at any time, but not under another name.
    final = path.rename(folder / LEXICAL_FOLDER)
    for lock in final.glob(".tantivy-*.lock"):
        lock.unlink()
    for file in final.iterdir():
        if file.name not in kept or file.name in _REPLACED:
            # Tantivy keeps some of its files from other users; an index is as readable as its folder.
            file.chmod(folder.stat().st_mode & 0o666)


class LexicalIndex:
    """An opened lexical index. Raises IndexDamaged when its files can't be read."""

    def __init__(self, folder: Path) -> None:
        path = folder / LEXICAL_FOLDER
        try:
            files = list(path.resolve().iterdir())
            with _linked(files) as links:
                self._index = tantivy.Index.open(str(links))
                self._index.register_tokenizer(_ANALYZER, build_analyzer())
                self._searcher = self._index.searcher()
        except (ValueError, OSError) as error:
            raise _unreadable(path, error) from error
        deleted, self._counted = _counts(folder)
        self._exact = not deleted
        held = (name for name in ANALYZERS[1:] if self._searcher.terms_with_prefix("body", f"{name}:", limit=1))
        self.analyzers = (ENGLISH, *held)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def within(self, documents: Sequence[int]) -> tantivy.Query:
        """What `top` takes to find passages of the numbered documents only, and of at least one; it adds nothing to
        scores."""
        query = tantivy.Query.term_set_query(self._index.schema, "document", documents)
        return tantivy.Query.const_score_query(query, 0.0)

    def top(self, words: Sequence[Word], k: int, within: tantivy.Query | None = None) -> list[tuple[int, float]]:
        """The k best as (number, BM25), best first, for analysed words; repeats of a term count once. The terms of one
        word have the idf of the word: of all passages that hold any of them."""
        seen: set[str] = set()
        queries: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for word in words:
            forms = [term for term in dict.fromkeys(_forms(word)) if term not in seen]
            seen.update(forms)
            queries += [(tantivy.Occur.Should, query) for query in self._queries(forms)]
        if not queries or k < 1:
            return []
        query = tantivy.Query.boolean_query(queries)
        if within is not None:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, within)])
        hits = self._searcher.search(query, limit=k, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return [(int(number or 0), float(score)) for number, (score, _) in zip(numbers, hits, strict=True)]

    def document_frequency(self, word: Word) -> int:
        """In how many passages a term of the word stands, deleted ones left out; no passage holds terms of two
        languages."""
        return sum(self._frequency(term) for term in _forms(word))

    def _frequency(self, term: str) -> int:
        if self._exact:
            return int(self._searcher.doc_freq("body", term))
        query = tantivy.Query.term_query(self._index.schema, "body", term, index_option="basic")
        found: Any = self._searcher.search(query, limit=1, count=True)  # its type stub lacks the count
        return int(found.count)

    def _queries(self, forms: Sequence[str]) -> Iterator[tantivy.Query]:
        """A query for each of a word's terms, whose scores are made as if all were one term."""
        counts = [int(self._searcher.doc_freq("body", term)) for term in forms] if len(forms) > 1 else [1]
        total = min(sum(counts), self._counted)
        for term, count in zip(forms, counts, strict=False):
            query = tantivy.Query.term_query(self._index.schema, "body", term, index_option="freq")
            if count == total:
                yield query
            elif count:
                yield tantivy.Query.boost_query(query, self._idf(total) / self._idf(count))

    def _idf(self, count: int) -> float:
        """As Tantivy has it, deleted passages counted."""
        return math.log(1.0 + (self._counted - count + 0.5) / (count + 0.5))


def _forms(word: Word) -> tuple[str, ...]:
    return (word,) if isinstance(word, str) else word


def _unreadable(path: Path, error: Exception) -> IndexProblem:
    versions = _OTHER_VERSION.search(str(error))
    if not versions:
        return damaged(path)
    ours, theirs = versions.groups()
    return IndexMismatch(
        f"{path} was written by a version of Tantivy with another format ({theirs}; the one here reads {ours})."
        f" {REBUILD}"
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=False, indexed=False, fast=True)
    builder.add_unsigned_field("document", stored=False, indexed=True, fast=False)
    builder.add_text_field("body", stored=False, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


@contextmanager
def _linked(files: Iterable[Path]) -> Iterator[Path]:
    """A private folder of links to `files`: Tantivy takes a lock file in the folder that it reads, and readers must
    neither need nor leave one in a published index. The searcher keeps the files open by itself. Raises
    IndexNotWritable where there is no room for it."""
    links: Path | None = None
    try:
        try:
            links = Path(tempfile.mkdtemp(prefix="briefqa-"))
            for file in files:
                (links / file.name).symlink_to(file)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise IndexNotWritable(
                f"The folder for temporary files can't be written: {reason}. Name another one with TMPDIR."
            ) from error
        yield links
    finally:
        if links is not None:
            _remove_watched(links)


def _remove_watched(folder: Path) -> None:
    """Remove a folder that Tantivy may still make a lock file in, from the thread that watches it."""
    for _ in range(_REMOVE_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_REMOVE_PAUSE)
