"""What a network is made of, found by sending an empty picture through it: for diagrams that must not be typed."""

from __future__ import annotations

import copy

import torch
from torch import nn

from models.classifier import AttributeClassifier
from models.layer import Layer, Part
from models.networks import Autoencoder

KINDS: dict[type[nn.Module], str] = {
    nn.Conv2d: "convolution",
    nn.ConvTranspose2d: "transposed convolution",
    nn.Linear: "linear layer",
}


@torch.no_grad()
def layers(network: Autoencoder | AttributeClassifier) -> tuple[Layer, ...]:
    """The layers of an AE, a VAE or a classifier in the order in which a picture passes them.

    A copy that shares the weights is run, so that the network itself is left alone: others may be using it. (One
    without content, on torch's "meta" device, would load a compiler and sympy first, as long as torch itself takes.)
    """
    twin = copy.deepcopy(network, {id(tensor): tensor for tensor in (*network.parameters(), *network.buffers())})
    found: list[Layer] = []

    def note(path: str, module: nn.Module, output: torch.Tensor) -> None:
        part: Part = "classifier"
        if isinstance(network, Autoencoder):
            part = "encoder" if path.startswith("encoder") else "decoder"
        weights = sum(parameter.numel() for parameter in module.parameters())
        beside = not {"linear", "downsample", "blocks", "mapping"}.isdisjoint(path.split("."))
        found.append(Layer(part, KINDS[type(module)], tuple(output.shape[1:]), weights, beside))

    for path, module in twin.named_modules():
        if type(module) in KINDS:
            module.register_forward_hook(lambda module, _, output, path=path: note(path, module, output))
    side = network.config.image_size
    x = torch.zeros(1, 3, side, side, device=next(network.parameters()).device)
    if isinstance(twin, Autoencoder):
        twin.decode(twin.encoder(x)[:, : network.config.latent_dim])
    else:
        twin(x)
    return tuple(found)
