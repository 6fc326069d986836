"""Checkpoints made elsewhere: `encoder.onnx` and `decoder.onnx` with a small `config.json`, run by onnxruntime.

ONNX files are data: onnxruntime gets their bytes alone, so a file cannot name another one.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.checkpoint_files import BROUGHT_DECODER_FILE, ENCODER_FILE, CheckpointError, CheckpointFiles
from models.config import ForeignConfig
from models.onnx.checked_graph import read_onnx
from models.onnx.conventions import code_and_spread, drawn_shape, logvar_of, pictures_in, pictures_out
from models.onnx.network_session import NetworkSession


class NetworkPair:
    """A brought pair of networks as a `models.latent_model.LatentModel`: whatever their conventions, it speaks ours.

    Attributes:
        config: how their numbers are read.
        latent_shape: of one latent as the decoder takes it; (D,) where it takes rows of numbers.
    """

    device = torch.device("cpu")

    def __init__(
        self,
        config: ForeignConfig,
        encoder: NetworkSession | None,
        decoder: NetworkSession,
        latent_shape: tuple[int, ...],
    ) -> None:
        self.config, self.latent_shape = config, latent_shape
        self._encoder, self._decoder = encoder, decoder

    @property
    def is_variational(self) -> bool:
        """Whether the encoder returns a distribution (VAE) or a code (AE)."""
        return self.config.kind == "vae"

    def read_as(self, config: ForeignConfig) -> NetworkPair:
        """The same two networks under another declaration."""
        return NetworkPair(config, self._encoder, self._decoder, self.latent_shape)

    @property
    def rows(self) -> int | None:
        """The batch size that is baked into the decoder, where one is."""
        return self._decoder.rows

    def encoded(self, x: Tensor) -> dict[str, NDArray[np.float32]]:
        """All that the encoder gives for pictures [N, 3, S, S] in [0, 1], by name and as it comes.

        Raises:
            CheckpointError: it takes something else than the configuration says, or only a decoder was brought.
        """
        if self._encoder is None:
            raise CheckpointError("Only a decoder was brought, so no picture can be encoded.")
        return self._encoder.run(pictures_in(x.numpy().astype(np.float32), self.config))

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """As of every `LatentModel`.

        Raises:
            CheckpointError: the encoder takes or gives something else than the configuration says.
        """
        code, spread = code_and_spread(self.encoded(x), self.config)
        mu = torch.from_numpy(np.ascontiguousarray(code))
        return mu, None if spread is None else torch.from_numpy(np.array(logvar_of(spread, self.config), np.float32))

    def encode(self, x: Tensor) -> Tensor:
        """As of every `LatentModel`; raises as `posterior`."""
        return self.posterior(x)[0]

    def drawn(self, z: Tensor) -> NDArray[np.float32]:
        """What the decoder draws of latents [N, D], as it comes: [N, C, S, S] or [N, S, S, C].

        Raises:
            CheckpointError: it takes or gives something else than the configuration says.
        """
        given = next(iter(self._decoder.run(z.numpy().astype(np.float32).reshape(len(z), *self.latent_shape)).values()))
        if list(given.shape[1:]) != drawn_shape(self.config):
            wanted = ["N", *drawn_shape(self.config)]
            raise CheckpointError(
                f"{BROUGHT_DECODER_FILE} gives {list(given.shape)}, but config.json asks for pictures {wanted}. "
                "Correct image_size, channels or layout, or export another decoder."
            )
        return given

    def decode(self, z: Tensor) -> Tensor:
        """As of every `LatentModel`; raises as `drawn`."""
        pictures = pictures_out(self.drawn(z), self.config)
        return torch.from_numpy(np.array(pictures, np.float32)).clamp(0, 1)


def open_pair(files: CheckpointFiles) -> NetworkPair:
    """Open a brought checkpoint, ready to encode and decode on the CPU.

    Raises:
        CheckpointError: a file is missing, too large, damaged, no plain ONNX, or does not fit the configuration.
    """
    assert isinstance(files.config, ForeignConfig)
    encoder, decoder = (read_onnx(path)[1] for path in files.weights_paths)
    return pair_of(files.config, encoder, decoder)


def pair_of(config: ForeignConfig, encoder: bytes, decoder: bytes) -> NetworkPair:
    """Open both networks, given as the bytes that `read_onnx` has checked, and send an example through each.

    Raises:
        CheckpointError: one cannot be opened, or has other shapes than the configuration says.
    """
    sessions = NetworkSession(encoder, ENCODER_FILE), NetworkSession(decoder, BROUGHT_DECODER_FILE)
    pair = NetworkPair(config, *sessions, latent_shape=())
    grey = torch.full((2, 3, config.image_size, config.image_size), 0.5)  # two, since a batch size may be baked in
    given = pair.encoded(grey)
    code, _ = code_and_spread(given, config)
    pair.latent_shape = _latent_shape(config, sessions[1], [array.shape[1:] for array in given.values()])
    for name, numbers in ((ENCODER_FILE, code), (BROUGHT_DECODER_FILE, pair.drawn(torch.zeros(2, config.latent_dim)))):
        if not np.isfinite(numbers).all():
            raise CheckpointError(f"{name} gives values that are not finite numbers. Export it again.")
    return pair


def decoder_alone(config: ForeignConfig, decoder: bytes) -> NetworkPair:
    """Open a decoder without its encoder, given as the bytes that `parse_onnx` has checked: a pair that only decodes.

    Raises:
        CheckpointError: it cannot be opened, or has other shapes than the configuration says.
    """
    session = NetworkSession(decoder, BROUGHT_DECODER_FILE)
    return NetworkPair(config, None, session, _latent_shape(config, session, []))


def _latent_shape(config: ForeignConfig, decoder: NetworkSession, encoded: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Of one latent: what config.json says, else the decoder, else what the encoder gives.

    Raises:
        CheckpointError: nothing tells.
    """
    if config.latent_shape is not None:
        return config.latent_shape
    sides = decoder.shape[1:]
    if len(sides) == 1:
        return (config.latent_dim,)
    known = tuple(side for side in sides if side is not None)
    if len(known) == len(sides) and math.prod(known) == config.latent_dim:
        return known
    for shape in encoded:
        if len(shape) == len(sides) and math.prod(shape) == config.latent_dim:
            return shape
        if len(shape) == len(sides) and math.prod(shape) == 2 * config.latent_dim:
            halved = -1 if config.layout == "NHWC" else 0
            return tuple(side // 2 if at == halved % len(shape) else side for at, side in enumerate(shape))
    if len(known) < len(sides) and math.prod(known) == config.latent_dim:
        return tuple(side or 1 for side in sides)
    takes = ["N", *(side or "?" for side in sides)]
    raise CheckpointError(
        f"{decoder.name} takes latents {takes}, but config.json asks for {config.latent_dim} numbers. "
        "Correct latent_dim, or say latent_shape in config.json."
    )
