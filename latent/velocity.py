"""The network of a learned prior: which way, and how fast, a point moves at a time between noise and face. In numpy.

`latent.flow` integrates it; `latent.flow_training` holds the same network in torch and trains it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FREQUENCIES = 32  # of the sinusoidal features of time
FASTEST = 100.0  # radians a unit of time
CONDITION = 128  # numbers that time and attributes are summed up in
EPSILON = 1e-5  # of the layer normalisation, torch's own
MOST_GUIDANCE = 10.0
MOST_DIMENSIONS, MOST_WIDTH, MOST_BLOCKS, MOST_ATTRIBUTES = 4096, 4096, 32, 1000


class PriorError(ValueError):
    """A learned prior cannot be used or made; the message names the file, what was expected and what to do."""


@dataclass(frozen=True)
class FlowConfig:
    """The shape of a learned prior.

    Attributes:
        latent_dim: D, of the checkpoint.
        attributes: the A names that it can be asked for, in the order of the atlas.
        width: numbers in each hidden layer.
        blocks: residual blocks.
        steps: of Heun's method between noise and face, the fewest that keep the quality.
        guidance: how much the attributes count where nobody says otherwise.
    """

    latent_dim: int
    attributes: tuple[str, ...] = ()
    width: int = 512
    blocks: int = 4
    steps: int = 8
    guidance: float = 1.0

    def __post_init__(self) -> None:
        limits = {
            "latent_dim": MOST_DIMENSIONS,
            "width": MOST_WIDTH,
            "blocks": MOST_BLOCKS,
            "steps": 1000,
        }
        for name, most in limits.items():
            value = getattr(self, name)
            if type(value) is not int or not 1 <= value <= most:
                raise PriorError(f"{name} must be a whole number from 1 to {most}, not {value!r}.")
        if type(self.guidance) not in (int, float) or not 0 <= self.guidance <= MOST_GUIDANCE:
            raise PriorError(f"guidance must be a number from 0 to {MOST_GUIDANCE:g}, not {self.guidance!r}.")
        if len(self.attributes) > MOST_ATTRIBUTES or not all(isinstance(name, str) for name in self.attributes):
            raise PriorError(f"attributes must be at most {MOST_ATTRIBUTES} names.")
        if len(set(self.attributes)) != len(self.attributes):
            raise PriorError("attributes must not name one twice.")


def parameter_shapes(config: FlowConfig) -> dict[str, tuple[int, ...]]:
    """Name and shape of every parameter, as torch names them."""
    width, latent_dim = config.width, config.latent_dim
    layers = {"time": (CONDITION, 2 * FREQUENCIES), "mixed": (CONDITION, CONDITION), "input": (width, latent_dim)}
    for k in range(config.blocks):
        layers[f"blocks.{k}.modulation"] = (2 * width, CONDITION)
        layers[f"blocks.{k}.first"] = layers[f"blocks.{k}.second"] = (width, width)
    layers["output"] = (latent_dim, width)
    shapes: dict[str, tuple[int, ...]] = {}
    for name, shape in layers.items():
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = shape, shape[:1]
    if config.attributes:
        shapes["told.weight"] = (CONDITION, 2 * len(config.attributes))
    return shapes


def time_features(t: float | NDArray[np.floating]) -> NDArray[np.float32]:
    """Sines and cosines of times [...] in [0, 1]: float32 [..., 64].

    Source: Vaswani et al. 2017, "Attention is all you need", section 3.5.
    """
    angles = np.multiply.outer(np.asarray(t, np.float64), np.geomspace(1.0, FASTEST, FREQUENCIES))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=-1).astype(np.float32)


def gaussian_share(t: float) -> float:
    """The velocity at time t is this times the point, if the faces themselves are N(0, I): all noise goes nowhere far.

    For x = (1 - t) eps + t y with eps and y both N(0, I), E[y - eps | x] = (2t - 1) / ((1 - t)^2 + t^2) x. The network
    learns only what differs from it, so that before the first step it is the fitted Gaussian.
    """
    return (2 * t - 1) / variance(t)


def variance(t: float) -> float:
    """The variance of a point at time t on the way from N(0, I) to N(0, I)."""
    return (1 - t) ** 2 + t**2


@dataclass(frozen=True, eq=False)
class Velocity:
    """The network with its parameters, float32, named and shaped as `parameter_shapes` has it."""

    config: FlowConfig
    parameters: Mapping[str, NDArray[np.float32]]

    def __call__(
        self, x: NDArray[np.float32], t: float, told: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Velocities [N, D] of whitened points [N, D] at a time t in [0, 1].

        Args:
            x: the points.
            t: 0 is noise, 1 is a face.
            told: [N, 2A], attributes in [-1, 1] and which of them are told (1 or 0), or None: nothing is.

        Source: Peebles and Xie 2023, "Scalable diffusion models with transformers", for the modulated normalisation.
        """
        condition = self._linear("time", time_features(t))
        if told is not None:
            condition = condition + told @ self.parameters["told.weight"].T
        condition = _silu(self._linear("mixed", _silu(condition)))
        hidden = self._linear("input", x / np.float32(math.sqrt(variance(t))))
        for k in range(self.config.blocks):
            scale, shift = np.split(self._linear(f"blocks.{k}.modulation", condition), 2, axis=-1)
            inner = self._linear(f"blocks.{k}.first", _normalised(hidden) * (1 + scale) + shift)
            hidden = hidden + self._linear(f"blocks.{k}.second", _silu(inner))
        return self._linear("output", _normalised(hidden)) + np.float32(gaussian_share(t)) * x

    def _linear(self, name: str, x: NDArray[np.float32]) -> NDArray[np.float32]:
        return x @ self.parameters[f"{name}.weight"].T + self.parameters[f"{name}.bias"]


def _normalised(x: NDArray[np.float32]) -> NDArray[np.float32]:
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt(np.square(centred).mean(-1, keepdims=True) + np.float32(EPSILON))


def _silu(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return x / (1 + np.exp(np.maximum(-x, np.float32(-80))).clip(max=np.float32(1e30)))
