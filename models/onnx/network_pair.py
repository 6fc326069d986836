"""Checkpoints made elsewhere: `encoder.onnx` and `decoder.onnx` with a small `config.json`, run by onnxruntime.

ONNX files are data: onnxruntime gets their bytes alone, so a file cannot name another one.
"""

from __future__ import annotations

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime import InferenceSession
from torch import Tensor

from models.checkpoint_files import BROUGHT_DECODER_FILE, ENCODER_FILE, CheckpointError, CheckpointFiles
from models.config import ForeignConfig
from models.onnx.checked_graph import read_onnx


class NetworkPair:
    """A brought pair of networks as a `models.latent_model.LatentModel`: whatever their conventions, it speaks ours."""

    device = torch.device("cpu")

    def __init__(self, config: ForeignConfig, encoder: InferenceSession, decoder: InferenceSession) -> None:
        self.config = config
        self._encoder, self._decoder = encoder, decoder

    @property
    def is_variational(self) -> bool:
        """Whether the encoder returns a distribution (VAE) or a code (AE)."""
        return self.config.kind == "vae"

    def read_as(self, config: ForeignConfig) -> NetworkPair:
        """The same two networks under another declaration."""
        return NetworkPair(config, self._encoder, self._decoder)

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """As of every `LatentModel`.

        Raises:
            CheckpointError: the encoder takes or gives something else than the configuration says.
        """
        config, (low, high) = self.config, self.config.value_range
        seen = x.numpy().astype(np.float32) * (high - low) + low
        given = _run(self._encoder, seen[:, ::-1] if config.channels == "BGR" else seen, ENCODER_FILE)
        flat = [array.reshape(len(x), -1) for array in given]
        wanted = config.latent_dim * (2 if self.is_variational else 1)
        both = np.concatenate(flat[: 2 if self.is_variational else 1], axis=1)
        if both.shape[1] != wanted:
            shapes = " and ".join(str(list(array.shape)) for array in given)
            raise CheckpointError(
                f"{ENCODER_FILE} gives {shapes} for {len(x)} picture(s), but config.json asks for {wanted} numbers "
                f"a picture (latent_dim {config.latent_dim}, spread {config.spread}). Correct the one or the other."
            )
        mu, spread = (torch.from_numpy(part.copy()) for part in np.split(both, [config.latent_dim], axis=1))
        if not self.is_variational:
            return mu, None
        return mu, 2 * spread if config.spread == "logstd" else spread

    def encode(self, x: Tensor) -> Tensor:
        """As of every `LatentModel`; raises as `posterior`."""
        return self.posterior(x)[0]

    def decode(self, z: Tensor) -> Tensor:
        """As of every `LatentModel`.

        Raises:
            CheckpointError: the decoder takes or gives something else than the configuration says.
        """
        config, (low, high) = self.config, self.config.value_range
        rank = len(self._decoder.get_inputs()[0].shape)
        points = z.numpy().astype(np.float32).reshape(len(z), -1, *[1] * (rank - 2))
        pictures = _run(self._decoder, points, BROUGHT_DECODER_FILE)[0]
        if pictures.shape[1:] != (3, config.image_size, config.image_size):
            raise CheckpointError(
                f"{BROUGHT_DECODER_FILE} gives {list(pictures.shape)}, but config.json asks for pictures "
                f"[N, 3, {config.image_size}, {config.image_size}]. Correct image_size, or export another decoder."
            )
        pictures = (pictures[:, ::-1] if config.channels == "BGR" else pictures) - low
        return torch.from_numpy(np.ascontiguousarray(pictures / (high - low), np.float32)).clamp(0, 1)


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
    pair = NetworkPair(config, _session(encoder, ENCODER_FILE), _session(decoder, BROUGHT_DECODER_FILE))
    grey = torch.full((1, 3, config.image_size, config.image_size), 0.5)
    for name, given in (
        (ENCODER_FILE, pair.encode(grey)),
        (BROUGHT_DECODER_FILE, pair.decode(torch.zeros(1, config.latent_dim))),
    ):
        if not torch.isfinite(given).all():
            raise CheckpointError(f"{name} gives values that are not finite numbers. Export it again.")
    return pair


def _session(content: bytes, name: str) -> InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common ancestor of their own
        raise CheckpointError(f"onnxruntime cannot open {name}. Export it again, with an older opset.") from error
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type != "tensor(float)" or len(inputs[0].shape) not in (2, 4):
        raise CheckpointError(f"{name} must have one float32 input of two or four axes. Export it again.")
    return session


def _run(session: InferenceSession, batch: NDArray[np.float32], name: str) -> list[NDArray[np.float32]]:
    """All outputs for a batch; one at a time where the network was exported for one.

    Raises:
        CheckpointError: the network does not take such an input.
    """
    entry = session.get_inputs()[0]
    batch = np.ascontiguousarray(batch)
    try:
        if not isinstance(entry.shape[0], int) or entry.shape[0] == len(batch):
            return [np.asarray(array, np.float32) for array in session.run(None, {entry.name: batch})]
        rows = [session.run(None, {entry.name: one[None]}) for one in batch]
        return [np.concatenate(parts).astype(np.float32) for parts in zip(*rows, strict=True)]
    except Exception as error:  # onnxruntime's errors have no common ancestor of their own
        raise CheckpointError(
            f"{name} takes {list(entry.shape)} and not {list(batch.shape)}. Correct config.json, or export it again."
        ) from error
