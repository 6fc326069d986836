"""Two maps of the same faces laid on top of each other, so that the way from one to the other says something."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def laid_on(
    first: NDArray[np.floating], second: NDArray[np.floating]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Two maps in one frame: the second turned, mirrored and scaled so that each face lies as near to itself as it can.

    A map's orientation means nothing: UMAP's is chance. Shapes are left as they are.

    Args:
        first, second: places [N, 2] of the same faces.

    Returns:
        float32 [N, 2] each, within [0, 1], the first as it was but for the frame.

    Source: orthogonal Procrustes (Schoenemann 1966).
    """
    a, b = (np.asarray(places, np.float64) - np.mean(places, 0, np.float64) for places in (first, second))
    u, _strengths, v = np.linalg.svd(b.T @ a)
    scale = np.sqrt(np.square(a).sum() / max(float(np.square(b).sum()), 1e-12))
    both = np.stack([a, scale * b @ (u @ v)])
    low = both.min((0, 1))
    frame = (both - low) / max(float((both.max((0, 1)) - low).max()), 1e-12)
    return frame[0].astype(np.float32), frame[1].astype(np.float32)
