"""The claims of a text that cites by markers: its sentences, each with the markers behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefqa.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefqa.types import Span

# [1], [1, 2], [1-3]; runs of them stand side by side.
_MARKER = re.compile(r"\[(\d{1,3}(?:\s*[,;\u2013-]\s*\d{1,3})*)\]")
_RANGE = re.compile(r"(\d+)\s*[\u2013-]\s*(\d+)|(\d+)")
_UNPAIRED = re.compile("[\ud800-\udfff]")  # half a character, as JSON may hold it, and no text in UTF-8
_MOST = 50  # markers of a range


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """`text[start:end]`, with its markers and spaces made plain in `plain`, and the markers it cites, rising."""

    span: Span
    plain: str
    markers: tuple[int, ...]


def cited_sentences(text: str, language: str | None = None) -> list[CitedSentence]:
    """The sentences of `text`, headings left out. A marker belongs to the sentence before it, also behind its full
    stop; at the start of a line, to the one after it."""
    found = list(_MARKER.finditer(text))
    blank = _UNPAIRED.sub("\ufffd", _MARKER.sub(lambda marker: " " * len(marker[0]), text))
    spans = sentences(blank, language)
    cited: list[set[int]] = [set() for _ in spans]
    ends = [end for _, end in spans]
    for marker in found:
        place = _sentence(blank, spans, marker.start())
        if place is not None:
            cited[place].update(_numbers(marker[1]))
            ends[place] = max(ends[place], marker.end())
    return [
        CitedSentence((start, end), _plain(blank[start:stop]), tuple(sorted(markers)))
        for (start, stop), end, markers in zip(spans, ends, cited, strict=True)
    ]


def _sentence(blank: str, spans: list[Span], marker: int) -> int | None:
    """Which sentence a marker that stands there belongs to; None where there is none."""
    before = blank[:marker].rstrip(" \t")
    earlier = [place for place, (start, _) in enumerate(spans) if start < len(before)]
    later = [place for place, (start, _) in enumerate(spans) if start >= marker]
    begins = not before or before.endswith("\n")
    if begins and later:
        return later[0]
    return earlier[-1] if earlier else None


def _numbers(marker: str) -> Iterator[int]:
    for first, last, single in _RANGE.findall(marker):
        if single:
            yield int(single)
        else:
            yield from range(int(first), min(int(last), int(first) + _MOST) + 1)


def _plain(text: str) -> str:
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
