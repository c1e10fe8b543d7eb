"""Paragraphs out of lines: by gaps, indents, sizes of type, and lines that end before they are full."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from briefqa.corpus.pdf.hyphens import Hyphens
from briefqa.corpus.pdf.lines import below, pairs_down

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefqa.addresses import Map
    from briefqa.corpus.pdf.lines import Line

# Type of another size, by this share, is another paragraph; smaller by more than that than the text's, a note.
_OTHER_SIZE = 0.1
# A gap is one above this multiple of the usual distance of lines.
_GAP = 1.2
_FEW = 3
_DEFAULT_DISTANCE = 1.25  # of the size
# An indent is at least this much of the size of type; a line is full where less is left at its end.
_INDENT = 0.5
_SLACK = 0.5
_CENTRED = 0.2  # how far from it, at most, the middle of a centred line lies, twice
# Near the top is among so many lines, and much larger by this.
_NEAR_THE_TOP = 4
_HEADLINE = 1.25
_LONGEST_HEADLINE = 200
_BULLET = re.compile(r"[•◦▪‣∙·●○■□–—*-] ?\S")
_COUNTED = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")
_LEADER = re.compile(r"\.(?: ?\.){3,} ?\w+$")  # a table of contents
_END = 100  # characters to look for those in
_SENTENCE_END = re.compile(r"[.!?:;…\u3002\uff01\uff1f][\"'”’»)\]\d]*$")


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line]
    last: int  # the place of its last line
    is_item: bool = False
    follows: bool = False  # an item or a table's row that comes after another


@dataclass(slots=True)
class _Measures:
    """What is usual in a document."""

    size: float
    distances: dict[int, float] = field(default_factory=dict)

    def distance(self, size: float) -> float:
        """The usual distance of lines of that size."""
        return self.distances.get(round(size), _DEFAULT_DISTANCE * size)


def text_of(lines: Sequence[Line]) -> tuple[str, Map]:
    """The text of a document's lines in reading order, and the pages that it stands on.

    A paragraph that goes on in another column or on another page is one; notes below the text that it goes on from
    come after it.
    """
    if not lines:
        return "", ()
    hyphens = Hyphens(line.text for line in lines)
    pieces: list[str] = []
    pages: list[tuple[int, int]] = []
    offset = 0
    for paragraph in _paragraphs(lines):
        if pieces:
            between = "\n" if paragraph.follows else "\n\n"
            pieces.append(between)
            offset += len(between)
        above: Line | None = None
        for line in paragraph.lines:
            if above is not None:
                drop, between = hyphens.joint(above.text, line.text)
                if drop:
                    pieces[-1] = pieces[-1][:-drop]
                pieces.append(between)
                offset += len(between) - drop
            if not pages or pages[-1][1] != line.page:
                pages.append((offset, line.page))
            pieces.append(line.text)
            offset += len(line.text)
            above = line
    return "".join(pieces), tuple(pages)


def headline_of(lines: Sequence[Line]) -> str | None:
    """The headline of a document, given by its lines in reading order: what stands near the top of its first page in
    the largest type there, if that is much larger than the text's."""
    first = [line for line in lines if line.page == lines[0].page]
    largest = max(line.size for line in first)
    places = [place for place, line in enumerate(first) if line.size == largest]
    together = places[-1] - places[0] + 1 == len(places)
    if not together or places[0] >= _NEAR_THE_TOP or largest < _HEADLINE * _measures(lines).size:
        return None
    text = " ".join(first[place].text for place in places)
    return text if len(text) <= _LONGEST_HEADLINE else None


def _paragraphs(lines: Sequence[Line]) -> list[_Paragraph]:
    measures = _measures(lines)
    edges = _right_edges(lines, measures)
    paragraphs = [_Paragraph([lines[0]], 0, _is_item(lines[0], None))]
    body = paragraphs[0]  # the last paragraph in type that is no note's
    for place in range(1, len(lines)):
        line, above = lines[place], lines[place - 1]
        following = lines[place + 1] if place + 1 < len(lines) else None
        last = paragraphs[-1]
        if below(above, line):
            if not _breaks(last, line, following, measures, edges[place - 1]):
                last.lines.append(line)
                last.last = place
                continue
            close = above.bottom - line.bottom <= _GAP * measures.distance(line.size)
        else:
            open_one = body if not _is_note(line, measures) else last
            if _goes_on(open_one, line, following, edges[open_one.last]):
                open_one.lines.append(line)
                open_one.last = place
                continue
            close = True
        item = _is_item(line, above)
        close = close or bool(_BULLET.match(line.text) and _BULLET.match(last.lines[0].text))
        follows = (item and last.is_item and close) or (below(above, line) and _are_rows(above, line))
        paragraphs.append(_Paragraph([line], place, item, follows))
        if not _is_note(line, measures):
            body = paragraphs[-1]
    return paragraphs


def _measures(lines: Sequence[Line]) -> _Measures:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    distances: dict[int, list[float]] = defaultdict(list)
    for first, second in pairs_down(lines):
        distance = first.bottom - second.bottom
        if _same_size(first, second) and distance < 3 * first.size:
            distances[round(second.size)].append(distance)
    usual = {size: sorted(found)[len(found) // 4] for size, found in distances.items() if len(found) >= _FEW}
    return _Measures(sizes.most_common(1)[0][0], usual)


def _right_edges(lines: Sequence[Line], measures: _Measures) -> list[float]:
    """For every line how far right its block reaches: the lines above and below it without a gap."""
    edges: list[float] = []
    block = 0
    for place, (line, following) in enumerate(pairwise([*lines, None])):
        if line is None:
            break
        whole = (
            following is not None
            and below(line, following)
            and _same_size(line, following)
            and line.bottom - following.bottom <= _GAP * measures.distance(following.size)
        )
        if not whole:
            edges += [max(member.right for member in lines[block : place + 1])] * (place + 1 - block)
            block = place + 1
    return edges


def _same_size(first: Line, second: Line) -> bool:
    return abs(first.size - second.size) <= _OTHER_SIZE * max(first.size, second.size)


def _is_note(line: Line, measures: _Measures) -> bool:
    return line.size < (1 - _OTHER_SIZE) * measures.size


def _breaks(paragraph: _Paragraph, line: Line, following: Line | None, measures: _Measures, edge: float) -> bool:
    """Whether a paragraph starts with `line`, which stands below the last line of `paragraph`."""
    above = paragraph.lines[-1]
    if not _same_size(above, line) or above.bottom - line.bottom > _GAP * measures.distance(line.size):
        return True
    if _is_item(line, above) or _LEADER.search(above.text[-_END:]):
        return True
    if _mid_sentence(above, line):
        return False
    if _are_rows(above, line):
        return True
    if _indented(paragraph, line, following) or _has_room(above, line, edge):
        return True
    outdented = above.left - line.left > _INDENT * line.size
    return outdented and len(paragraph.lines) > 1 and not _centred(above, line)


def _goes_on(paragraph: _Paragraph, line: Line, following: Line | None, edge: float) -> bool:
    """Whether `paragraph` goes on with `line` at the top of another column or page."""
    above = paragraph.lines[-1]
    if not _same_size(above, line) or _is_item(line, above):
        return False
    if _mid_sentence(above, line):
        return True
    first_line = following is not None and below(line, following) and line.left - following.left > _INDENT * line.size
    if first_line or _SENTENCE_END.search(above.text[-_END:]):
        return False
    return len(paragraph.lines) > 1 and edge - above.right <= 2 * line.size


def _mid_sentence(above: Line, line: Line) -> bool:
    """Whether a sentence runs from one line into the other for certain."""
    if above.text.endswith(("-", "\u2010")) and line.text[0].isalnum():
        return True
    return line.text[0].islower() and not _SENTENCE_END.search(above.text[-_END:])


def _are_rows(above: Line, line: Line) -> bool:
    return above.parts > 1 and line.parts > 1


def _indented(paragraph: _Paragraph, line: Line, following: Line | None) -> bool:
    above = paragraph.lines[-1]
    if line.left - above.left <= _INDENT * line.size or _centred(above, line):
        return False
    if len(paragraph.lines) > 1:
        return True
    hangs = following is not None and below(line, following) and abs(following.left - line.left) <= _INDENT * line.size
    return not (paragraph.is_item or hangs)


def _centred(above: Line, line: Line) -> bool:
    return abs((above.left + above.right) - (line.left + line.right)) <= _CENTRED * line.size


def _has_room(above: Line, line: Line, edge: float) -> bool:
    """Whether the first word of `line` had fitted at the end of the line above."""
    word = line.text.split(" ", 1)[0]
    width = (line.right - line.left) * len(word) / len(line.text)
    return edge - above.right > width + _SLACK * line.size


def _is_item(line: Line, above: Line | None) -> bool:
    if _BULLET.match(line.text):
        return not line.text[1:2].isdigit()
    return bool(_COUNTED.match(line.text)) and (above is None or bool(_SENTENCE_END.search(above.text[-_END:])))
