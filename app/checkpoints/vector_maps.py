"""Maps of vectors whose model stays elsewhere, each made by a process of its own, which can be cancelled."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.server.child_process import Process, get_ready, work_of
from app.texts import N_
from evaluation.vector_map import pack_order

PROGRAM = work_of("evaluation.vector_map")
MOST_SECONDS = 1800
MOST_VECTORS = 50_000
SAID = (N_("Laying out the map"), N_("Making the pictures small"))
"""What the program says in words; it stands below the app and knows no catalogue."""


class VectorMap(Process):
    """A run of `evaluation.vector_map`.

    Attributes:
        xy: float32 [N, 2], once it is there.
        pictures: JPEGs, one for each vector; none where none were brought.
    """

    def __init__(self, z: NDArray[np.float32], files: Mapping[str, bytes]) -> None:
        """Start it; the arguments are those of `pack_order`.

        Raises:
            OSError: the system gives no process.
        """
        self.xy: NDArray[np.float32] | None = None
        self.pictures: list[bytes] = []
        super().__init__(PROGRAM, pack_order(z, files), MOST_SECONDS)

    def _take(self, message: dict[str, Any]) -> None:
        super()._take(message)
        if "picture" in message:
            self.pictures.append(base64.b64decode(message["picture"]))
        if "xy" in message:
            self.xy = np.array(message["xy"], np.float32)


def prepare() -> None:
    """Have the program import what it needs, for an order that will soon come."""
    get_ready(PROGRAM)
