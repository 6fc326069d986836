"""The live training runs, and what they have said so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.server.child_process import Process, get_ready, work_of
from app.texts import N_
from latent import tiny_flow
from models.training.tiny import Epoch, pack_order, unpack

PROGRAM = work_of("models.training.tiny")
FLOW_PROGRAM = work_of("latent.tiny_flow")
SAID = (N_("Gathering the faces"), N_("Too few of the pictures can be read."))
"""What the programs say in words; they stand below the app and know no catalogue."""


class LiveRun(Process):
    """A run of `models.training.tiny`.

    Attributes:
        total: epochs that were ordered.
        used: rows of the order's faces that it trains on, int64 [N]; None while they are gathered.
        faces: uint8 [H, 32, 32, 3], the held-out faces; None until they are known.
        epochs: what was seen so far, by the kind of the network.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        latents: NDArray[np.float32] | None,
        faces: NDArray[np.uint8] | None = None,
    ) -> None:
        """Start it.

        Args:
            settings, latents: for `models.training.tiny.pack_order`.
            faces: the held-out ones, if they are known already; the process says them too.

        Raises:
            OSError: the system gives no process.
        """
        self.total = int(settings["epochs"])
        self.used: NDArray[np.int64] | None = None
        self.faces = faces
        self.epochs: dict[str, list[Epoch]] = {}
        super().__init__(PROGRAM, pack_order(settings, latents), settings["seconds"], says_when_it_begins=True)

    def _take(self, message: dict[str, Any]) -> None:
        super()._take(message)
        if "epoch" in message:
            epoch = Epoch.from_message(message["epoch"])
            self.epochs.setdefault(epoch.kind, []).append(epoch)
        if "faces" in message:
            self.faces = unpack(message["faces"])
        if "used" in message:
            self.used = np.array(message["used"], np.int64)


class FlowRun(Process):
    """A run of `latent.tiny_flow`.

    Attributes:
        first: float32 [SHOWN, D], what it draws before it has learned; there at once.
        looks: what was seen so far.
    """

    def __init__(
        self, codes: NDArray[np.float32], logvar: NDArray[np.float32] | None, held: int, plan: tiny_flow.Plan
    ) -> None:
        """Start it.

        Args:
            codes, logvar, held, plan: for `latent.tiny_flow.pack_order`.

        Raises:
            OSError: the system gives no process.
        """
        self.first = tiny_flow.first_draws(codes.shape[1])
        self.looks: list[tiny_flow.Look] = []
        order = tiny_flow.pack_order(codes, logvar, held, plan)
        super().__init__(FLOW_PROGRAM, order, plan.seconds, says_when_it_begins=True)

    def _take(self, message: dict[str, Any]) -> None:
        super()._take(message)
        if "look" in message:
            self.looks.append(tiny_flow.Look(**message["look"]))


def expect_a_run(program: Sequence[str] = PROGRAM) -> None:
    """Let a process import torch while the visitor is still reading: so its first picture is there in seconds."""
    get_ready(program)
