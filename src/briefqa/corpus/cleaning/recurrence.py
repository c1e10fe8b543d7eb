"""What recurs in many documents of a source, near their beginnings or ends: mastheads, notices, calls to subscribe."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from briefqa.corpus.cleaning.cutting import cut_out
from briefqa.corpus.cleaning.signs import sign_of
from briefqa.corpus.cleaning.units import units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from briefqa.corpus.article import Article
    from briefqa.corpus.cleaning.units import Unit

FEWEST_DOCUMENTS = 5
SMALLEST_SHARE = 0.05
"""A block is clutter from so many documents of its source on, and from such a share of them."""
FEWEST_WORDS = 4
"""Shorter blocks may be headings that a source gives all its articles; they need a sign of furniture, too."""
MOST_BLOCKS = 200_000
"""So many blocks of a source are remembered: the rarest are forgotten first, which finds fewer, never more."""

_HASH_BYTES = 8
_DIGITS = re.compile(r"\d+")
_FIELD = re.compile(r"[^.!?\n]{1,30}:\s")


@dataclass(slots=True)
class _Counts:
    documents: int = 0
    edges: Counter[bytes] = field(default_factory=Counter)
    starts: Counter[bytes] = field(default_factory=Counter)


class Recurrence:
    """Counts the blocks of documents, added one at a time, by source; `to_json` and `from_json` keep the counts."""

    def __init__(self, most_blocks: int = MOST_BLOCKS) -> None:
        self._most_blocks = most_blocks
        self._sources: dict[str, _Counts] = {}

    def add(self, source: str, article: Article) -> None:
        """Counts each block of the article once."""
        counts = self._sources.setdefault(source, _Counts())
        counts.documents += 1
        found = units(article.text)
        counts.edges.update({block for _, block in _edge_blocks(found)})
        counts.starts.update([_hash(unit) for unit in found[:1]])
        for counter in (counts.edges, counts.starts):
            _forget(counter, self._most_blocks)

    def remove(self, source: str, article: Article) -> None:
        """Takes back an `add`, for an article that changed or went."""
        counts = self._sources.get(source)
        if counts is None or not counts.documents:
            return
        counts.documents -= 1
        found = units(article.text)
        _take(counts.edges, {block for _, block in _edge_blocks(found)})
        _take(counts.starts, {_hash(unit) for unit in found[:1]})

    def clutter(self, source: str) -> dict[bytes, int]:
        """The blocks of a source that are clutter, by hash, and in how many documents each was seen. None of them ever
        started an article."""
        counts = self._sources.get(source, _Counts())
        fewest = max(FEWEST_DOCUMENTS, SMALLEST_SHARE * counts.documents)
        return {block: seen for block, seen in counts.edges.items() if seen >= fewest and block not in counts.starts}

    def to_json(self) -> dict[str, Any]:
        """The counts, for `from_json`."""
        return {
            source: {
                "documents": counts.documents,
                "edges": {block.hex(): seen for block, seen in counts.edges.items()},
                "starts": {block.hex(): seen for block, seen in counts.starts.items()},
            }
            for source, counts in self._sources.items()
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], most_blocks: int = MOST_BLOCKS) -> Recurrence:
        """One that goes on from kept counts."""
        recurrence = cls(most_blocks)
        for source, counts in kept.items():
            recurrence._sources[source] = _Counts(
                counts["documents"],
                Counter({bytes.fromhex(block): seen for block, seen in counts["edges"].items()}),
                Counter({bytes.fromhex(block): seen for block, seen in counts["starts"].items()}),
            )
        return recurrence


def without(article: Article, source: str, clutter: Mapping[bytes, int]) -> Article:
    """`article`, of `source`, without the blocks near its ends that are clutter, as `Recurrence.clutter` gives it."""
    if not clutter:
        return article
    found = units(article.text)
    why: list[str | None] = [None] * len(found)
    for place, block in _edge_blocks(found):
        if block in clutter:
            why[place] = f"recurs in {clutter[block]} documents of {source}"
    return cut_out(article, found, why)


def _edge_blocks(found: Sequence[Unit]) -> Iterator[tuple[int, bytes]]:
    """Place and hash of the blocks that may be clutter: in the first or last third, but not the article's first."""
    third = len(found) // 3
    for place in (*range(1, third), *range(max(1, len(found) - third), len(found))):
        if _may_recur(found[place]):
            yield place, _hash(found[place])


def _may_recur(unit: Unit) -> bool:
    sign = sign_of(unit)
    if sign and sign.role != "hint":
        return True
    told = unit.is_marked or unit.is_set_in or unit.is_row or _FIELD.match(unit.text)
    return unit.words >= FEWEST_WORDS and not told


def _hash(unit: Unit) -> bytes:
    """Of what copies have in common; a line that is no sentence may differ in its numbers, as page and issue do."""
    same = unit.same if unit.is_sentence else _DIGITS.sub("0", unit.same)
    return hashlib.blake2b(same.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()


def _take(counter: Counter[bytes], blocks: Iterable[bytes]) -> None:
    for block in blocks:
        if counter[block] > 1:
            counter[block] -= 1
        else:
            del counter[block]


def _forget(counter: Counter[bytes], most: int) -> None:
    """Halves what has grown over `most`, after Manku and Motwani 2002, "Approximate frequency counts over data
    streams": the rarest go."""
    if len(counter) > most:
        kept = counter.most_common(most // 2)
        counter.clear()
        counter.update(dict(kept))
