"""A layer of a network, as diagrams tell of it: without torch, so that it can be read from a file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Part = Literal["encoder", "decoder", "classifier"]


@dataclass(frozen=True)
class Layer:
    """One layer that has weights.

    Attributes:
        part: "encoder", "decoder" or "classifier".
        kind: "convolution", "transposed convolution" or "linear layer".
        shape: of what it gives for one picture: (channels, height, width) or (numbers,).
        weights: how many numbers training found for it.
        beside: it belongs to a linear path, a shortcut, a residual block or a mapping of latents.
    """

    part: Part
    kind: str
    shape: tuple[int, ...]
    weights: int
    beside: bool = False

    @property
    def numbers(self) -> int:
        """How many numbers it gives for one picture."""
        return math.prod(self.shape)


def layers_as_arrays(layers: Sequence[Layer]) -> dict[str, NDArray[Any]]:
    """Layers for a file: what each of them has by the name of the field, a layer a row; shapes end with zeros."""
    longest = max((len(layer.shape) for layer in layers), default=0)
    shapes = [layer.shape + (0,) * (longest - len(layer.shape)) for layer in layers]
    rest = ("part", "kind", "weights", "beside")
    return {"shape": np.array(shapes), **{name: np.array([getattr(one, name) for one in layers]) for name in rest}}


def layers_from_arrays(arrays: Mapping[str, NDArray[Any]]) -> tuple[Layer, ...]:
    """The layers that `layers_as_arrays` was given."""
    columns = (arrays[name].tolist() for name in ("part", "kind", "shape", "weights", "beside"))
    rows = zip(*columns, strict=True)
    return tuple(Layer(part, kind, tuple(filter(None, shape)), *rest) for part, kind, shape, *rest in rows)
