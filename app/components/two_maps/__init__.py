"""Two maps of the same faces, one becoming the other under a slider; nothing is sent while it moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.components import component
from app.components.two_maps.message import TwoMapsMessage
from app.server.published import frontend_base, publish_bytes

_mount = component("two_maps")


@dataclass(frozen=True, eq=False)
class TwoMaps:
    """What is shown.

    Attributes:
        first, second: float32 [N, 2], where the same faces lie on each map, in [0, 1], y upwards.
        colours: uint8 [N, 3], of each face; later faces are drawn over earlier ones.
        names: of the two models.
    """

    first: NDArray[np.float32]
    second: NDArray[np.float32]
    colours: NDArray[np.uint8]
    names: tuple[str, str]


def two_maps(*, key: str, maps: TwoMaps) -> None:
    """Draw the faces and the slider from the first map to the second.

    Args:
        key: of this component on the page.
        maps: what it shows.
    """
    data: TwoMapsMessage = {
        "base": frontend_base(),
        "count": len(maps.first),
        "first": publish_bytes(maps.first.astype("<f4").tobytes(), "first.f32"),
        "second": publish_bytes(maps.second.astype("<f4").tobytes(), "second.f32"),
        "colours": publish_bytes(maps.colours.tobytes(), "colours.rgb"),
        "firstName": maps.names[0],
        "secondName": maps.names[1],
    }
    _mount(key=key, data=data)
