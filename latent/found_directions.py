"""Directions that nobody named: what changes pictures most, and what varies independently of the rest."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from latent.directions import Direction

ICA_FACES = 8000


def changing_most(
    gram: NDArray[np.floating], scale: NDArray[np.floating], covariance: NDArray[np.floating], count: int
) -> list[Direction]:
    """The principal directions of a decoder's mean J^T J, the largest change first.

    Args:
        gram: [D, D] in units of `scale`, as `models.jacobian.change_matrix` gives it.
        scale: [D].
        covariance: [D, D] of the codes, which says how far 1 is: one standard deviation along the direction.
        count: how many.

    Source: PCA of the Jacobian, as in Ramesh et al. 2018, "A spectral regularizer for unsupervised disentanglement".
    """
    _, vectors = np.linalg.eigh(np.asarray(gram, np.float64))
    ways = (vectors[:, ::-1] * np.asarray(scale, np.float64)[:, None]).T[:count]
    return [_scaled(way, covariance, "jacobian", f"Change {rank}") for rank, way in enumerate(ways, 1)]


def independent(mu: NDArray[np.floating], count: int, seed: int = 0) -> list[Direction]:
    """Independent components of codes [M, D], the one with the most variance first.

    Source: FastICA, Hyvarinen and Oja 2000, "Independent component analysis".

    Raises:
        ValueError: there are fewer codes than components.
    """
    from sklearn.decomposition import FastICA

    if len(mu) < 2 * count:
        raise ValueError(f"{count} components need at least {2 * count} codes, not {len(mu)}.")
    rows = np.sort(np.random.default_rng(seed).permutation(len(mu))[:ICA_FACES])
    codes = mu[rows].astype(np.float64)
    fitted = FastICA(count, random_state=seed, whiten="unit-variance", max_iter=400, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # components that have not quite settled are directions all the same
        fitted.fit(codes)
    ways = fitted.mixing_.T  # each as long as one standard deviation of its component
    covariance = np.cov(codes, rowvar=False)
    order = np.argsort(-np.linalg.norm(ways, axis=1))
    return [_scaled(ways[i], covariance, "independent", f"Independent {rank}") for rank, i in enumerate(order, 1)]


def _scaled(way: NDArray[np.float64], covariance: NDArray[np.floating], kind: str, name: str) -> Direction:
    """One standard deviation of the codes along a way, its largest entry positive."""
    unit = way / np.linalg.norm(way) * np.sign(way[np.abs(way).argmax()])
    length = np.sqrt(max(float(unit @ covariance @ unit), 0))
    return Direction(f"{kind}-{name.rsplit(maxsplit=1)[-1]}", name, (unit * length).astype(np.float32))
