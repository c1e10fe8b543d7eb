"""briefqa: ask a folder of articles a question, offline, and get exact, checkable quotes.

Make an index, and ask it:

    briefqa.build("corpus", index="index")
    with briefqa.open("index") as index:
        answer = index.ask("Which CIS members are not members of the CSTO?")

Every public name is in `__all__`; docs/python.md is a tutorial.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefqa.api import Index, open
    from briefqa.api.asynchronous import AsyncIndex
    from briefqa.api.building import build
    from briefqa.config import Settings, load_settings
    from briefqa.errors import BriefqaError
    from briefqa.explained import ExplainedConfidence, ExplainedHit, Explanation, Part, Term
    from briefqa.filters import Filter, Filtered, make_filter
    from briefqa.index.update import Progress, update
    from briefqa.reports import IndexReport, IndexStatus
    from briefqa.types import Answer, Citation, Document, Hit, Hits, IndexInfo, Passage

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "AsyncIndex",
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
    "IndexInfo",
    "IndexReport",
    "IndexStatus",
    "Part",
    "Passage",
    "Progress",
    "Settings",
    "Term",
    "build",
    "load_settings",
    "make_filter",
    "open",
    "update",
]

_MODULES = {
    "briefqa.api": ("Index", "open"),
    "briefqa.api.asynchronous": ("AsyncIndex",),
    "briefqa.api.building": ("build",),
    "briefqa.config": ("Settings", "load_settings"),
    "briefqa.errors": ("BriefqaError",),
    "briefqa.explained": ("ExplainedConfidence", "ExplainedHit", "Explanation", "Part", "Term"),
    "briefqa.filters": ("Filter", "Filtered", "make_filter"),
    "briefqa.index.update": ("Progress", "update"),
    "briefqa.reports": ("IndexReport", "IndexStatus"),
    "briefqa.types": ("Answer", "Citation", "Document", "Hit", "Hits", "IndexInfo", "Passage"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load each name's module on first use (PEP 562): `briefqa --help` waits for none of them."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_HOME[name]), name)
