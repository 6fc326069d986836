"""Statistics of the aggregate posterior: the distribution of draws over the data, not of their means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas
from latent.samplers import posterior_draws

TEST = 2  # the partition that judges how usual a point is


@dataclass(frozen=True)
class AggregatePosterior:
    """Mean and covariance of draws z ~ q(z|x), x over the data.

    Attributes:
        mean: float32 [D].
        covariance: float32 [D, D]: Cov(mu) + E[sigma^2] (for an AE, Cov(mu)).
        kl: float32 [D], mean KL of each dimension in nats an image; None for an AE.
    """

    mean: NDArray[np.float32]
    covariance: NDArray[np.float32]
    kl: NDArray[np.float32] | None

    @property
    def sd(self) -> NDArray[np.float32]:
        """Standard deviation of draws in each dimension: float32 [D]."""
        return np.sqrt(np.diag(self.covariance))

    @cached_property
    def precision(self) -> NDArray[np.float32]:
        """Inverse of the covariance: float32 [D, D]. A dimension that never varies gets a tiny variance."""
        ridge = 1e-6 * max(float(np.trace(self.covariance)) / len(self.mean), 1e-12)
        regular = self.covariance.astype(np.float64) + ridge * np.eye(len(self.mean))
        return np.linalg.inv(regular).astype(np.float32)


def covariance_of_draws(mu: NDArray[np.floating], logvar: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Covariance of the aggregate posterior by the law of total covariance: Cov(mu) + E[sigma^2].

    Args:
        mu: [M, D].
        logvar: [M, D], natural log of the variance, or None for an AE.

    Returns:
        float32 [D, D].
    """
    covariance = np.cov(mu.astype(np.float32), rowvar=False, ddof=0).reshape(mu.shape[1], mu.shape[1])
    if logvar is not None:
        covariance = covariance + np.diag(np.exp(logvar).mean(0))
    return covariance.astype(np.float32)


def aggregate_posterior(atlas: Atlas) -> AggregatePosterior:
    """Moments of the aggregate posterior over all pictures of an atlas.

    Source: the closed-form KL of Kingma and Welling 2014, appendix B.
    """
    mu = atlas.mu.astype(np.float32)
    kl = None
    if atlas.logvar is not None:
        kl = (0.5 * (np.square(mu) + np.exp(atlas.logvar) - 1 - atlas.logvar)).mean(0).astype(np.float32)
    return AggregatePosterior(mu.mean(0), covariance_of_draws(mu, atlas.logvar), kl)


def squared_mahalanobis(z: NDArray[np.floating], posterior: AggregatePosterior) -> NDArray[np.float32]:
    """Squared Mahalanobis distance of points [N, D] from the aggregate posterior's mean: float32 [N]."""
    offset = z.astype(np.float32) - posterior.mean
    return np.einsum("nd,nd->n", offset @ posterior.precision, offset)


def distance_percentiles(atlas: Atlas, posterior: AggregatePosterior) -> NDArray[np.float32]:
    """Percentiles 0 to 100 of the squared Mahalanobis distance of held-out faces' codes: float32 [101].

    Codes and not draws, because the point on screen is a face's code until a hand moves it. Held out means the test
    partition; an atlas without one uses all its rows.
    """
    rows = _held_out(atlas)
    return _percentiles(atlas.mu[rows].astype(np.float32), posterior)


def draw_percentiles(atlas: Atlas, posterior: AggregatePosterior) -> NDArray[np.float32]:
    """The same of one draw from each held-out face's posterior, float32 [101]: what a sampler's draws are judged by.

    A sampler is made to draw what the posteriors draw. Their means lie farther in, by all of the noise, so that every
    draw of a VAE would seem to be too far out beside them. An AE's codes are its draws.
    """
    rows = _held_out(atlas)
    logvar = None if atlas.logvar is None else atlas.logvar[rows]
    return _percentiles(posterior_draws(atlas.mu[rows], logvar, seed=0), posterior)


def _held_out(atlas: Atlas) -> NDArray[np.int64]:
    rows = np.flatnonzero(atlas.partition == TEST)
    return rows if len(rows) else np.arange(len(atlas))


def _percentiles(z: NDArray[np.float32], posterior: AggregatePosterior) -> NDArray[np.float32]:
    return np.percentile(squared_mahalanobis(z, posterior), np.arange(101)).astype(np.float32)
