"""A narrower bottleneck than the trained one: only the first principal components of a latent are let through."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def principal_axes(covariance: NDArray[np.floating]) -> NDArray[np.float64]:
    """Eigenvectors of a covariance [D, D] as orthonormal rows, the greatest variance first: float64 [D, D]."""
    values, vectors = np.linalg.eigh(np.asarray(covariance, np.float64))
    return vectors[:, np.argsort(-values, kind="stable")].T


def squeeze(
    z: NDArray[np.floating], mean: NDArray[np.floating], axes: NDArray[np.floating], kept: int
) -> NDArray[np.float32]:
    """A latent [D] (or [N, D]) with all but its first principal components set to their mean: the same shape, float32.

    Args:
        z: the latent.
        mean: [D], of the data's latents.
        axes: [D, D], orthonormal rows.
        kept: how many components are let through, 0 to D.

    Raises:
        ValueError: `kept` is out of range.
    """
    if not 0 <= kept <= len(axes):
        raise ValueError(f"between 0 and {len(axes)} components can be kept, not {kept}.")
    first = np.asarray(axes[:kept], np.float64)
    middle = np.asarray(mean, np.float64)
    return (middle + (np.asarray(z, np.float64) - middle) @ first.T @ first).astype(np.float32)


def squeeze_path(
    z: NDArray[np.floating], mean: NDArray[np.floating], axes: NDArray[np.floating]
) -> NDArray[np.float32]:
    """What must be added to a latent [D] so that 1, 2, ... D components are kept: float32 [D, D]; the last row is 0."""
    offset = np.asarray(z, np.float64) - np.asarray(mean, np.float64)
    parts = np.asarray(axes, np.float64) * (np.asarray(axes, np.float64) @ offset)[:, None]
    return (np.cumsum(parts, 0) - parts.sum(0)).astype(np.float32)
