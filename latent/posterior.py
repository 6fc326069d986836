"""Statistics of the aggregate posterior: the distribution of draws over the data, not of their means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas


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


def aggregate_posterior(atlas: Atlas) -> AggregatePosterior:
    """Moments of the aggregate posterior over all pictures of an atlas.

    Source: law of total covariance; the closed-form KL of Kingma and Welling 2014, appendix B.
    """
    mu = atlas.mu.astype(np.float32)
    covariance = np.cov(mu, rowvar=False, ddof=0).reshape(mu.shape[1], mu.shape[1])
    kl = None
    if atlas.logvar is not None:
        variance = np.exp(atlas.logvar)
        covariance = covariance + np.diag(variance.mean(0))
        kl = (0.5 * (np.square(mu) + variance - 1 - atlas.logvar)).mean(0).astype(np.float32)
    return AggregatePosterior(mu.mean(0), covariance.astype(np.float32), kl)


def squared_mahalanobis(z: NDArray[np.floating], posterior: AggregatePosterior) -> NDArray[np.float32]:
    """Squared Mahalanobis distance of points [N, D] from the aggregate posterior's mean: float32 [N]."""
    precision = np.linalg.inv(posterior.covariance.astype(np.float64))
    offset = z.astype(np.float64) - posterior.mean
    return np.einsum("nd,de,ne->n", offset, precision, offset).astype(np.float32)
