"""The lexical index: BM25 over passages in Tantivy (k1 = 1.2, b = 0.75, Lucene's idf)."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy

from briefqa.analysis import build_analyzer
from briefqa.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LEXICAL_FOLDER = "lexical"
_ANALYZER = "briefqa"
_WRITER_BYTES = 64 * 2**20
_REMOVE_TRIES = 100
_REMOVE_PAUSE = 0.01


def write_lexical(folder: Path, texts: Iterable[str]) -> None:
    """Write an index in which passage number n has the n-th of `texts`."""
    path = folder / f"{LEXICAL_FOLDER}-work"
    path.mkdir()
    index = tantivy.Index(_schema(), path=str(path))
    index.register_tokenizer(_ANALYZER, build_analyzer())
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    for number, text in enumerate(texts):
        document = tantivy.Document()
        document.add_unsigned("number", number)
        document.add_text("body", text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    # Tantivy watches its folder from a thread, which makes lock files in it at any time, but not under another name.
    final = path.rename(folder / LEXICAL_FOLDER)
    for lock in final.glob(".tantivy-*.lock"):
        lock.unlink()
    for file in final.iterdir():
        # Tantivy keeps some of its files from other users; an index is as readable as its folder.
        file.chmod(folder.stat().st_mode & 0o666)


class LexicalIndex:
    """An opened lexical index. Raises IndexDamaged when its files can't be read."""

    def __init__(self, folder: Path) -> None:
        path = folder / LEXICAL_FOLDER
        try:
            with _linked(path) as links:
                self._index = tantivy.Index.open(str(links))
                self._index.register_tokenizer(_ANALYZER, build_analyzer())
                self._searcher = self._index.searcher()
        except (ValueError, OSError) as error:
            raise IndexDamaged(f"{path} is damaged. Make the index again with: briefqa index --rebuild") from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def top(self, terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The k best as (number, BM25), best first, for analysed terms; repeats of a term count once."""
        queries = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._index.schema, "body", term, index_option="freq"))
            for term in dict.fromkeys(terms)
        ]
        if not queries or k < 1:
            return []
        hits = self._searcher.search(tantivy.Query.boolean_query(queries), limit=k, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return [(int(number or 0), float(score)) for number, (score, _) in zip(numbers, hits, strict=True)]

    def document_frequency(self, term: str) -> int:
        """In how many passages the analysed term stands."""
        return int(self._searcher.doc_freq("body", term))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=False, indexed=False, fast=True)
    builder.add_text_field("body", stored=False, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


@contextmanager
def _linked(path: Path) -> Iterator[Path]:
    """A private folder of links to the files in `path`: Tantivy takes a lock file in the folder that it reads, and
    readers must neither need nor leave one in a published index. The searcher keeps the files open by itself."""
    links = Path(tempfile.mkdtemp(prefix="briefqa-"))
    try:
        for file in path.resolve().iterdir():
            (links / file.name).symlink_to(file)
        yield links
    finally:
        _remove_watched(links)


def _remove_watched(folder: Path) -> None:
    """Remove a folder that Tantivy may still make a lock file in, from the thread that watches it."""
    for _ in range(_REMOVE_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_REMOVE_PAUSE)
