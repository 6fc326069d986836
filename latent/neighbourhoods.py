"""What two models that encoded the same pictures agree on: who is near whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas
from latent.attribute_axes import PRESENT
from latent.map_quality import NEIGHBOURS, neighbours_shared

FEWEST = 5  # faces with an attribute that a mean is told of


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """What two models agree on about who is near whom, of N faces that both have encoded.

    Attributes:
        image: int32 [N], the faces that were asked, by number.
        kept: float64 [N], of a face's ten nearest in the one model, the share that is among its ten nearest in the
            other, 0 to 1.
        chance: the share that two models without anything in common would keep.
        by_attribute: the mean share among faces with the attribute.
    """

    image: NDArray[np.int32]
    kept: NDArray[np.float64]
    chance: float
    by_attribute: Mapping[str, float]


def compare_atlases(
    a: Atlas,
    b: Atlas,
    asked: int,
    *,
    seed: int = 0,
    without: Collection[str] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> Neighbourhoods:
    """Which neighbourhoods of one atlas survive in another of the same pictures, or of some of them.

    Args:
        a, b: the atlases; their order of pictures does not matter.
        asked: how many faces, at most.
        seed: chooses them.
        without: attributes that no mean is told of.
        progress: told the share that is done, 0 to 1; what it raises ends the work.

    Raises:
        ValueError: they have fewer than twenty pictures in common.
    """
    both, rows_a, rows_b = np.intersect1d(a.image, b.image, return_indices=True)
    if len(both) < 2 * NEIGHBOURS:
        raise ValueError(
            f"the maps have {len(both)} pictures in common; at least {2 * NEIGHBOURS} are needed. Build both from one "
            "folder of pictures."
        )
    rows = np.sort(np.random.default_rng(seed).permutation(len(both))[:asked])
    kept = neighbours_shared(a.mu[rows_a], b.mu[rows_b], rows, progress=progress)
    present = a.scores[rows_a][rows] > PRESENT
    means = {
        name: float(kept[has].mean())
        for name, has in zip(a.attributes, present.T, strict=True)
        if has.sum() >= FEWEST and name not in without
    }
    return Neighbourhoods(both[rows], kept, NEIGHBOURS / (len(both) - 1), means)
