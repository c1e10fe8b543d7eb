"""Fits a linear ranking model: the weights that give the right ones of each list most of a softmax (ListNet, Cao and
others 2007, "Learning to Rank: From Pairwise Approach to Listwise Approach")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RankedList:
    """The candidates for one question: `features` of shape (n, columns), which of them are `right`, and how much the
    list counts."""

    features: Array
    right: NDArray[np.bool_]
    weight: float


def fit(lists: Sequence[RankedList], *, penalty: float, columns: Sequence[int]) -> Array:
    """Weights of at least 0 for the `columns`; `penalty` is the ridge's. Lists with nothing right are left out."""
    told = [entry for entry in lists if entry.right.any()]
    scale = len(told) / sum(entry.weight for entry in told)
    data = [(entry.features[:, columns], entry.right, scale * entry.weight) for entry in told]

    def loss(weights: Array) -> tuple[float, Array]:
        total, gradient = 0.5 * penalty * float(weights @ weights), penalty * weights
        for features, right, weight in data:
            scores = features @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            found = float(shares[right].sum())
            total -= weight * np.log(max(found, 1e-12))
            gradient = gradient - weight * (features.T @ (np.where(right, shares / max(found, 1e-12), 0.0) - shares))
        return total, gradient

    start = np.ones(len(columns))
    result = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(columns))
    return np.asarray(result.x)
