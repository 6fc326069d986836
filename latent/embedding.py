"""The UMAP map of many points. Apart from `projection.py`, because importing umap costs seconds and 200 MB."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latent.projection import place_many

AT_ONCE = 512  # points that are placed among the landmarks at a time: as many rows of distances are held
SPECTRAL_NEEDS = 10  # points; of three or four there are not enough eigenvectors


def embed(
    mu: NDArray[np.floating],
    *,
    init: NDArray[np.float32] | None = None,
    n_neighbors: int = 15,
    min_dist: float = 0.1,
    seed: int = 0,
    verbose: bool = False,
) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Lay points out in the plane with UMAP.

    Args:
        mu: [M, D] latents.
        init: float32 [M, 2] places to start from, or None for UMAP's spectral start.
        n_neighbors: size of the neighbourhood that the map tries to keep.
        min_dist: how close together points may lie.
        seed: makes the map the same each time (and the layout single-threaded).
        verbose: print UMAP's own progress.

    Returns:
        float32 [M, 2], and the parameters and versions for the record.

    Source: McInnes, Healy and Melville 2018, arXiv 1802.03426, as umap-learn computes it.
    """
    import umap

    if init is None:
        start: str | NDArray[np.float32] = "spectral" if len(mu) > SPECTRAL_NEEDS else "random"
    else:
        start = init
    reducer = umap.UMAP(
        n_components=2,
        n_neighbors=min(n_neighbors, len(mu) - 1),
        min_dist=min_dist,
        init=start,
        random_state=seed,
        n_jobs=1,
        verbose=verbose,
    )
    xy = reducer.fit_transform(mu.astype(np.float32))
    facts = {
        "umap": umap.__version__,
        "n_neighbors": n_neighbors,
        "min_dist": min_dist,
        "seed": seed,
        "start": start if isinstance(start, str) else "another atlas",
    }
    return np.ascontiguousarray(xy, dtype=np.float32), facts


def embed_by_landmarks(
    mu: NDArray[np.floating],
    count: int,
    *,
    init: NDArray[np.float32] | None = None,
    seed: int = 0,
    **settings: Any,
) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Lay out some points with UMAP, and put each other one among those that are nearest to it (`projection.place`).

    Time and memory of the fit are those of the landmarks.

    Args:
        mu: [M, D] latents.
        count: how many landmarks, drawn at random by the seed; fewer than M.
        init: places of all points to start from, or None.
        seed: of the draw and of the map.
        settings: the others of `embed`.

    Returns:
        float32 [M, 2], and the parameters and versions for the record.
    """
    chosen = np.sort(np.random.default_rng(seed).permutation(len(mu))[:count])
    start = None if init is None else init[chosen]
    places, facts = embed(mu[chosen], init=start, seed=seed, **settings)
    xy = np.empty((len(mu), 2), np.float32)
    xy[chosen] = places
    others = np.setdiff1d(np.arange(len(mu)), chosen)
    landmarks = mu[chosen]
    for first in range(0, len(others), AT_ONCE):
        rows = others[first : first + AT_ONCE]
        xy[rows] = place_many(mu[rows], landmarks, places)
    return xy, {**facts, "landmarks": len(chosen)}
