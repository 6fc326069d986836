"""Sliders that move the noise of a face, and what becomes of the face: ways where the prior is normal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from latent.directions import Bank, Direction
from latent.flow import Flow
from latent.paths import walk
from latent.samplers import noise

KNOTS = 9  # places on each way at which the flow is run; straight lines lie in between
STEPS = 12  # of the flow
SHORTEST, LONGEST = 0.5, 1.5
FRESH = 3


def noise_ways(flow: Flow, eps: NDArray[np.floating], targets: Mapping[str, NDArray[np.floating]]) -> Bank:
    """Ways from a face's noise: towards that of other faces and of none, along arcs, and to shorter or longer noise.

    Arcs keep the length, which is what noise of many dimensions has in common; a straight line would leave it. Each
    slider alone shows where the flow carries the moved noise, up to `KNOTS`; of several, what they add is added up.

    Args:
        flow: the learned prior.
        eps: [D], the face's noise.
        targets: noise [D] of other faces by their names.
    """
    dimensions, centre = len(eps), np.zeros(len(eps))
    fresh = noise(FRESH, 0, 1.0, dimensions)
    goals = {
        **{f"Towards {name}": one for name, one in targets.items()},
        **{f"Other noise {i}": one for i, one in enumerate(fresh, 1)},
    }
    arcs = [walk([eps, goal], KNOTS, "spherical", centre) for goal in goals.values()]
    stretched = np.linspace(SHORTEST, LONGEST, KNOTS)[:, None] * eps
    moved = np.concatenate([stretched, *arcs]).astype(np.float32)
    ends = flow.path(moved, steps=STEPS)[-1].reshape(len(goals) + 1, KNOTS, dimensions)
    length = Direction(
        "noise-length",
        "Length of the noise",
        np.zeros(dimensions, np.float32),
        low=SHORTEST,
        high=LONGEST,
        step=0.01,
        unit="",
        start=1.0,
        origin=1.0,
        ends=("shorter", "longer"),
        path=ends[0] - ends[0, KNOTS // 2],
    )
    ways = (
        Direction(
            f"noise-way-{i}",
            name,
            np.zeros(dimensions, np.float32),
            low=0.0,
            high=1.0,
            step=0.01,
            unit="",
            path=way - way[0],
        )
        for i, (name, way) in enumerate(zip(goals, ends[1:], strict=True))
    )
    return Bank("noise-ways", "Through noise", (length, *ways))
