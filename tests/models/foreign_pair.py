"""A network's encoder and decoder as ONNX files, as somebody with other conventions would have exported them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.networks import Autoencoder


@dataclass(frozen=True)
class Conventions:
    """Somebody else's habits.

    Attributes:
        value_range, output_range, mean, std, channels, layout, spread: as in `ForeignConfig`.
        latent_map: the shape of one latent, where it is no row of numbers.
        stranger: the decoder is of another training run: its latents are in another order.
        draw_first: the encoder returns a draw before mean and spread.
        batch: rows that are baked in by a Reshape.
    """

    value_range: Sequence[float] = (0, 1)
    output_range: Sequence[float] | None = None
    mean: Sequence[float] | None = None
    std: Sequence[float] | None = None
    channels: str = "RGB"
    layout: str = "NCHW"
    spread: str = "logvar"
    latent_map: tuple[int, ...] = ()
    stranger: bool = False
    draw_first: bool = False
    batch: int = -1


class TheirEncoder(nn.Module):
    """Takes pictures, and gives what it knows, as they are used to."""

    def __init__(self, network: Autoencoder, habits: Conventions) -> None:
        super().__init__()
        self.encoder, self.habits, self.pixels = network.encoder, habits, network.config.image_size

    def forward(self, x: Tensor) -> Any:
        habits = self.habits
        if habits.batch > 0:
            x = x.reshape(habits.batch, *x.shape[1:])
        x = x.permute(0, 3, 1, 2) if habits.layout == "NHWC" else x
        if habits.mean is not None and habits.std is not None:
            x = x * torch.tensor(habits.std)[:, None, None] + torch.tensor(habits.mean)[:, None, None]
        else:
            low, high = habits.value_range
            x = (x - low) / (high - low)
        if habits.channels == "grey":
            x = x.expand(-1, 3, -1, -1)
        outputs = self.encoder(x.flip(1) if habits.channels == "BGR" else x)
        if habits.spread == "none":
            return self._shaped(outputs)
        mu, logvar = outputs.chunk(2, 1)
        spread = {
            "logvar": logvar,
            "logstd": logvar / 2,
            "variance": logvar.exp(),
            "std": (logvar / 2).exp(),
        }[habits.spread]
        draw = (mu + torch.randn_like(mu),) if habits.draw_first else ()
        return tuple(self._shaped(part) for part in (*draw, mu, spread))

    def _shaped(self, code: Tensor) -> Tensor:
        return code.unflatten(1, self.habits.latent_map) if self.habits.latent_map else code


class TheirDecoder(nn.Module):
    """Draws pictures as they are used to."""

    def __init__(self, network: Autoencoder, habits: Conventions) -> None:
        super().__init__()
        self.decoder, self.habits = network.decoder, habits

    def forward(self, z: Tensor) -> Tensor:
        habits = self.habits
        if habits.batch > 0:
            z = z.reshape(habits.batch, *z.shape[1:])
        z = z.flatten(1) if habits.latent_map else z
        low, high = habits.output_range or habits.value_range
        picture = self.decoder(z.flip(1) if habits.stranger else z).mul(high - low).add(low)
        if habits.channels == "grey":
            picture = picture.mean(1, keepdim=True)
        picture = picture.flip(1) if habits.channels == "BGR" else picture
        return picture.permute(0, 2, 3, 1) if habits.layout == "NHWC" else picture


def exported(module: nn.Module, example: Tensor, inputs: str = "x", outputs: Sequence[str] = ()) -> bytes:
    """An ONNX file of any batch size."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs no further package says that it is the old one
        torch.onnx.export(
            module.eval(),
            (example,),
            buffer,
            input_names=[inputs],
            output_names=[*outputs],
            dynamic_axes={name: {0: "N"} for name in (inputs, *outputs)},
            dynamo=False,
        )
    return buffer.getvalue()


def foreign_pair(network: Autoencoder, as_map: bool = False, **habits: Any) -> tuple[bytes, bytes]:
    """Encoder and decoder under other `Conventions`; `as_map`: latents are maps of one pixel."""
    config = network.config
    if as_map:
        habits["latent_map"] = (config.latent_dim, 1, 1)
    their = Conventions(**{"spread": "logvar" if config.kind == "vae" else "none"} | habits)
    colours, side, rows = 1 if their.channels == "grey" else 3, config.image_size, max(their.batch, 1)
    x = torch.zeros(rows, side, side, colours) if their.layout == "NHWC" else torch.zeros(rows, colours, side, side)
    z = torch.zeros(rows, *(their.latent_map or [config.latent_dim]))
    return exported(TheirEncoder(network, their), x), exported(TheirDecoder(network, their), z)
