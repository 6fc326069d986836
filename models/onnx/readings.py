"""How the numbers of a brought pair may be meant: each reading is tried on faces, and the best one tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.config import Channels, ForeignConfig
from models.onnx.conventions import pictures_out
from models.onnx.network_pair import NetworkPair

RANGES: tuple[tuple[float, float], ...] = ((0, 1), (-1, 1), (0, 255))
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Mean and standard deviation of ImageNet's pixels as RGB, which many networks expect.

Source: torchvision's documentation of its pretrained models.
"""
PIXEL_KEYS = ("value_range", "output_range", "mean", "std")


def errors(pair: NetworkPair, x: Tensor) -> dict[ForeignConfig, float]:
    """Mean squared error of rebuilt pictures under each reading that could be meant, the declared one first.

    Args:
        pair: the networks.
        x: pictures float32 [N, 3, S, S] in [0, 1].
    """
    found = {}
    for inwards in _inwards(pair.config):
        read = pair.read_as(inwards)
        drawn = read.drawn(read.encode(x))
        for span in dict.fromkeys([pair.config.range_out, *RANGES]):
            reading = plain(replace(inwards, output_range=span))
            rebuilt = torch.from_numpy(np.array(pictures_out(drawn, reading), np.float32)).clamp(0, 1)
            found[reading] = float((rebuilt - x).square().mean())
    return found


def plain(config: ForeignConfig) -> ForeignConfig:
    """The same reading said in as few words as it can be."""
    if config.mean is not None:
        return replace(config, value_range=config.range_out, output_range=None)
    return replace(config, output_range=None) if config.output_range == config.value_range else config


def _inwards(config: ForeignConfig) -> Iterator[ForeignConfig]:
    """What the encoder may take, the declared reading first."""
    yield config
    orders: tuple[Channels, ...] = ("grey",) if config.channels == "grey" else ("RGB", "BGR")
    for order, span in product(orders, RANGES):
        if (order, span, None) != (config.channels, config.value_range, config.mean):
            yield replace(config, channels=order, value_range=span, mean=None, std=None)
    for order in orders:
        mean, std = IMAGENET if order == "RGB" else (values[::-1] for values in IMAGENET)
        if order == "grey":
            continue
        if (order, mean, std) != (config.channels, config.mean, config.std):
            yield replace(config, channels=order, mean=mean, std=std)


def differences(config: ForeignConfig, other: ForeignConfig) -> dict[str, Any]:
    """What to change in a configuration so that pixels are read as in another."""
    found = {key: getattr(other, key) for key in PIXEL_KEYS}
    return {key: value for key, value in found.items() if value != getattr(config, key)}


def words(config: ForeignConfig, other: ForeignConfig) -> str:
    """The same in a sentence."""

    def inwards(of: ForeignConfig) -> str:
        if of.mean == IMAGENET[0] or of.mean == IMAGENET[0][::-1]:
            return "pixels less ImageNet's mean, over its deviation"
        if of.mean is not None:
            return f"pixels less the mean {list(of.mean)}"
        return f"pixel values from {of.value_range[0]} to {of.value_range[1]}"

    def outwards(of: ForeignConfig) -> str:
        return f"pixel values from {of.range_out[0]} to {of.range_out[1]}"

    into, out = inwards(config) != inwards(other), outwards(config) != outwards(other)
    if into and out and inwards(other) == outwards(other):
        return f"The networks expect {inwards(other)}, not {inwards(config).removeprefix('pixel values from ')}."
    parts = [f"The encoder expects {inwards(other)}, not {inwards(config)}."] if into else []
    parts += [f"The decoder draws {outwards(other)}, not {outwards(config)}."] if out else []
    return " ".join(parts)
