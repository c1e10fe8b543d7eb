"""Text from articles is untrusted: nothing in it may steer the terminal or reorder what stands around it."""

from __future__ import annotations

import re

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# C0 and C1 controls but tab and newline, bidirectional controls and marks, line separators, lone surrogates; and what
# no script needs and nobody sees, as a hidden message is written in: tags, invisible operators, annotation marks.
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2061-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def safe(text: str) -> str:
    """`text` with each control, bidirectional, hidden and unpaired surrogate character replaced by U+FFFD."""
    return UNSAFE.sub(_REPLACEMENT, text)


def one_line(text: str) -> str:
    """`safe(text)` with every run of white space turned into one space."""
    return " ".join(safe(text).split())
