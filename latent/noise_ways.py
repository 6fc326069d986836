"""Sliders that move the noise of a face, and what becomes of the face: ways where the prior is normal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from latent.directions import Bank, Direction
from latent.flow import Flow
from latent.paths import between
from latent.samplers import noise

KNOTS = 9  # places on each way at which the flow is run; straight lines lie in between
STEPS = 12  # of the flow
SHORTEST, LONGEST = 0.5, 1.5
FRESH = 3
LENGTH, WAY = "noise-length", "noise-way-"


@dataclass(frozen=True, eq=False)
class NoiseWays:
    """Ways from a face's noise: towards that of other faces and of none, along arcs, and to shorter or longer noise.

    Arcs keep the length, which is what noise of many dimensions has in common; a straight line would leave it.

    Attributes:
        flow: the learned prior.
        eps: [D], the face's noise.
        targets: noise [D] of other faces by their names.
    """

    flow: Flow
    eps: NDArray[np.floating]
    targets: Mapping[str, NDArray[np.floating]]

    @property
    def goals(self) -> dict[str, NDArray[np.floating]]:
        """Where the arcs lead, by the sliders' names."""
        fresh = noise(FRESH, 0, 1.0, len(self.eps))
        return {
            **{f"Towards {name}": one for name, one in self.targets.items()},
            **{f"Other noise {i}": one for i, one in enumerate(fresh, 1)},
        }

    def noise_at(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        """The noise float64 [D] to which all sliders together lead.

        What each arc adds is added up, and the sum gets the arcs' own length, so that it is still usual noise.

        Args:
            weights: by the sliders' keys; one that is missing is at rest.
        """
        eps, centre = np.asarray(self.eps, np.float64), np.zeros(len(self.eps))
        shares = np.array([weights.get(f"{WAY}{i}", 0.0) for i in range(len(self.goals))])
        arcs = np.array(
            [between(eps, goal, t, "spherical", centre) for goal, t in zip(self.goals.values(), shares, strict=True)]
        )
        moved = eps + (arcs - eps).sum(0)
        if shares.any():
            wanted = shares @ np.linalg.norm(arcs, axis=1) / shares.sum()
            moved = moved * wanted / max(float(np.linalg.norm(moved)), 1e-9)
        return weights.get(LENGTH, 1.0) * moved

    def sliders(self, weights: Mapping[str, float]) -> tuple[NDArray[np.float32], Bank]:
        """How far the face has come, and where each slider leads from there while the others stay.

        The flow bends, so what two sliders do is not the sum of what each does alone: it is run anew from where they
        stand. The sum of the ways at `weights` is nothing.

        Args:
            weights: where the sliders stand, by their keys; one that is missing is at rest.

        Returns:
            What the moved noise adds to the face's point, float32 [D], and the sliders.
        """
        resting = self._resting()
        places = [{**weights, one.key: at} for one in resting for at in np.linspace(one.low, one.high, KNOTS)]
        moved = np.array([self.noise_at(place) for place in (*places, weights, {})], np.float32)
        ends = self.flow.path(moved, steps=STEPS)[-1]
        ways = ends[:-2].reshape(len(resting), KNOTS, len(self.eps))
        bent = (replace(one, path=way) for one, way in zip(resting, ways, strict=True))
        directions = (
            replace(one, path=(one.path - one.offset(weights.get(one.key, one.start))).astype(np.float32))
            for one in bent
            if one.path is not None
        )
        return ends[-2] - ends[-1], Bank("noise-ways", "Through noise", tuple(directions))

    def _resting(self) -> tuple[Direction, ...]:
        """The sliders without their ways."""
        nothing = np.zeros(len(self.eps), np.float32)
        length = Direction(
            LENGTH,
            "Length of the noise",
            nothing,
            low=SHORTEST,
            high=LONGEST,
            step=0.01,
            unit="",
            start=1.0,
            origin=1.0,
            ends=("shorter", "longer"),
        )
        ways = (
            Direction(f"{WAY}{i}", name, nothing, low=0.0, high=1.0, step=0.01, unit="")
            for i, name in enumerate(self.goals)
        )
        return (length, *ways)
