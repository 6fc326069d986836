"""What a network is made of, found by sending an empty picture through it: for diagrams that must not be typed."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import nn

from models.classifier import AttributeClassifier
from models.networks import Autoencoder

Part = Literal["encoder", "decoder", "classifier"]
KINDS: dict[type[nn.Module], str] = {
    nn.Conv2d: "convolution",
    nn.ConvTranspose2d: "transposed convolution",
    nn.Linear: "linear layer",
}


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


@torch.no_grad()
def layers(network: Autoencoder | AttributeClassifier) -> tuple[Layer, ...]:
    """The layers of an AE, a VAE or a classifier in the order in which a picture passes them.

    A copy without content ("meta") is run, so nothing is computed and the network itself is left alone.
    """
    hollow = copy.deepcopy(network).to("meta")
    found: list[Layer] = []

    def note(path: str, module: nn.Module, output: torch.Tensor) -> None:
        part: Part = "classifier"
        if isinstance(network, Autoencoder):
            part = "encoder" if path.startswith("encoder") else "decoder"
        weights = sum(parameter.numel() for parameter in module.parameters())
        beside = not {"linear", "downsample", "blocks", "mapping"}.isdisjoint(path.split("."))
        found.append(Layer(part, KINDS[type(module)], tuple(output.shape[1:]), weights, beside))

    for path, module in hollow.named_modules():
        if type(module) in KINDS:
            module.register_forward_hook(lambda module, _, output, path=path: note(path, module, output))
    side = network.config.image_size
    x = torch.empty(1, 3, side, side, device="meta")
    if isinstance(hollow, Autoencoder):
        hollow.decode(hollow.encoder(x)[:, : network.config.latent_dim])
    else:
        hollow(x)
    return tuple(found)
