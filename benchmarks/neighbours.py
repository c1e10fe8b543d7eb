"""Makes many passage vectors out of fewer real ones: what an index of a million passages is measured with where
encoding a million passages would take hours.

A made vector stands between a real one and one of its nearest neighbours, and is then moved by noise drawn from the
covariance of real differences between neighbours, as far as its own neighbourhood is wide; so dense regions stay dense,
sparse ones sparse, and the directions in which real passages of a kind differ are those in which made ones do.

Such vectors tell time, memory and bytes, and how much of the exact ranking an approximate search finds. They say
nothing of quality: nobody wrote the passages. The noise is Gaussian and of one shape everywhere, where real passages
differ along directions of their own; this leaves made neighbourhoods rounder than real ones, which is the harder case
for clusters. `spread` shows how they compare.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from briefqa.protocols import Vectors

NEAREST = 8  # neighbours that a real vector is mixed with
# Noise against the distance of a real vector to its neighbours: so that as many made ones have the real ones' `spread`.
REACH = 0.5
_BLOCK = 65_536  # vectors made at once
_ROWS = 1024  # real vectors compared at once


def neighbours(base: Vectors, count: int, seed: int = 1, block: int = _BLOCK) -> Iterator[Vectors]:
    """`count` vectors like those of `base`, float32 of shape (passages, dimension) with rows of length 1, in blocks of
    at most `block`: the same for the same base, count, seed and block. `base` must hold 2 rows at least."""
    rng = np.random.default_rng(seed)
    near = _nearest(base, min(NEAREST, len(base) - 1))
    away = base[near] - base[:, None, :]
    width = np.median(np.linalg.norm(away, axis=2), axis=1)
    picked = away.reshape(-1, base.shape[1])[:: max(1, away.shape[0] * away.shape[1] // 50_000)]
    shape = _root(picked)
    for start in range(0, count, block):
        many = min(block, count - start)
        at = rng.integers(len(base), size=many)
        to = rng.integers(near.shape[1], size=many)
        share = rng.uniform(0.0, 1.0, (many, 1)).astype(np.float32)
        noise = rng.standard_normal((many, base.shape[1]), dtype=np.float32) @ shape
        noise *= (REACH * width[at] / np.linalg.norm(noise, axis=1))[:, None].astype(np.float32)
        rows = base[at] + share * away[at, to] + noise
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        yield rows


def spread(vectors: Vectors, questions: Vectors, ranks: tuple[int, ...] = (1, 10, 200)) -> dict[str, Any]:
    """How vectors lie: medians of the cosine of a vector with its nearest and tenth nearest other (over an even sample
    of 1,000), of questions' cosines at `ranks`, and of the gaps between those ranks and the next."""
    probes = vectors[:: max(1, len(vectors) // 1000)][:1000]
    among, asked = _best(vectors, probes, 11), _best(vectors, questions, max(ranks) + 1)
    return {
        "vectors": len(vectors),
        "nearest": float(np.median(among[:, 1])),
        "tenth": float(np.median(among[:, 10])),
        "cosines": {rank: float(np.median(asked[:, rank - 1])) for rank in ranks},
        "gaps": {rank: float(np.median(asked[:, rank - 1] - asked[:, rank])) for rank in ranks},
    }


def _best(vectors: Vectors, questions: Vectors, k: int) -> Vectors:
    """The k highest cosines of each question, falling."""
    best = np.full((len(questions), k), -2.0, dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):
        scores = np.concatenate([best, questions @ vectors[start : start + _BLOCK].T], axis=1)
        best = np.partition(scores, -k, axis=1)[:, -k:]
    return np.asarray(-np.sort(-best, axis=1))


def _nearest(base: Vectors, k: int) -> NDArray[np.intp]:
    """The numbers of the k nearest others of each vector."""
    found = np.empty((len(base), k), dtype=np.intp)
    for start in range(0, len(base), _ROWS):
        scores = base[start : start + _ROWS] @ base.T
        scores[np.arange(len(scores)), np.arange(start, start + len(scores))] = -2.0
        found[start : start + _ROWS] = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    return found


def _root(rows: Vectors) -> Vectors:
    """A matrix that turns white noise into noise of the covariance of `rows`."""
    values, directions = np.linalg.eigh(rows.T.astype(np.float64) @ rows / len(rows))
    return np.asarray((directions * np.sqrt(np.maximum(values, 0.0))).T, dtype=np.float32)
