"""Which files are articles: the format of each suffix, and where its loader is. A loader is imported when the first
file of its format is read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefqa.corpus.article import Loader

LOADING_VERSION = 1
"""Changes with what loading makes of the same bytes: an index keeps the version that it was made with."""

FORMATS = {".markdown": "markdown", ".md": "markdown", ".text": "text", ".txt": "text"}
LOADERS = {
    "markdown": "briefqa.corpus.loaders.text:load_markdown",
    "text": "briefqa.corpus.loaders.text:load_text",
}


def loader_for(suffix: str) -> Loader:
    """The loader for a suffix of FORMATS."""
    module, _, name = LOADERS[FORMATS[suffix.lower()]].partition(":")
    loader: Loader = getattr(import_module(module), name)
    return loader
