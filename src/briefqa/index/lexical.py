"""The lexical index: BM25 over passages in Tantivy (k1 = 1.2, b = 0.75, Lucene's idf)."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tantivy

from briefqa.analysis import build_analyzer
from briefqa.errors import IndexDamaged, IndexNotWritable
from briefqa.index.links import link_all

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

LEXICAL_FOLDER = "lexical"
# These two Tantivy replaces, by rename; its other files it never writes again.
_REPLACED = ("meta.json", ".managed.json")
_ANALYZER = "briefqa"
_WRITER_BYTES = 64 * 2**20
_REMOVE_TRIES = 100
_REMOVE_PAUSE = 0.01


def write_lexical(folder: Path, entries: Iterable[tuple[int, int, str]]) -> None:
    """Write an index of `entries`: a passage's number, its document's number, and its text."""
    path = folder / f"{LEXICAL_FOLDER}-work"
    path.mkdir()
    index = tantivy.Index(_schema(), path=str(path))
    _commit(index, entries, ())
    _finish(path, folder)


def extend_lexical(
    folder: Path, former: Path, entries: Iterable[tuple[int, int, str]], removed: Iterable[int]
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
        raise _damaged(source) from error
    _commit(index, entries, removed)
    _finish(path, folder, kept=names)
    there = {file.name for file in (folder / LEXICAL_FOLDER).iterdir()} - set(_REPLACED)
    kept, linked = ({f"{LEXICAL_FOLDER}/{name}" for name in there & found} for found in (set(names), linked))
    return kept, linked


def deleted_share(folder: Path) -> float:
    """The share of passages in the index of the generation `folder` that are deleted, but still counted by BM25."""
    path = folder / LEXICAL_FOLDER
    try:
        parts = json.loads((path / "meta.json").read_text(encoding="utf-8"))["segments"]
        gone = sum(part["deletes"]["num_deleted_docs"] for part in parts if part["deletes"])
        return float(gone / max(1, sum(part["max_doc"] for part in parts)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error


def _commit(index: tantivy.Index, entries: Iterable[tuple[int, int, str]], removed: Iterable[int]) -> None:
    index.register_tokenizer(_ANALYZER, build_analyzer())
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    for number in removed:
        # Deletion by term takes the number for a signed one, and finds nothing.
        writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, "document", number))
    for number, home, text in entries:
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_unsigned("document", home)
        document.add_text("body", text)
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
            raise _damaged(path) from error
        self._exact = not deleted_share(folder)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def within(self, documents: Sequence[int]) -> tantivy.Query:
        """What `top` takes to find passages of the numbered documents only, and of at least one; it adds nothing to
        scores."""
        query = tantivy.Query.term_set_query(self._index.schema, "document", documents)
        return tantivy.Query.const_score_query(query, 0.0)

    def top(self, terms: Sequence[str], k: int, within: tantivy.Query | None = None) -> list[tuple[int, float]]:
        """The k best as (number, BM25), best first, for analysed terms; repeats of a term count once."""
        queries = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._index.schema, "body", term, index_option="freq"))
            for term in dict.fromkeys(terms)
        ]
        if not queries or k < 1:
            return []
        query = tantivy.Query.boolean_query(queries)
        if within is not None:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, within)])
        hits = self._searcher.search(query, limit=k, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return [(int(number or 0), float(score)) for number, (score, _) in zip(numbers, hits, strict=True)]

    def document_frequency(self, term: str) -> int:
        """In how many passages the analysed term stands, deleted ones left out."""
        if self._exact:
            return int(self._searcher.doc_freq("body", term))
        query = tantivy.Query.term_query(self._index.schema, "body", term, index_option="basic")
        found: Any = self._searcher.search(query, limit=1, count=True)  # its type stub lacks the count
        return int(found.count)


def _damaged(path: Path) -> IndexDamaged:
    return IndexDamaged(f"{path} is damaged. Make the index again with: briefqa index --rebuild")


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
