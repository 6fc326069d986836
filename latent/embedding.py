"""The UMAP map of many points. Apart from `projection.py`, because importing umap costs seconds and 200 MB."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

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
