"""Code and settings that the documents show, so that tests can run them."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of the document in this language, in order."""
    found = _BLOCK.findall((DOCS / name).read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]
