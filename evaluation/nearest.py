"""Whether samples are copies: how far they lie from the training code that is nearest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BATCH = 500


def nearest_distances(
    z: NDArray[np.float32], codes: NDArray[np.float32], scale: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Distance of each point [N, D] to the nearest of some codes [T, D], in units of `scale` [D]: float32 [N].

    Samples that lie nearer to the training codes than held-out faces do were learnt by heart.
    """
    unit = np.maximum(scale, 1e-12)
    a, b = z / unit, codes / unit
    lengths = np.square(b).sum(1)
    found = [
        (np.square(part).sum(1) + (lengths - 2 * (part @ b.T)).min(1))
        for part in (a[start : start + BATCH] for start in range(0, len(a), BATCH))
    ]
    return np.sqrt(np.maximum(np.concatenate(found), 0)).astype(np.float32)
