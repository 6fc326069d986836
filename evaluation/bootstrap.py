"""How far a mean might be from the truth: intervals by drawing the same pictures again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

RESAMPLES = 1000
BATCH = 50  # resamples in memory at once
COVERAGE = (2.5, 97.5)


def resampled_means(values: NDArray[np.floating], seed: int, resamples: int = RESAMPLES) -> NDArray[np.float64]:
    """Means of values [M, C] over `resamples` sets of M rows drawn with replacement: float64 [resamples, C].

    All columns share the draws, so that the difference of two columns can be judged as pairs.

    Source: Efron 1979, "Bootstrap methods: another look at the jackknife".
    """
    drawn = bootstrap(
        (np.asarray(values, np.float64).T,),
        np.mean,
        axis=-1,
        n_resamples=resamples,
        batch=BATCH,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    means: NDArray[np.float64] = drawn.bootstrap_distribution.T
    return means


def interval(draws: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 % of draws [resamples]."""
    low, high = np.percentile(draws, COVERAGE)
    return float(low), float(high)
