"""How close points come to a standard normal distribution: dimension by dimension, and in their lengths.

`scipy.stats` has all of this, but takes over a second to import, a third of what a chapter may take to open; the tests
hold these few lines against it.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray


def normal_density(x: NDArray[np.floating]) -> NDArray[np.float64]:
    """Density of N(0, 1) at x, of any shape."""
    return np.exp(-0.5 * np.square(np.asarray(x, np.float64))) / math.sqrt(2 * math.pi)


def chi_density(r: NDArray[np.floating], dimensions: int) -> NDArray[np.float64]:
    """Density of the length of a draw from N(0, I) in so many dimensions, at lengths r >= 0 of any shape.

    Source: Johnson, Kotz and Balakrishnan 1994, "Continuous Univariate Distributions", volume 1, chapter 18 (chi).
    """
    length = np.maximum(np.asarray(r, np.float64), 1e-300)
    constant = (1 - dimensions / 2) * math.log(2) - math.lgamma(dimensions / 2)
    return np.exp(constant + (dimensions - 1) * np.log(length) - 0.5 * np.square(length))


def chi_share(r: NDArray[np.floating] | float, dimensions: int) -> NDArray[np.float64]:
    """The share of draws from N(0, I) in so many dimensions that are shorter than r, in [0, 1], of r's shape."""
    grid = np.linspace(0, math.sqrt(dimensions) + 8, 4001)  # beyond it lies less than a trillionth
    density = chi_density(grid, dimensions)
    reached = np.cumsum(density) - density / 2
    return np.asarray(np.interp(r, grid, reached / reached[-1]), np.float64)


def quantile_pairs(values: NDArray[np.floating], count: int = 99) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Quantiles of N(0, 1) and of values [M] at the same shares: two float64 [count] for a QQ plot."""
    shares = (np.arange(count) + 0.5) / count
    expected = np.array([NormalDist().inv_cdf(share) for share in shares])
    return expected, np.quantile(np.asarray(values, np.float64), shares)


def kolmogorov_distances(draws: NDArray[np.floating]) -> NDArray[np.float64]:
    """The greatest gap between each column's distribution function and that of N(0, 1): float64 [D] in [0, 1].

    Args:
        draws: [M, D], M above 0.

    Source: Kolmogorov 1933; the statistic of the one-sample Kolmogorov-Smirnov test.
    """
    grid = np.linspace(-8, 8, 4001)  # straight lines in between are off by less than a millionth
    shares = np.array([NormalDist().cdf(place) for place in grid])
    below = np.interp(np.sort(np.asarray(draws, np.float64), axis=0), grid, shares)
    count = len(below)
    upper, lower = np.arange(1, count + 1)[:, None] / count, np.arange(count)[:, None] / count
    return np.maximum(upper - below, below - lower).max(0)
