"""How near two sets of feature vectors lie: the Frechet distance of their Gaussians, precision and recall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 3


@dataclass(frozen=True, eq=False)
class Moments:
    """Mean float64 [F] and covariance float64 [F, F] of a set of feature vectors."""

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]


def moments(features: NDArray[np.floating]) -> Moments:
    """Mean and covariance of features [M, F], computed in float64."""
    x = features.astype(np.float64)
    return Moments(x.mean(0), np.cov(x, rowvar=False).reshape(x.shape[1], x.shape[1]))


def frechet_distance(a: Moments, b: Moments) -> float:
    """Squared Frechet (2-Wasserstein) distance between two Gaussians: 0 or more, in squared units of the features.

    Not the FID, which is this distance in the features of one particular network: figures in other features cannot
    stand beside it.

    Source: Dowson and Landau 1982, "The Frechet distance between multivariate normal distributions", equation 4.
    """
    values, vectors = np.linalg.eigh(a.covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    # tr (A B)^(1/2) = tr (A^(1/2) B A^(1/2))^(1/2), and the latter is symmetric.
    between = np.linalg.eigvalsh(root @ b.covariance @ root)
    shared = np.sqrt(np.maximum(between, 0)).sum()
    apart = np.square(a.mean - b.mean).sum() + np.trace(a.covariance) + np.trace(b.covariance) - 2 * shared
    return float(max(apart, 0))


def precision_and_recall(
    real: NDArray[np.floating], made: NDArray[np.floating], neighbours: int = NEIGHBOURS
) -> tuple[float, float]:
    """Shares in [0, 1]: of `made` that lie among the real, and of `real` that lie among the made.

    A point lies among others if it is nearer to one of them than that one's third nearest neighbour is.

    Args:
        real, made: [M, F] and [N, F]; both figures depend on M and N, so compare only equal counts.
        neighbours: which neighbour sets a point's radius.

    Source: Kynkaanniemi et al. 2019, "Improved precision and recall metric for assessing generative models".
    """
    return _share_inside(made, real, neighbours), _share_inside(real, made, neighbours)


def _share_inside(points: NDArray[np.floating], balls: NDArray[np.floating], neighbours: int) -> float:
    radius = np.sort(_squared_distances(balls, balls), axis=1)[:, min(neighbours, len(balls) - 1)]  # 0 is itself
    return float((_squared_distances(points, balls) <= radius).any(1).mean())


def _squared_distances(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float32]:
    """[M, N]; float32 (36 MB for 3,000 x 3,000) after centring, which keeps the subtraction exact enough."""
    centre = b.mean(0)
    x, y = (a - centre).astype(np.float32), (b - centre).astype(np.float32)
    return np.maximum(np.square(x).sum(1)[:, None] + np.square(y).sum(1) - 2 * (x @ y.T), 0)
