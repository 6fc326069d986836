"""Two faces that differ in one attribute and hardly in anything else: what an analogy can carry over to a third."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas
from latent.attribute_axes import AttributeAxis

SURELY_WITHOUT, SURELY_WITH = 26, 229  # of 255
LEAST, MOST = 1.4, 2.5
"""How far apart along the attribute's direction: enough to be seen in another face, and not beyond all faces."""
CANDIDATES = 400


def telling_pair(atlas: Atlas, axis: AttributeAxis, seed: int = 0) -> tuple[int, int] | None:
    """The rows of a face without an attribute and of one with it that are most alike in all else.

    Alike is the distance of their codes at a right angle to the attribute's direction, in units of its length.

    Args:
        atlas: the faces.
        axis: of the attribute.
        seed: of the choice of up to 400 faces of each kind.

    Returns:
        (without, with), or None where no two faces lie as far apart along the direction as an analogy needs.
    """
    scores = atlas.scores[:, atlas.attributes.index(axis.attribute)]
    random = np.random.default_rng(seed)
    a, b = (
        random.permutation(np.flatnonzero(chosen))[:CANDIDATES]
        for chosen in (scores <= SURELY_WITHOUT, scores >= SURELY_WITH)
    )
    if not len(a) or not len(b):
        return None
    z, y = atlas.mu[a].astype(np.float32), atlas.mu[b].astype(np.float32)
    along = axis.standing(y)[None] - axis.standing(z)[:, None]
    squared = _squared(z, y) / max(float(axis.vector @ axis.vector), 1e-12) - along**2
    squared[(along < LEAST) | (along > MOST)] = np.inf
    i, j = np.unravel_index(squared.argmin(), squared.shape)
    return (int(a[i]), int(b[j])) if np.isfinite(squared[i, j]) else None


def _squared(z: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    return ((z**2).sum(1)[:, None] + (y**2).sum(1)[None] - 2 * z @ y.T).astype(np.float32)
