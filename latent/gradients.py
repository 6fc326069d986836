"""Two ways to estimate the gradient of an average over draws, on an example whose true gradient is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Estimates:
    """What single draws say of a gradient.

    Attributes:
        pathwise: float64 [N], from z = mu + sigma * eps, differentiated through.
        score: float64 [N], from the score function: f(z) times the gradient of log N(z; mu, sigma^2).
    """

    pathwise: NDArray[np.float64]
    score: NDArray[np.float64]

    @property
    def variance_ratio(self) -> float:
        """How many times greater the variance of the score-function estimator is."""
        return float(self.score.var() / max(float(self.pathwise.var()), 1e-300))


def parabola_gradients(mu: float, sigma: float, target: float, count: int, seed: int) -> Estimates:
    """Estimates of d/dmu E[(z - target)^2] with z ~ N(mu, sigma^2), one a draw, both from the same draws.

    The true gradient is 2 (mu - target), since E[(z - target)^2] = (mu - target)^2 + sigma^2.

    Args:
        mu, sigma: of the distribution; sigma is above 0.
        target: where the parabola is lowest.
        count: number of draws.
        seed: of the draws.

    Raises:
        ValueError: sigma or count is not above 0.

    Source: Kingma and Welling 2014, section 2.2 and equation 10; Williams 1992 for the score function (REINFORCE).
    """
    if sigma <= 0 or count <= 0:
        raise ValueError(f"sigma and count must be above 0, not {sigma} and {count}.")
    eps = np.random.default_rng(seed).standard_normal(count)
    z = mu + sigma * eps
    return Estimates(2 * (z - target), np.square(z - target) * eps / sigma)
