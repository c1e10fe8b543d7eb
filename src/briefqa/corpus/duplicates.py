"""How alike two texts are: by the runs of five words that both hold (Broder 1997, "On the resemblance and containment
of documents"), estimated from a sketch of each, and counted where that looks like much."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
from rensa import RMinHash

from briefqa.wording import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shingles = set[str]

SHINGLE_WORDS = 5
KEYS = 128
"""So many keys has a sketch. Each is of two MinHashes, 16 bits of either (Li and König 2010, "b-Bit Minwise Hashing"):
two texts with the Jaccard similarity J share a key with a chance of J squared."""
LEAST_SHARED = 0.45
"""Two texts are alike if the shorter one's runs of five words stand in the other one to this share."""
# What a few words share tells nothing.
_FEWEST_SHINGLES = 20
_SEED = 20181122
_PROBE = "what the sketches of an index were made by shows in the sketch of a text that never changes"


def shingles(text: str) -> Shingles:
    """Every run of five words of the text, each once; of a shorter text, all of it."""
    return _runs(words(text))


def sketch(text: str) -> NDArray[np.uint32]:
    """The text's sketch, of shape (3 + KEYS,): how many shingles it has, 64 bits of a hash of its words, lower half
    first, and the keys. Equal words give equal sketches."""
    found = words(text)
    runs = _runs(found)
    minimum = RMinHash(2 * KEYS, _SEED)
    minimum.update(runs)
    keys = np.array(minimum.digest(), dtype=np.uint32).astype("<u2").view("<u4")
    told = " ".join(found) or text
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()
    head = np.array([len(runs), *np.frombuffer(digest[:8], dtype="<u4")], dtype=np.uint32)
    return np.concatenate([head, keys.astype(np.uint32)])


def probe() -> NDArray[np.uint32]:
    """The sketch of a text that never changes: sketches compare only where this is the same."""
    return sketch(_PROBE)


def shared(one: Shingles, other: Shingles) -> float:
    """The share of the smaller set's shingles that the other holds, from 0 to 1: its containment; 0.0 where it is too
    small to tell anything."""
    fewest = min(len(one), len(other))
    return len(one & other) / fewest if fewest >= _FEWEST_SHINGLES else 0.0


def at_most_shared(
    jaccard: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What `shared` of two sets of these sizes can hardly exceed, if their Jaccard similarity is estimated so from two
    sketches: three standard deviations are allowed for."""
    high = np.minimum(1.0, jaccard + 3.0 * np.sqrt(jaccard * (1.0 - jaccard) / (2 * KEYS)) + 1.0 / KEYS)
    smaller = np.maximum(np.minimum(one, other), 1.0)
    return high * (one + other) / ((1.0 + high) * smaller)


def _runs(found: list[str]) -> Shingles:
    runs = zip(*(found[start:] for start in range(SHINGLE_WORDS)), strict=False)
    return set(map(" ".join, runs)) or ({" ".join(found)} if found else set())
