"""What an autoencoder can do, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from models.config import LatentConfig

if TYPE_CHECKING:  # torch takes two seconds to import
    import torch
    from torch import Tensor


@runtime_checkable
class LatentModel(Protocol):
    """An AE or a VAE: pictures float32 [N, 3, S, S] in [0, 1] to latents float32 [N, D] and back.

    `models.networks.Autoencoder` is one of ours; `models.onnx.network_pair.NetworkPair` was brought from elsewhere.
    """

    @property
    def config(self) -> LatentConfig:
        """What is known of it."""

    @property
    def is_variational(self) -> bool:
        """Whether the encoder returns a distribution (VAE) or a code (AE)."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """`mu` [N, D] of pictures [N, 3, S, S], and `logvar` [N, D] (log of the variance) or None for an AE."""

    def encode(self, x: Tensor) -> Tensor:
        """Pictures [N, 3, S, S] to latents [N, D]: AE code or posterior mean. Deterministic."""

    def decode(self, z: Tensor) -> Tensor:
        """Latents [N, D] to pictures [N, 3, S, S] in [0, 1]."""
