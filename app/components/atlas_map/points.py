"""Where the marker of the current point stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.components.atlas_map.message import LatentPoint, PlacedPoint, RowPoint


@dataclass(frozen=True, eq=False)
class Current:
    """A current point that was placed among the map's own already, so that a browser need not have the codes of all.

    Attributes:
        point: a row of the atlas, or a latent [D].
        z: float32 [D], the point with the sliders that a link has set.
        xy: float32 [2], the place of `z`.
    """

    point: int | NDArray[np.floating]
    z: NDArray[np.float32]
    xy: NDArray[np.float32]


def point_message(current: int | NDArray[np.floating] | Current | None) -> RowPoint | LatentPoint | None:
    """The point as the browser is told of it."""
    point = current.point if isinstance(current, Current) else current
    if point is None:
        return None
    if isinstance(point, int | np.integer):
        return {"id": f"row {point}", "row": int(point)}
    values = np.asarray(point, np.float32).tolist()
    return {"id": f"z {hash(tuple(values))}", "z": values}


def placed_message(current: object) -> PlacedPoint | None:
    """Its place, where that is known."""
    if not isinstance(current, Current):
        return None
    x, y = current.xy.tolist()
    return {"z": current.z.tolist(), "x": x, "y": y}
