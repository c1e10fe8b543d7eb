"""What recurs in many documents of a source, near their beginnings or ends: mastheads, notices, calls to subscribe."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

from briefqa.corpus.cleaning.cutting import cut_out
from briefqa.corpus.cleaning.signs import sign_of
from briefqa.corpus.cleaning.units import units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from numpy.typing import NDArray

    from briefqa.corpus.article import Article
    from briefqa.corpus.cleaning.units import Unit

FEWEST_DOCUMENTS = 5
SMALLEST_SHARE = 0.05
"""A block is clutter from so many documents of its source on, and from such a share of them."""
MOST_SHARED = 0.5
"""A document of which a larger share of the blocks recurs is a copy of others."""
FEWEST_WORDS = 4
"""Shorter blocks may be headings that a source gives all its articles; they need a sign of furniture, too."""

RECURS = "recurs in "
"""How the reason begins why a block was cut: in how many documents it stands follows."""

_HASHES = np.dtype("<u8")
_DIGITS = re.compile(r"\d+")
_FIELD = re.compile(r"[^.!?\n]{1,30}:\s")


def blocks_of(article: Article) -> bytes:
    """The hashes of an article's blocks, 8 bytes each: of the first, which is what the article starts with; of those
    near its ends, which may be clutter, with how many these are in front; and of the others."""
    found = units(article.text)
    if not found:
        return b""
    edges = {block for _, block in _edge_blocks(found)}
    others = {_hash(unit) for unit in found} - edges
    return np.array([_hash(found[0]), len(edges), *sorted(edges), *sorted(others)], dtype=_HASHES).tobytes()


def clutter_of(documents: Sequence[bytes]) -> dict[int, int]:
    """The blocks that are clutter, by hash, and in how many of a source's `documents`, each as `blocks_of` gives it,
    they stand. None of them ever starts an article."""
    fewest = max(FEWEST_DOCUMENTS, SMALLEST_SHARE * len(documents))
    if len(documents) < fewest:
        return {}
    parsed = [np.frombuffer(blocks, dtype=_HASHES) for blocks in documents]
    edges = [blocks[2 : 2 + int(blocks[1])] for blocks in parsed]
    often = _often(edges, fewest)
    if not often:
        return {}
    # What copies of an article share is no clutter, nor what several say that begin alike.
    anywhere = _often([blocks[2:] for blocks in parsed], fewest)
    own = {int(blocks[0]): near for blocks, near in zip(parsed, edges, strict=True) if not _is_copy(blocks, anywhere)}
    starts = {int(blocks[0]) for blocks in parsed}
    return {block: often[block] for block in _often(list(own.values()), fewest) if block not in starts}


def holds(blocks: bytes, wanted: Set[int]) -> bool:
    """Whether a document with these blocks holds one of the `wanted` near its ends."""
    parsed = np.frombuffer(blocks, dtype=_HASHES)
    return len(parsed) > 0 and not wanted.isdisjoint(parsed[2 : 2 + int(parsed[1])].tolist())


def without(article: Article, source: str, clutter: Mapping[int, int]) -> Article:
    """`article`, of `source`, without the blocks near its ends that are clutter, as `clutter_of` gives it."""
    if not clutter:
        return article
    found = units(article.text)
    why: list[str | None] = [None] * len(found)
    for place, block in _edge_blocks(found):
        if block in clutter:
            why[place] = f"{RECURS}{clutter[block]} documents of {source}"
    return cut_out(article, found, why)


def cut_before(blocks: bytes, text: str) -> set[int]:
    """Which of a document's `blocks` near its ends, as `blocks_of` gives them, stand in the `text` that was cut."""
    parsed = np.frombuffer(blocks, dtype=_HASHES)
    edges = set(parsed[2 : 2 + int(parsed[1])].tolist()) if len(parsed) else set()
    return edges & {_hash(unit) for unit in units(text)}


def _often(documents: Sequence[NDArray[np.uint64]], fewest: float) -> dict[int, int]:
    """The blocks that stand in so many documents, and in how many."""
    if len(documents) < fewest:
        return {}
    hashes, counts = np.unique(np.concatenate(documents), return_counts=True)
    often = counts >= fewest
    return dict(zip(hashes[often].tolist(), counts[often].tolist(), strict=True))


def _is_copy(blocks: NDArray[np.uint64], often: Mapping[int, int]) -> bool:
    own = blocks[2:].tolist()
    return sum(block in often for block in own) > MOST_SHARED * len(own)


def _edge_blocks(found: Sequence[Unit]) -> Iterator[tuple[int, int]]:
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


def _hash(unit: Unit) -> int:
    """Of what copies have in common; a line that is no sentence may differ in its numbers, as page and issue do."""
    same = unit.same if unit.is_sentence else _DIGITS.sub("0", unit.same)
    digest = hashlib.blake2b(same.encode("utf-8", "surrogatepass"), digest_size=_HASHES.itemsize).digest()
    return int.from_bytes(digest, "little")
