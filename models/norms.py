"""A decoder with the norms of another one: the same pictures, written in other weights.

Two decoders with the same norms are blended alike in torch, which blends weights and norms, and in the browser, which
blends what both make together.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from models.networks import Decoder

MOST_SCALED = 8.0
"""A norm is taken from another decoder if weights grow or shrink by less than that."""


def take_norms(decoder: Decoder, other: Decoder) -> None:
    """Let a decoder draw what it draws with the scales and batch statistics of another one's norms.

    A norm scales each channel, and so do the weights before it: what the one does otherwise the others make good. A
    norm that nearly switches a channel off is not taken, for the weights before it would have to be huge.

    Args:
        decoder: is changed, in place.
        other: of the same layers.
    """
    for (layer, norm), (_, wanted) in zip(_normed(decoder), _normed(other), strict=True):
        mean, variance = _statistics(norm)
        wanted_mean, wanted_variance = _statistics(wanted)
        with torch.no_grad():
            scale = norm.weight / (variance + norm.eps).sqrt()  # [C], what a channel is multiplied by
            new_scale = wanted.weight / (wanted_variance + wanted.eps).sqrt()
            ratio = scale / new_scale
            if not ((ratio.abs() < MOST_SCALED) & (ratio.abs() > 1 / MOST_SCALED)).all():
                continue
            norm.bias.add_(wanted_mean * new_scale - mean * scale)
            norm.weight.copy_(wanted.weight)
            mean.copy_(wanted_mean)
            variance.copy_(wanted_variance)
            _scale(layer, ratio)


def _normed(decoder: Decoder) -> list[tuple[nn.Module, nn.BatchNorm2d]]:
    """The layers of a decoder that are followed by a norm, each with it."""
    layers = [layer for layer in (*decoder.stem, *decoder.convolutions) if not isinstance(layer, nn.Unflatten)]
    return [(layer, norm) for layer, norm in pairwise(layers) if isinstance(norm, nn.BatchNorm2d)]


def _statistics(norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Its mean and variance [C], which it always has here."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    return norm.running_mean, norm.running_var


def _scale(layer: nn.Module, ratio: Tensor) -> None:
    """Multiply what a layer gives out, channel by channel, by `ratio` [C]."""
    if isinstance(layer, nn.Linear):  # its outputs are the places of the first channel, then those of the second, ...
        by_place = ratio.repeat_interleave(layer.out_features // len(ratio))
        layer.weight.mul_(by_place[:, None])
        layer.bias.mul_(by_place)
    else:
        assert isinstance(layer, nn.ConvTranspose2d)
        assert layer.bias is None
        layer.weight.mul_(ratio[:, None, None])  # [before, C, K, K]
