"""What each layer makes of one picture, and what the decoder draws where some of its channels are switched off.

The stages are walked by hand: forward hooks on a network that several threads share would hear each other's pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from models.networks import LINEAR_SHRINK, Autoencoder, Decoder, Encoder


@dataclass(frozen=True, eq=False)
class FeatureMaps:
    """One picture on its way through an autoencoder.

    Attributes:
        encoder: float32 [C, H, W] behind each convolution of the encoder, from the picture inwards.
        decoder: float32 [C, H, W], at least 0, behind the decoder's linear layer and each of its convolutions but the
            last, which gives the picture.
    """

    encoder: tuple[NDArray[np.float32], ...]
    decoder: tuple[NDArray[np.float32], ...]


@torch.inference_mode()
def feature_maps(network: Autoencoder, picture: Tensor, z: Tensor) -> FeatureMaps:
    """All maps of one picture.

    Args:
        network: in eval mode.
        picture: float32 [1, 3, S, S] in [0, 1], for the encoder.
        z: float32 [1, D], for the decoder.
    """
    decoder = network.decoder
    return FeatureMaps(
        tuple(features[0].float().numpy() for features in _encoder_stages(network.encoder, picture)),
        tuple(features[0].float().numpy() for features in _decoder_stages(decoder, decoder.placed(z), -1, ())),
    )


@torch.inference_mode()
def decode_without(network: Autoencoder, z: Tensor, stage: int, off: Sequence[int]) -> Tensor:
    """Latents [N, D] to pictures [N, 3, S, S] in [0, 1] with some channels of one stage set to 0.

    A linear path beside the convolutions, where there is one, goes on as ever.

    Args:
        network: in eval mode.
        z: float32 [N, D].
        stage: which of `FeatureMaps.decoder`.
        off: its channels that are switched off.
    """
    decoder = network.decoder
    z = decoder.placed(z)
    features = _decoder_stages(decoder, z, stage, off)[-1]
    picture: Tensor = _last(decoder)(features)
    if decoder.linear is not None:
        small = decoder.linear(z).unflatten(1, decoder.small)
        picture = picture + F.interpolate(small, scale_factor=LINEAR_SHRINK, mode="bilinear", align_corners=False)
    return picture.float().clamp(0, 1)


def _encoder_stages(encoder: Encoder, x: Tensor) -> list[Tensor]:
    features = F.avg_pool2d(x, encoder.scale) if encoder.scale > 1 else x
    found = []
    for stage, blocks in enumerate(encoder.blocks):
        features = blocks(encoder.convolutions[3 * stage : 3 * stage + 3](features))
        found.append(features)
    return found


def _decoder_stages(decoder: Decoder, z: Tensor, stage: int, off: Sequence[int]) -> list[Tensor]:
    found: list[Tensor] = []
    features = z
    for place, part in enumerate([decoder.stem, *_middle(decoder)]):
        features = part(features)
        if place == stage and off:
            features = features.clone()
            features[:, list(off)] = 0
        found.append(features)
    return found


def _count(decoder: Decoder) -> int:
    """How many convolutions have a rectifier behind them."""
    return sum(isinstance(layer, nn.ReLU) for layer in decoder.convolutions)


def _middle(decoder: Decoder) -> list[nn.Sequential]:
    return [decoder.convolutions[3 * stage : 3 * stage + 3] for stage in range(_count(decoder))]


def _last(decoder: Decoder) -> nn.Sequential:
    return decoder.convolutions[3 * _count(decoder) :]
