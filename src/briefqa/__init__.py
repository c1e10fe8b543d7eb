"""briefqa: ask a folder of articles a question, offline, and get exact, checkable quotes.

import briefqa

with briefqa.open_index("index") as index:
answer = index.ask("Which CIS members are not members of the CSTO?")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from briefqa.config import Settings, load_settings
from briefqa.errors import BriefqaError
from briefqa.explained import ExplainedConfidence, ExplainedHit, Explanation, Part, Term
from briefqa.types import Answer, Citation, Document, Hit, Hits, IndexReport, Passage

if TYPE_CHECKING:
    from briefqa.api import Index, open_index
    from briefqa.index.update import update

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "BriefqaError",
    "Citation",
    "Document",
    "ExplainedConfidence",
    "ExplainedHit",
    "Explanation",
    "Hit",
    "Hits",
    "Index",
    "IndexReport",
    "Part",
    "Passage",
    "Settings",
    "Term",
    "load_settings",
    "open_index",
    "update",
]

_LAZY = {"Index": "briefqa.api", "open_index": "briefqa.api", "update": "briefqa.index.update"}


def __getattr__(name: str) -> Any:
    """Load what needs the heavy libraries on first use, so that `briefqa --help` does not wait for them (PEP 562)."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_LAZY[name]), name)
