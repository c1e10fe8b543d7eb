"""briefqa: ask a folder of articles a question, offline, and get exact, checkable quotes.

import briefqa

with briefqa.open("index") as index:
answer = index.ask("Which CIS members are not members of the CSTO?")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefqa.api import Index, open
    from briefqa.config import Settings, load_settings
    from briefqa.errors import BriefqaError
    from briefqa.explained import ExplainedConfidence, ExplainedHit, Explanation, Part, Term
    from briefqa.filters import Filter, Filtered, make_filter
    from briefqa.index.update import update
    from briefqa.reports import IndexReport
    from briefqa.types import Answer, Citation, Document, Hit, Hits, Passage

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "BriefqaError",
    "Citation",
    "Document",
    "ExplainedConfidence",
    "ExplainedHit",
    "Explanation",
    "Filter",
    "Filtered",
    "Hit",
    "Hits",
    "Index",
    "IndexReport",
    "Part",
    "Passage",
    "Settings",
    "Term",
    "load_settings",
    "make_filter",
    "open",
    "update",
]

_MODULES = {
    "briefqa.api": ("Index", "open"),
    "briefqa.config": ("Settings", "load_settings"),
    "briefqa.errors": ("BriefqaError",),
    "briefqa.explained": ("ExplainedConfidence", "ExplainedHit", "Explanation", "Part", "Term"),
    "briefqa.filters": ("Filter", "Filtered", "make_filter"),
    "briefqa.index.update": ("update",),
    "briefqa.reports": ("IndexReport",),
    "briefqa.types": ("Answer", "Citation", "Document", "Hit", "Hits", "Passage"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load each name's module on first use (PEP 562): `briefqa --help` waits for none of them."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_HOME[name]), name)
