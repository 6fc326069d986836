"""A network's encoder and decoder as ONNX files, as somebody with other conventions would have exported them."""

from __future__ import annotations

import io
import warnings
from typing import Any

import torch
from torch import Tensor, nn

from models.networks import Autoencoder


class TheirEncoder(nn.Module):
    """Takes pictures in another range or order; gives the log of the standard deviation if asked to."""

    def __init__(self, network: Autoencoder, value_range=(0, 1), channels="RGB", spread="logvar") -> None:
        super().__init__()
        self.encoder, self.spread, self.channels = network.encoder, spread, channels
        self.low, self.high = value_range

    def forward(self, x: Tensor) -> Any:
        x = (x.flip(1) if self.channels == "BGR" else x).sub(self.low).div(self.high - self.low)
        if self.spread == "none":
            return self.encoder(x)
        mu, logvar = self.encoder(x).chunk(2, 1)
        return mu, (logvar / 2 if self.spread == "logstd" else logvar)


class TheirDecoder(nn.Module):
    """Draws pictures in another range or order, from latents as maps of one pixel if asked to.

    A stranger to the encoder has its latents in another order, as a decoder of another training run would.
    """

    def __init__(self, network: Autoencoder, value_range=(0, 1), channels="RGB", as_map=False, stranger=False) -> None:
        super().__init__()
        self.decoder, self.channels, self.as_map, self.stranger = network.decoder, channels, as_map, stranger
        self.low, self.high = value_range

    def forward(self, z: Tensor) -> Tensor:
        z = z.flatten(1) if self.as_map else z
        picture = self.decoder(z.flip(1) if self.stranger else z).mul(self.high - self.low).add(self.low)
        return picture.flip(1) if self.channels == "BGR" else picture


def exported(module: nn.Module, example: Tensor) -> bytes:
    """An ONNX file of any batch size."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package says that it is the old one
        torch.onnx.export(
            module.eval(), (example,), buffer, input_names=["x"], dynamic_axes={"x": {0: "N"}}, dynamo=False
        )
    return buffer.getvalue()


def foreign_pair(
    network: Autoencoder, as_map: bool = False, stranger: bool = False, **conventions: Any
) -> tuple[bytes, bytes]:
    """Encoder and decoder under other conventions: `value_range`, `channels`, `spread`; or strangers to each other."""
    config = network.config
    spread = conventions.pop("spread", "logvar" if config.kind == "vae" else "none")
    encoder = exported(
        TheirEncoder(network, spread=spread, **conventions), torch.zeros(1, 3, config.image_size, config.image_size)
    )
    z = torch.zeros(1, config.latent_dim, *([1, 1] if as_map else []))
    return encoder, exported(TheirDecoder(network, as_map=as_map, stranger=stranger, **conventions), z)
