"""Words that a line's end parts: whether a hyphen there is the word's own."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HYPHENS = "-\u2010"
_WORD = re.compile(r"\w+(?:[-\u2010]\w+)*")
_LAST_WORD = re.compile(r"(\w+(?:[-\u2010]\w+)*)[-\u2010]$")
_FIRST_WORD = re.compile(r"\w+(?:[-\u2010]\w+)*")
# "short- and long-term": the hyphen stands for a word that comes.
_AFTER_A_SUSPENDED_HYPHEN = frozenset({"and", "or", "to", "nor", "und", "oder", "bis", "et", "ou", "y", "o", "e", "of"})
# Halves of a compound, not syllables, where both are words of the document and this long.
_FEWEST_LETTERS = 4


class Hyphens:
    """What a document's words say about a hyphen at a line's end."""

    def __init__(self, lines: Iterable[str]) -> None:
        """`lines` are the document's; words that they part are not counted."""
        self._words: Counter[str] = Counter()
        parted = False
        for line in lines:
            words = _WORD.findall(line.lower())
            ends_parted = line.endswith(tuple(_HYPHENS))
            self._words.update(words[1 if parted else 0 : len(words) - 1 if ends_parted else None])
            parted = ends_parted

    def joint(self, first: str, second: str) -> tuple[int, str]:
        """How lines of one paragraph are joined: how many characters to take from the end of `first` (its hyphen, or
        none), and what to put between."""
        before = _LAST_WORD.search(first.rsplit(" ", 1)[-1]) if first.endswith(tuple(_HYPHENS)) else None
        after = _FIRST_WORD.match(second)
        if before is None or after is None:
            return 0, "" if _no_space(first[-1], second[0]) else " "
        start, rest = before[1], after[0]
        if rest in _AFTER_A_SUSPENDED_HYPHEN:
            return 0, " "
        if not (start[-1].islower() and rest[0].islower()):
            return 0, ""
        return 0 if self._is_compound(start.lower(), rest) else 1, ""

    def _is_compound(self, start: str, rest: str) -> bool:
        joined = self._words[start + rest]
        hyphened = self._words[f"{start}-{rest}"] + self._words[f"{start}\u2010{rest}"]
        if joined or hyphened:
            return hyphened > joined
        halves = re.split(f"[{_HYPHENS}]", start)[-1], re.split(f"[{_HYPHENS}]", rest)[0]
        return all(len(half) >= _FEWEST_LETTERS and self._words[half] > 0 for half in halves)


def _no_space(last: str, first: str) -> bool:
    """Whether lines join without a space: in Chinese and Japanese, and after a dash that stands close."""
    return (_is_ideographic(last) and _is_ideographic(first)) or (last in "—/" and first.isalnum())


def _is_ideographic(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef"
