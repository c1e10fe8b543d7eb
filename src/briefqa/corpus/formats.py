"""Which files are articles: the format of each suffix, and where its loader is. A loader is imported when the first
file of its format is read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.corpus.article import Loader

FORMATS = {
    ".eml": "mail",
    ".epub": "epub",
    ".htm": "html",
    ".html": "html",
    ".markdown": "markdown",
    ".md": "markdown",
    ".mht": "mhtml",
    ".mhtml": "mhtml",
    ".text": "text",
    ".txt": "text",
    ".xhtml": "html",
}
LOADERS = {
    "epub": "briefqa.corpus.loaders.epub:load_epub",
    "html": "briefqa.corpus.loaders.web:load_html",
    "mail": "briefqa.corpus.loaders.mail:load_mail",
    "markdown": "briefqa.corpus.loaders.text:load_markdown",
    "mhtml": "briefqa.corpus.loaders.mhtml:load_mhtml",
    "text": "briefqa.corpus.loaders.text:load_text",
}


def loader_for(suffix: str) -> Loader:
    """The loader for a suffix of FORMATS."""
    module, _, name = LOADERS[FORMATS[suffix.lower()]].partition(":")
    loader: Loader = getattr(import_module(module), name)
    return loader
