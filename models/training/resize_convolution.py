"""Training a decoder without the grid that transposed convolutions like to draw.

Each of the four phases of a 4 x 4 kernel of stride 2 draws every other row and column, and nothing makes the phases
agree; a loss that rewards texture then finds it cheap to draw the same hatch everywhere. Repeating each pixel twice and
convolving with 3 x 3 draws no such pattern from an even input, and is the transposed convolution whose 4 x 4 kernel is
a 3 x 3 kernel smeared by a 2 x 2 box. So 3 x 3 kernels are trained and the 4 x 4 kernels made from them are what is
run and kept: the decoder that comes out is of the same shape and costs the same.
Source: Odena et al. 2016, "Deconvolution and Checkerboard Artifacts".
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize

from models.classifier import AttributeClassifier
from models.config import ModelConfig
from models.networks import Autoencoder, build_network

ROUNDING = 1e-2
"""What rounding the weights of a checkpoint to eight bits may change, as a share of the largest (1 / 254)."""


class _Smeared(nn.Module):
    """Kernels [A, B, 3, 3] to kernels [A, B, 4, 4]: each 3 x 3 smeared by a box of 2 x 2."""

    def forward(self, kernel: Tensor) -> Tensor:
        """The average over a box times two, so that fresh weights keep about their size."""
        return 2 * F.avg_pool2d(F.pad(kernel, (1, 1, 1, 1)), 2, stride=1)

    def right_inverse(self, kernel: Tensor) -> Tensor:
        """Where training starts: the 3 x 3 kernels that `kernel` was made from.

        Most 4 x 4 kernels are not made from any; for such fresh ones, 3 x 3 kernels of weights of the same size.
        """
        smearing = self(torch.eye(9).unflatten(1, (1, 3, 3))).flatten(1).to(kernel)  # [9, 16]
        small = (kernel.flatten(2) @ torch.linalg.pinv(smearing)).unflatten(2, (3, 3))
        near = float((self(small) - kernel).abs().max()) <= ROUNDING * float(kernel.abs().max())
        return small if near else kernel[..., :3, :3].clone()


class _Even(nn.Module):
    """Kernels [A, B, K, K] to those nearest whose four phases have the same sum."""

    def forward(self, kernel: Tensor) -> Tensor:
        """What each phase has more than the average phase is taken off its weights in equal parts."""
        phases = kernel.unflatten(3, (-1, 2)).unflatten(2, (-1, 2))  # [A, B, K/2, 2, K/2, 2]
        means = phases.mean((2, 4), keepdim=True)
        even = phases - means + means.mean((3, 5), keepdim=True)
        return even.flatten(4, 5).flatten(2, 3)

    def right_inverse(self, kernel: Tensor) -> Tensor:
        """Where training starts: a smeared kernel's phases are even as they are."""
        return kernel


def constrain(network: nn.Module, free: int = 0) -> None:
    """Let the 4 x 4 transposed convolutions of `network` be trained as resize-convolutions, but for the last `free`.

    What a smeared kernel passes of the finest structure is next to nothing, so the last layers may do without. Their
    phases then differ in all but their sums: they draw no pattern from an even input, either.
    `parametrize` makes the kernels anew from their weights in each forward pass.
    """
    layers = [layer for layer in network.modules() if isinstance(layer, nn.ConvTranspose2d)]
    for place, layer in enumerate(layers):
        if place >= len(layers) - free:
            parametrize.register_parametrization(layer, "weight", _Even(), unsafe=True)
        elif layer.kernel_size == (4, 4):
            parametrize.register_parametrization(layer, "weight", _Smeared(), unsafe=True)


def plain(network: Autoencoder | AttributeClassifier, config: ModelConfig) -> Autoencoder | AttributeClassifier:
    """A copy of `network` as it runs, with the kernels made, which says of itself what `config` says."""
    state = network.state_dict()
    for path, layer in network.named_modules():
        if parametrize.is_parametrized(layer):
            del state[f"{path}.parametrizations.weight.original"]
            state[f"{path}.weight"] = layer.weight.detach()
    # Not `copy.deepcopy`: a copied parametrized layer shares its class, and undoing it there breaks the original.
    with torch.device("meta"):  # its own weights would only be thrown away
        ordinary = build_network(config)
    ordinary.load_state_dict({name: tensor.clone() for name, tensor in state.items()}, assign=True)
    return ordinary.train(network.training)
