"""Placing a point on a map that is already drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 10


def nearest(
    z: NDArray[np.floating], mu: NDArray[np.floating], k: int = NEIGHBOURS
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k rows of `mu` nearest to one point.

    Args:
        z: [D].
        mu: [M, D].
        k: how many; at most M are returned.

    Returns:
        Row numbers int64 [k], nearest first, and squared Euclidean distances float32 [k].
    """
    apart = mu.astype(np.float32, copy=False) - z.astype(np.float32)  # [M, D]
    distances = np.einsum("md,md->m", apart, apart)  # a third of the time of squaring and summing
    k = min(k, len(distances))
    rows = np.argpartition(distances, k - 1)[:k]
    rows = rows[np.argsort(distances[rows], kind="stable")]
    return rows, distances[rows]


def place(
    z: NDArray[np.floating], mu: NDArray[np.floating], xy: NDArray[np.float32], k: int = NEIGHBOURS
) -> NDArray[np.float32]:
    """Where a point belongs on the map: the mean of its neighbours' places, weighted by 1 / squared distance.

    UMAP's own `transform` needs its pickled reducer; a checkpoint is data only, so the neighbours decide.
    `benchmarks/placement.py` measures the difference.

    Args:
        z: [D].
        mu: [M, D], the encoded pictures.
        xy: float32 [M, 2], their places.
        k: neighbours used.

    Returns:
        float32 [2].
    """
    rows, distances = nearest(z, mu, k)
    weights = 1 / (distances + 1e-6)
    return (weights[:, None] * xy[rows]).sum(0) / weights.sum()


def place_many(
    z: NDArray[np.floating], mu: NDArray[np.floating], xy: NDArray[np.float32], k: int = NEIGHBOURS
) -> NDArray[np.float32]:
    """`place` for points [N, D] at once: float32 [N, 2]. One matrix product, so N times M distances are held."""
    codes, points = mu.astype(np.float32), z.astype(np.float32)
    # Differences from one centre: |a|^2 - 2ab + |b|^2 would lose digits far from the origin.
    centre = codes.mean(0)
    codes, points = codes - centre, points - centre
    distances = np.square(points).sum(1)[:, None] - 2 * points @ codes.T + np.square(codes).sum(1)  # [N, M]
    k = min(k, len(codes))
    rows = np.argpartition(distances, k - 1, axis=1)[:, :k]
    weights = 1 / (np.maximum(np.take_along_axis(distances, rows, 1), 0) + 1e-6)
    return (weights[:, :, None] * xy[rows]).sum(1) / weights.sum(1, keepdims=True)
