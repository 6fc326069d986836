"""Two checkpoints that encoded the same faces: their maps, the neighbourhoods that both have, and their errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.measured import measured
from app.checkpoints.opening import OpenModel
from latent.neighbourhoods import Neighbourhoods, compare_atlases
from latent.two_maps import laid_on
from models.checkpoint_files import CheckpointFiles
from models.data.attributes import ATTRIBUTES, JUDGING, plain_name

ASKED = 1000  # faces whose neighbourhoods are compared


@dataclass(frozen=True, eq=False)
class Against:
    """What two models say of the N faces that both have encoded.

    Attributes:
        first, second: float32 [N, 2], where they lie on each map, in one frame within [0, 1].
        asked: int64 [K], which of them were asked for their neighbours.
        shared: what came of it, for these K in this order.
    """

    first: NDArray[np.float32]
    second: NDArray[np.float32]
    asked: NDArray[np.int64]
    shared: Neighbourhoods


def faces_in_common(first: OpenModel, second: OpenModel) -> int:
    """How many pictures both have encoded."""
    if first.atlas is None or second.atlas is None:
        return 0
    return len(np.intersect1d(first.atlas.image, second.atlas.image))


def compare(first: OpenModel, second: OpenModel, progress: Callable[[float], None]) -> Against:
    """Lay the maps of two models, whose atlases have pictures in common, on each other and count shared neighbours.

    Args:
        first, second: the models.
        progress: told the share that is done, 0 to 1; what it raises ends the work.
    """
    a, b = first.atlas, second.atlas
    assert a is not None
    assert b is not None
    both, rows_a, rows_b = np.intersect1d(a.image, b.image, return_indices=True)
    shared = compare_atlases(a, b, ASKED, without=JUDGING, progress=progress)
    return Against(*laid_on(a.xy[rows_a], b.xy[rows_b]), np.searchsorted(both, shared.image), shared)


def measured_errors(files: CheckpointFiles) -> dict[str, float]:
    """The error of a pixel of 255 (root mean square) among test faces with an attribute, by its name; empty where
    evaluate.py has not measured these weights.
    """
    groups = measured(files).get("groups")
    if not isinstance(groups, Mapping):
        return {}
    found = {name: _error(groups.get(plain_name(name))) for name in ATTRIBUTES if name not in JUDGING}
    return {name: error for name, error in found.items() if error is not None}


def _error(group: Any) -> float | None:
    decibels = group.get("psnr_db") if isinstance(group, Mapping) else None
    return float(255 * 10 ** (-decibels / 20)) if isinstance(decibels, int | float) else None
