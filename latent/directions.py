"""Directions away from a point, and the banks of sliders that they make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latent.posterior import AggregatePosterior

UNUSED_NATS = 0.01
"""A VAE dimension whose mean KL is under this carries next to nothing."""


@dataclass(frozen=True)
class Mark:
    """A place on a slider.

    Attributes:
        at: the weight there.
        share: how many of the held-out faces read as having the attribute from there on, such as "50 %".
    """

    at: float
    share: str


@dataclass(frozen=True, eq=False)
class Direction:
    """A direction with the range of weights that a slider offers.

    Attributes:
        key: stable identifier, such as "dim-17".
        name: what people read, such as "Dimension 17".
        vector: float32 [D]; a weight of 1 moves the point by this vector.
        low, high, step: the range of the weight.
        unit: what a weight of 1 means, such as "sd" (one standard deviation).
        note: one more fact, such as "KL 2.31 nats".
        unused: a dimension that carries next to nothing.
        start: the weight where the slider rests.
        origin: the weight at which the point itself lies; the point moves by (weight - origin) * vector.
        hint: what the note means, in a sentence.
        ends: what the face has at the slider's low and at its high end, such as ("without", "with"); empty for nothing.
        path: float32 [P, D] or None. A way that is not straight: what is added to the point at P weights in equal
            steps from `low` to `high`, with straight lines in between. It takes the place of the vector.
        marks: places that the slider shows.
        group: under which heading it stands; sliders of one group follow each other.
    """

    key: str
    name: str
    vector: NDArray[np.float32]
    low: float = -3.0
    high: float = 3.0
    step: float = 0.05
    unit: str = "sd"
    note: str = ""
    unused: bool = False
    start: float = 0.0
    origin: float = 0.0
    hint: str = ""
    ends: tuple[str, str] = ("", "")
    path: NDArray[np.float32] | None = None
    marks: tuple[Mark, ...] = ()
    group: str = ""

    def offset(self, weight: float) -> NDArray[np.float64]:
        """What a weight adds to the point: float64 [D]."""
        if self.path is None:
            return (weight - self.origin) * self.vector.astype(np.float64)
        last = len(self.path) - 1
        place = min(max((weight - self.low) / (self.high - self.low) * last, 0.0), float(last))
        before = min(int(place), last - 1)
        share = place - before
        knots = self.path[before : before + 2].astype(np.float64)
        return (1 - share) * knots[0] + share * knots[1]


@dataclass(frozen=True, eq=False)
class Bank:
    """A named set of directions that are shown together. What is worked out from it is kept by the object it is."""

    key: str
    name: str
    directions: tuple[Direction, ...]


def coordinates(mu: NDArray[np.floating], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far points [M, D] lie along a direction [D]: float32 [M], in standard deviations from their mean."""
    along = mu.astype(np.float32) @ vector
    return (along - along.mean()) / max(float(along.std()), 1e-12)


def dimension_bank(posterior: AggregatePosterior, effect: NDArray[np.floating]) -> Bank:
    """The unit axes, each scaled to one standard deviation of draws.

    Args:
        posterior: of the data, D dimensions.
        effect: [D], how much one standard deviation of each dimension changes the picture (the same measure for
            AE and VAE). The strongest comes first; dimensions that a VAE does not use come last.
    """
    sd = posterior.sd
    unused = np.zeros(len(sd), bool) if posterior.kl is None else posterior.kl < UNUSED_NATS
    order = np.lexsort((-effect, unused))
    directions = []
    for i in order:
        vector = np.zeros(len(sd), np.float32)
        vector[i] = sd[i]
        note = "" if posterior.kl is None else f"KL {posterior.kl[i]:.2f} nats"
        directions.append(
            Direction(f"dim-{i}", f"Dimension {i}", vector, note=note, unused=bool(unused[i])),
        )
    return Bank("dimensions", "Dimensions", tuple(directions))


def principal_bank(posterior: AggregatePosterior, count: int = 32) -> Bank:
    """The `count` strongest principal components of the aggregate posterior, each scaled to one standard deviation.

    The sign is fixed so that the largest entry is positive; otherwise it would depend on the solver.
    """
    values, vectors = np.linalg.eigh(posterior.covariance.astype(np.float64))
    total = values.sum()
    directions = []
    for rank, i in enumerate(np.argsort(-values)[:count], 1):
        vector = vectors[:, i] * np.sign(vectors[np.abs(vectors[:, i]).argmax(), i])
        scaled = (vector * np.sqrt(max(values[i], 0))).astype(np.float32)
        note = f"{values[i] / total:.1%} of the variance"
        directions.append(Direction(f"pc-{rank}", f"Component {rank}", scaled, note=note))
    return Bank("principal", "Principal components", tuple(directions))


def morph_bank(z: NDArray[np.float32], targets: dict[str, NDArray[np.float32]]) -> Bank:
    """From a point towards others, in a straight line: weight 0 stays, weight 1 arrives.

    Args:
        z: [D], the current point.
        targets: latents [D] by their names.
    """
    directions = tuple(
        Direction(f"morph-{name}", name, (target - z).astype(np.float32), 0.0, 1.0, 0.01, unit="")
        for name, target in targets.items()
    )
    return Bank("morphs", "Morphs", directions)


def noise_bank(logvar: NDArray[np.float32], count: int = 8, seed: int = 0) -> Bank:
    """Draws from a face's posterior: sigma * eps for seeded eps, so that weight 1 of one slider is one draw.

    Args:
        logvar: [D], natural log of the posterior's variance.
        count: how many draws.
        seed: of the first one.
    """
    sigma = np.exp(0.5 * logvar)
    directions = tuple(
        Direction(
            f"noise-{seed + i}",
            f"Draw {i + 1}",
            (sigma * np.random.default_rng(seed + i).standard_normal(len(sigma))).astype(np.float32),
            low=0.0,
            unit="",
            note=f"seed {seed + i}",
        )
        for i in range(count)
    )
    return Bank("noise", "Posterior noise", directions)
