"""How much a direction changes the picture, and which attributes it moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latent.directions import Direction
from models.data.attributes import ATTRIBUTES, JUDGING

if TYPE_CHECKING:  # torch takes two seconds to import, which who reads what was judged need not wait for
    from models.classifier import AttributeClassifier
    from models.latent_model import LatentModel

MOVED = 0.1  # a mean change of a reading, of 1, that counts


@dataclass(frozen=True, eq=False)
class Judged:
    """What a weight of +1 against one of -1 does to some faces, on average.

    Attributes:
        direction: which.
        change: of a pixel, the root of the mean square, of 255.
        moved: attributes whose reading changes by at least a tenth, with the change (-1 to 1), the largest first.
    """

    direction: Direction
    change: float
    moved: dict[str, float]


def judge(
    network: LatentModel, classifier: AttributeClassifier, directions: Sequence[Direction], z: NDArray[np.floating]
) -> list[Judged]:
    """Judge directions on faces [K, D]: the largest change first. Attributes that judge people are not read."""
    import torch

    from models.images import to_uint8
    from models.metrics import read_decoded

    found = []
    for direction in directions:
        ends = [(z + sign * direction.vector).astype(np.float32) for sign in (-1, 1)]
        with torch.inference_mode():
            low, high = (to_uint8(network.decode(torch.from_numpy(end))).astype(np.float64) for end in ends)
        before, after = (read_decoded(network, classifier, end) for end in ends)
        means = (after - before).mean(0)
        moved = {
            ATTRIBUTES[i]: round(float(means[i]), 3)
            for i in np.argsort(-np.abs(means))
            if abs(means[i]) >= MOVED and ATTRIBUTES[i] not in JUDGING
        }
        found.append(Judged(direction, float(np.sqrt(np.square(high - low).mean())), moved))
    return sorted(found, key=lambda one: -one.change)
