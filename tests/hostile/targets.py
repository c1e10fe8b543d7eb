"""What is fuzzed: functions that take any bytes or text and may raise nothing but what their contract says.

    python -m tests.hostile.fuzz TARGET SECONDS

runs one under Atheris, where that is installed; test_properties.py runs all under Hypothesis.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from briefqa.analysis import ANALYZERS, content_tokens, tokens
from briefqa.chunking import chunk
from briefqa.corpus.article import Article, LoadOptions
from briefqa.corpus.bounds import bounded, encodable
from briefqa.corpus.cleaning.cleaning import clean
from briefqa.corpus.formats import FORMATS, loader_for
from briefqa.corpus.loading import Outcome
from briefqa.corpus.metadata.describing import describe
from briefqa.corpus.passing import packed, unpacked
from briefqa.errors import IndexDamaged, IndexMismatch, UsageError
from briefqa.filters import make_filter
from briefqa.index.manifest import read_making, read_manifest
from briefqa.index.recurring import read_clutter
from briefqa.index.tombstones import read_tombstones
from briefqa.question import lexical_words
from briefqa.relative_dates import relative_dates
from briefqa.rendering.escape import UNSAFE, one_line, safe
from briefqa.sentences import tiles
from briefqa.types import Document
from tests.fakes import FakeEncoders

if TYPE_CHECKING:
    from collections.abc import Callable

SUFFIXES = sorted({form: suffix for suffix, form in sorted(FORMATS.items(), reverse=True)}.values())
ENCODER = FakeEncoders().load(FakeEncoders().find("all-MiniLM-L6-v2"))


def loader(suffix: str) -> Callable[[bytes], None]:
    """Any bytes give articles with text, whose maps are sound, or a ValueError."""

    def load(data: bytes) -> None:
        name = f"a.html{suffix}" if suffix == ".gz" else f"a{suffix}"
        with suppress(ValueError):
            articles = loader_for(suffix)(data, LoadOptions(name))
            assert articles
            for article in articles:
                _sound(bounded(encodable(article)))

    return load


def _sound(article: Article) -> None:
    assert article.text.strip()
    assert json.dumps(asdict(article), ensure_ascii=False).encode()
    for mapped in (article.line_map, article.page_map):
        assert not mapped or mapped[0][0] == 0
        assert all(0 <= one[0] < other[0] <= len(article.text) for one, other in pairwise(mapped))
    assert all(isinstance(text, str) for text in (*article.authors, *article.tags, *article.warnings))


def cleaner(text: str) -> None:
    """What is kept stands in the text, and describing it takes nothing away."""
    article = Article(text)
    for found in (clean(article), describe(article, name=text[:20])):
        assert len(found.text) <= len(text)
        _ = [found.text[start:] for start, _ in found.line_map]


def chunker(text: str) -> None:
    """Passages are slices that rise, fit the encoder, and hold all that is no white space; so do sentences."""
    text = text.encode("utf-8", "replace").decode()  # as every text is that was loaded
    document = Document(id="a" * 12, key="a", path="a", text=text, sha256="", title=text[:40] or None)
    chunks = chunk(document, ENCODER, passage_tokens=40)
    covered = "".join(entry.passage.text for entry in chunks)
    assert "".join(covered.split()) == "".join(text.split())
    for entry in chunks:
        passage = entry.passage
        assert text[passage.start : passage.end] == passage.text
        assert all(passage.start <= start < end <= passage.end for start, end in passage.sentences)
    spans = tiles(text)
    assert "".join(text[start:end] for start, end in spans) == text


def question(text: str) -> None:
    """A question's words lie in it, in the order of the text, and dates that are told in words are found in it."""
    for language in (None, "en", "de", "ru", "zh", "xx"):
        spans = [(token.start, token.end) for token in tokens(text, language)]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert len(content_tokens(text, language)) <= len(spans)
        for found in relative_dates(text, "2018-11-22", language):
            assert text[found.start : found.end] == found.text
    assert lexical_words(text, sorted(ANALYZERS)) == lexical_words(text, sorted(ANALYZERS))


def filters(text: str) -> None:
    """A filter is made of any text, or is a wrong call."""
    for name in ("since", "before", "last"):
        with suppress(UsageError):
            made = make_filter(**{name: text})  # type: ignore[arg-type]
            assert made
            assert made.accepts_date(text) in (True, False, None)
    for name in ("sources", "paths", "tags", "languages"):
        with suppress(UsageError):
            assert make_filter(**{name: (text,)})  # type: ignore[arg-type]


def escape(text: str) -> None:
    """Nothing unsafe is left, and doing it twice changes nothing."""
    assert UNSAFE.search(safe(text)) is None
    assert safe(safe(text)) == safe(text)
    assert one_line(one_line(text)) == one_line(text)
    assert "\n" not in one_line(text)


def index_files(data: bytes) -> None:
    """The small files of an index are read, or told to be damaged."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("manifest.json", "tombstones.npy", "clutter.json"):
            (folder / file).write_bytes(data)
        for read in (read_manifest, read_tombstones, read_clutter):
            with suppress(IndexDamaged, IndexMismatch):
                read(folder)
        read_making(folder)


def answers(data: bytes) -> None:
    """What a process that read a hostile file sends is an outcome, which can be sent on, or is refused."""
    with suppress(ValueError, RecursionError):
        found = unpacked(Outcome, data)
        assert unpacked(Outcome, packed(found)) == found
    with suppress(ValueError, RecursionError):
        json.loads(data)


BYTES: dict[str, Callable[[bytes], None]] = {
    **{suffix[1:]: loader(suffix) for suffix in SUFFIXES},
    "index": index_files,
    "answers": answers,
}
TEXTS: dict[str, Callable[[str], None]] = {
    "cleaner": cleaner,
    "chunker": chunker,
    "question": question,
    "filters": filters,
    "escape": escape,
}
