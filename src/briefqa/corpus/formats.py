"""Which files are articles: the format of each suffix, and where its loader is. A loader is imported when the first
file of its format is read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.corpus.article import Loader

LOADING_VERSION = 1
"""Changes with what loading makes of the same bytes: an index keeps the version that it was made with."""

FORMATS = {
    ".csv": "csv",
    ".docx": "docx",
    ".eml": "mail",
    ".epub": "epub",
    ".gz": "gz",
    ".htm": "html",
    ".html": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".markdown": "markdown",
    ".md": "markdown",
    ".mht": "mhtml",
    ".mhtml": "mhtml",
    ".ndjson": "jsonl",
    ".odt": "odt",
    ".pdf": "pdf",
    ".rtf": "rtf",
    ".text": "text",
    ".tsv": "tsv",
    ".txt": "text",
    ".xhtml": "html",
    ".zip": "zip",
}
LOADERS = {
    "csv": "briefqa.corpus.loaders.records:load_csv",
    "docx": "briefqa.corpus.loaders.word:load_docx",
    "epub": "briefqa.corpus.loaders.epub:load_epub",
    "gz": "briefqa.corpus.loaders.archives:load_gz",
    "html": "briefqa.corpus.loaders.web:load_html",
    "json": "briefqa.corpus.loaders.records:load_json",
    "jsonl": "briefqa.corpus.loaders.records:load_jsonl",
    "mail": "briefqa.corpus.loaders.mail:load_mail",
    "markdown": "briefqa.corpus.loaders.text:load_markdown",
    "mhtml": "briefqa.corpus.loaders.mhtml:load_mhtml",
    "odt": "briefqa.corpus.loaders.opendocument:load_odt",
    "pdf": "briefqa.corpus.loaders.pdf:load_pdf",
    "rtf": "briefqa.corpus.loaders.rtf:load_rtf",
    "text": "briefqa.corpus.loaders.text:load_text",
    "tsv": "briefqa.corpus.loaders.records:load_tsv",
    "zip": "briefqa.corpus.loaders.archives:load_zip",
}


def loader_for(suffix: str) -> Loader:
    """The loader for a suffix of FORMATS."""
    module, _, name = LOADERS[FORMATS[suffix.lower()]].partition(":")
    loader: Loader = getattr(import_module(module), name)
    return loader
