"""Where new points come from: distributions over a latent space, each with a seed that makes every sample again.

Sample i of a seed is the same whatever the number of samples asked for: a picture is named by sampler, seed and index.
Every sampler takes a temperature t, which multiplies the noise's standard deviation. For the Gaussians that is the
truncation trick of generative adversarial networks: mean + t * (sample - mean).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MOST_TEMPERATURE = 10.0
MOST_ROUNDS, ROUNDS_AT_ONCE = 60, 5  # of expectation and maximisation, and between two words on the progress
RIDGE = 1e-6  # of the mean variance: keeps a dimension that never varies from spoiling a factorisation


class Sampler(Protocol):
    """A distribution over points of a latent space."""

    def sample(self, count: int, seed: int, temperature: float = 1.0) -> NDArray[np.float32]:
        """Draw float32 [count, D]; row i depends on the seed and i alone."""
        ...


@dataclass(frozen=True, eq=False)
class Gaussian:
    """A normal distribution: mean + factor @ eps.

    Attributes:
        mean: float64 [D].
        factor: float64 [D, D], a square root of the covariance, or [D], standard deviations.
    """

    mean: NDArray[np.float64]
    factor: NDArray[np.float64]

    def sample(self, count: int, seed: int, temperature: float = 1.0) -> NDArray[np.float32]:
        """Draw float32 [count, D].

        Raises:
            ValueError: count, seed or temperature is out of range.
        """
        eps = noise(count, seed, temperature, len(self.mean))
        return (self.mean + _times(self.factor, eps)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of K normal distributions; the temperature scales each about its own mean.

    Attributes:
        weights: float64 [K], their sum is 1.
        means: float64 [K, D].
        factors: float64 [K, D, D], a square root of each covariance.
    """

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    factors: NDArray[np.float64]

    def sample(self, count: int, seed: int, temperature: float = 1.0) -> NDArray[np.float32]:
        """Draw float32 [count, D].

        Raises:
            ValueError: count, seed or temperature is out of range.
        """
        eps = noise(count, seed, temperature, self.means.shape[1])
        chosen = pick(self.weights, count, seed)
        rows = (self.means[k] + self.factors[k] @ e for k, e in zip(chosen, eps, strict=True))
        return np.array(list(rows), np.float32).reshape(eps.shape)


@dataclass(frozen=True, eq=False)
class Jitter:
    """One of K encoded faces, moved a little: z + scale * eps.

    Attributes:
        z: float64 [K, D], encoded faces.
        scale: float64 [K, D], standard deviations of the noise.
    """

    z: NDArray[np.float64]
    scale: NDArray[np.float64]

    def sample(self, count: int, seed: int, temperature: float = 1.0) -> NDArray[np.float32]:
        """Draw float32 [count, D].

        Raises:
            ValueError: count, seed or temperature is out of range.
        """
        eps = noise(count, seed, temperature, self.z.shape[1])
        chosen = self.faces(count, seed)
        return (self.z[chosen] + self.scale[chosen] * eps).astype(np.float32)

    def faces(self, count: int, seed: int) -> NDArray[np.int64]:
        """The rows of `z` that the samples start from: int64 [count]."""
        return pick(np.full(len(self.z), 1 / len(self.z)), count, seed)


def standard_normal(dimensions: int) -> Gaussian:
    """N(0, I), the prior of a VAE."""
    return Gaussian(np.zeros(dimensions), np.ones(dimensions))


def scaled_normal(mean: NDArray[np.floating], std: NDArray[np.floating]) -> Gaussian:
    """N(0, I) moved and stretched to a mean [D] and standard deviations [D]: the fair variant for an AE."""
    return Gaussian(np.asarray(mean, np.float64), np.asarray(std, np.float64))


def fit_gaussian(draws: NDArray[np.floating]) -> Gaussian:
    """The normal distribution with the mean and the full covariance of draws [M, D] of the aggregate posterior.

    Raises:
        ValueError: there are fewer than two draws.
    """
    if len(draws) < 2:
        raise ValueError(f"a Gaussian is fitted to at least 2 draws, not {len(draws)}.")
    return normal(draws.mean(0, dtype=np.float64), np.cov(draws, rowvar=False, ddof=0))


def normal(mean: NDArray[np.floating], covariance: NDArray[np.floating]) -> Gaussian:
    """The normal distribution of a mean [D] and a covariance [D, D]."""
    return Gaussian(np.asarray(mean, np.float64), _root(np.atleast_2d(covariance)))


def fit_mixture(
    draws: NDArray[np.floating],
    components: int = 10,
    seed: int = 0,
    progress: Callable[[float], None] = lambda share: None,
) -> Mixture:
    """A mixture of Gaussians with full covariances, fitted to draws [M, D] of the aggregate posterior by EM.

    Args:
        draws: at least twice as many as components; enough of them a component to fill a D x D covariance is better.
        components: K.
        seed: of the start by k-means.
        progress: told after each few rounds how much of the longest possible way is done, 0 to 1. It may raise to stop.

    Raises:
        ValueError: there are too few draws.

    Source: scikit-learn's GaussianMixture; regularised by a thousandth of the mean variance.
    """
    from sklearn.mixture import GaussianMixture

    if len(draws) < 2 * components:
        raise ValueError(f"a mixture of {components} is fitted to at least {2 * components} draws, not {len(draws)}.")
    draws = np.asarray(draws, np.float64)
    fitted = GaussianMixture(
        components,
        random_state=seed,
        reg_covar=1e-3 * max(float(draws.var(0).mean()), 1e-9),
        max_iter=ROUNDS_AT_ONCE,
        tol=1e-2,
        warm_start=True,  # the next call goes on where the last one ended
    )
    for done in range(0, MOST_ROUNDS, ROUNDS_AT_ONCE):
        progress(done / MOST_ROUNDS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a mixture that has not quite settled is a mixture all the same
            fitted.fit(draws)
        if fitted.converged_:
            break
    progress(1.0)
    factors = np.stack([_root(covariance) for covariance in fitted.covariances_])
    return Mixture(fitted.weights_, fitted.means_, factors)


def jitter(z: NDArray[np.floating], scale: NDArray[np.floating] | float) -> Jitter:
    """Encode, then jitter: a random one of the faces z [K, D] (or [D]) plus scale * eps.

    Args:
        z: encoded faces.
        scale: standard deviation of the noise: one number, [D] or [K, D] (a VAE's sigma of each face).
    """
    points = np.atleast_2d(np.asarray(z, np.float64))
    return Jitter(points, np.broadcast_to(np.asarray(scale, np.float64), points.shape))


def posterior_draws(
    mu: NDArray[np.floating], logvar: NDArray[np.floating] | None, seed: int, repeats: int = 1
) -> NDArray[np.float32]:
    """Draws of the posteriors of encoded faces: mu + sigma * eps, float32 [repeats * M, D]; an AE's codes as they are.

    Args:
        mu: [M, D].
        logvar: [M, D], natural log of the variance, or None for an AE.
        seed: of the noise.
        repeats: draws a face.
    """
    means = np.tile(np.asarray(mu, np.float32), (repeats, 1))
    if logvar is None:
        return means
    sigma = np.tile(np.exp(0.5 * np.asarray(logvar, np.float32)), (repeats, 1))
    eps = np.random.default_rng(seed).standard_normal(means.shape, dtype=np.float32)
    return np.add(means, sigma * eps, dtype=np.float32)


def noise(count: int, seed: int, temperature: float, dimensions: int) -> NDArray[np.float64]:
    """Temperature * eps, float64 [count, D]. One stream row by row, so more samples do not change the first ones."""
    if count < 0 or seed < 0:
        raise ValueError(f"count and seed must not be negative, not {count} and {seed}.")
    if not (math.isfinite(temperature) and 0 <= temperature <= MOST_TEMPERATURE):
        raise ValueError(f"the temperature must lie between 0 and {MOST_TEMPERATURE:g}, not {temperature}.")
    return temperature * np.random.default_rng(seed).standard_normal((count, dimensions))


def pick(weights: NDArray[np.float64], count: int, seed: int) -> NDArray[np.int64]:
    """An index for each sample, by weight, from a stream of its own: int64 [count]."""
    edges = np.cumsum(weights)
    uniform = np.random.default_rng([seed, 1]).random(count) * edges[-1]
    return np.minimum(np.searchsorted(edges, uniform, side="right"), len(weights) - 1)


def _times(factor: NDArray[np.float64], eps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Factor [D] or [D, D] times each row of eps [N, D]: row by row, since a product of matrices rounds by its size."""
    if factor.ndim == 1:
        return factor * eps
    return np.array([factor @ row for row in eps]).reshape(eps.shape)


def _root(covariance: NDArray[np.floating]) -> NDArray[np.float64]:
    """A square root of a covariance [D, D], by Cholesky with a tiny ridge."""
    ridge = RIDGE * max(float(np.trace(covariance)) / len(covariance), 1e-12)
    return np.asarray(np.linalg.cholesky(covariance + ridge * np.eye(len(covariance))), np.float64)
