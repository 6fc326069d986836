"""How far a mean might be from the truth: intervals by drawing the same pictures again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
COVERAGE = (2.5, 97.5)


def resampled_means(values: NDArray[np.floating], seed: int, resamples: int = RESAMPLES) -> NDArray[np.float64]:
    """Means of values [M, C] over `resamples` sets of M rows drawn with replacement: float64 [resamples, C].

    All columns share the draws, so that the difference of two columns can be judged as pairs.

    Source: Efron 1979, "Bootstrap methods: another look at the jackknife".
    """
    random = np.random.default_rng(seed)
    count = len(values)
    columns = np.asarray(values, np.float64)
    means = np.empty((resamples, columns.shape[1]))
    for i in range(resamples):
        means[i] = np.bincount(random.integers(0, count, count), minlength=count) @ columns / count
    return means


def interval(draws: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 % of draws [resamples]."""
    low, high = np.percentile(draws, COVERAGE)
    return float(low), float(high)
