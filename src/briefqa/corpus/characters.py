"""Characters of converted text: white space made one, and what can't be seen or is a printer's form left out."""

from __future__ import annotations

import re

_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
# Soft hyphens, zero-width characters but for the joiners that Persian and Indic words need, marks of direction and
# byte order, and control characters.
_UNSEEN = re.compile(r"[\xad\u200b\u200e\u200f\u2060\u202a-\u202e\u2066-\u2069\ufeff\ufffe\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """`text` on one line: single spaces, no ligatures, nothing unseen."""
    for ligature, letters in _LIGATURES.items():
        if ligature in text:
            text = text.replace(ligature, letters)
    return _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()
