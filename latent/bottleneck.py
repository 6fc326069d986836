"""A narrower bottleneck than the trained one: only the first components of a latent are let through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALLEST = 1e-6
"""Directions that vary less than this share of the most variable one count as that: nothing is divided by zero."""


@dataclass(frozen=True, eq=False)
class Components:
    """Another basis of the latent space, in an order.

    Attributes:
        directions: float64 [D, D], a direction in each row.
        readers: float64 [D, D]: `readers @ (z - mean)` is how far a latent goes along each direction.
    """

    directions: NDArray[np.float64]
    readers: NDArray[np.float64]

    def parts(self, z: NDArray[np.floating], mean: NDArray[np.floating]) -> NDArray[np.float64]:
        """What each direction adds to the mean [D] for a latent [D]: float64 [D, D], rows that sum to z - mean."""
        offset = np.asarray(z, np.float64) - np.asarray(mean, np.float64)
        return (self.readers @ offset)[:, None] * self.directions


def principal_axes(covariance: NDArray[np.floating]) -> NDArray[np.float64]:
    """Eigenvectors of a covariance [D, D] as orthonormal rows, the greatest variance first: float64 [D, D]."""
    values, vectors = np.linalg.eigh(np.asarray(covariance, np.float64))
    return vectors[:, np.argsort(-values, kind="stable")].T


def typical_steps(covariance: NDArray[np.floating]) -> NDArray[np.float64]:
    """Uncorrelated steps of one standard deviation, the symmetric root of a covariance [D, D]: a step in each row."""
    values, vectors = _spectrum(covariance)
    return (vectors * np.sqrt(values)) @ vectors.T


def components(covariance: NDArray[np.floating], effects: NDArray[np.floating]) -> Components:
    """Uncorrelated components of latents, those that change the picture most first.

    They are the principal components of what a linear decoder would draw. Principal components of the latents
    themselves would say nothing where all their directions vary alike, as a KL term or a start from whitened PCA has
    it.

    Args:
        covariance: [D, D], of the latents.
        effects: [D, D], scalar products of the changes in the picture that each of `typical_steps` makes.
    """
    values, vectors = _spectrum(covariance)
    turned = principal_axes(effects)
    root, inverse = (vectors * np.sqrt(values)) @ vectors.T, (vectors / np.sqrt(values)) @ vectors.T
    return Components(turned @ root, turned @ inverse)


def squeeze(z: NDArray[np.floating], mean: NDArray[np.floating], basis: Components, kept: int) -> NDArray[np.float32]:
    """A latent [D] with all but its first components set to the mean's: float32 [D].

    Args:
        z: the latent.
        mean: [D], of the data's latents.
        basis: its components.
        kept: how many are let through, 0 to D.

    Raises:
        ValueError: `kept` is out of range.
    """
    if not 0 <= kept <= len(basis.directions):
        raise ValueError(f"between 0 and {len(basis.directions)} components can be kept, not {kept}.")
    return (np.asarray(mean, np.float64) + basis.parts(z, mean)[:kept].sum(0)).astype(np.float32)


def squeeze_path(z: NDArray[np.floating], mean: NDArray[np.floating], basis: Components) -> NDArray[np.float32]:
    """What must be added to a latent [D] so that 1, 2, ... D components are kept: float32 [D, D]; the last row is 0."""
    parts = basis.parts(z, mean)
    return (np.cumsum(parts, 0) - parts.sum(0)).astype(np.float32)


def _spectrum(covariance: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    values, vectors = np.linalg.eigh(np.asarray(covariance, np.float64))
    return np.maximum(values, SMALLEST * max(float(values[-1]), 1e-12)), vectors
