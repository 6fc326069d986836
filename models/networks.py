"""The networks: a convolutional encoder and decoder, the autoencoder around them, a classifier.

Letters in the shape comments: N pictures in a batch, S `image_size`, D `latent_dim`.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from models.config import ModelConfig

SMALLEST_MAP = 4  # the encoder halves the picture until 4 x 4 pixels are left


def channels_by_stage(config: ModelConfig) -> list[int]:
    """Channels after each halving, from the picture inwards: width, 2 width, ... at most 8 width."""
    halvings = int(math.log2(config.image_size // SMALLEST_MAP))
    return [config.width * min(8, 2**stage) for stage in range(halvings)]


class Encoder(nn.Module):
    """Picture to `outputs` numbers: 4 x 4 convolutions of stride 2, then one linear layer."""

    def __init__(self, config: ModelConfig, outputs: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        previous = 3
        for channels in channels_by_stage(config):
            layers += [
                nn.Conv2d(previous, channels, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(channels),
                nn.LeakyReLU(0.2),
            ]
            previous = channels
        self.convolutions = nn.Sequential(*layers)
        self.head = nn.Linear(previous * SMALLEST_MAP**2, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures [N, 3, S, S] to [N, outputs]."""
        features = self.convolutions(x)  # [N, 8 width, 4, 4]
        return self.head(features.flatten(1))  # [N, outputs]


class Decoder(nn.Module):
    """Latent to picture: one linear layer, then 4 x 4 transposed convolutions of stride 2."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        channels = channels_by_stage(config)[::-1]
        self.stem = nn.Sequential(
            nn.Linear(config.latent_dim, channels[0] * SMALLEST_MAP**2),
            nn.Unflatten(1, (channels[0], SMALLEST_MAP, SMALLEST_MAP)),
            nn.BatchNorm2d(channels[0]),
            nn.ReLU(),
        )
        layers: list[nn.Module] = []
        for before, after in pairwise(channels):
            layers += [
                nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]
        layers += [nn.ConvTranspose2d(channels[-1], 3, 4, stride=2, padding=1), nn.Sigmoid()]
        self.convolutions = nn.Sequential(*layers)

    def forward(self, z: Tensor) -> Tensor:
        """Latents [N, D] to pictures [N, 3, S, S] in [0, 1]."""
        return self.convolutions(self.stem(z))  # [N, 3, S, S] in [0, 1]


class Autoencoder(nn.Module):
    """An AE or a VAE: the VAE's encoder returns a mean and a log variance for each dimension.

    Source: Kingma and Welling 2014, "Auto-Encoding Variational Bayes", appendix C.2 and section 2.4.
    """

    def __init__(self, config: ModelConfig) -> None:
        if config.kind not in ("ae", "vae"):
            raise ValueError(f"an autoencoder is of kind ae or vae, not {config.kind!r}.")
        super().__init__()
        self.config = config
        self.encoder = Encoder(config, config.latent_dim * (2 if config.kind == "vae" else 1))
        self.decoder = Decoder(config)

    @property
    def is_variational(self) -> bool:
        """Whether the encoder returns a distribution (VAE) or a code (AE)."""
        return self.config.kind == "vae"

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """The posterior q(z|x) of each picture.

        Args:
            x: float32 [N, 3, S, S] in [0, 1].

        Returns:
            `mu` [N, D], and `logvar` [N, D] (natural log of the variance) or None for an AE.
        """
        outputs = self.encoder(x).float()
        if not self.is_variational:
            return outputs, None
        mu, logvar = outputs.chunk(2, dim=1)  # [N, D] each
        return mu, logvar

    def encode(self, x: Tensor) -> Tensor:
        """Pictures float32 [N, 3, S, S] in [0, 1] to latents [N, D]: AE code or posterior mean. Deterministic."""
        return self.posterior(x)[0]

    def decode(self, z: Tensor) -> Tensor:
        """Latents [N, D] to pictures float32 [N, 3, S, S] in [0, 1]."""
        return self.decoder(z).float()

    def forward(self, x: Tensor, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor, Tensor | None]:
        """Reconstruct through a draw from the posterior (VAE) or through the code (AE).

        Returns:
            reconstruction [N, 3, S, S], `mu` [N, D], `logvar` [N, D] or None.
        """
        mu, logvar = self.posterior(x)
        z = mu if logvar is None else reparameterize(mu, logvar, generator)
        return self.decode(z), mu, logvar


def reparameterize(mu: Tensor, logvar: Tensor, generator: torch.Generator | None) -> Tensor:
    """Draw z = mu + sigma * eps with eps ~ N(0, I), so that gradients reach `mu` and `logvar`.

    Source: Kingma and Welling 2014, equation 10. Shapes [N, D].
    """
    eps = torch.randn(mu.shape, generator=generator, device=mu.device, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * eps


class AttributeClassifier(nn.Module):
    """A small residual network that reads `config.latent_dim` yes-or-no attributes off a picture.

    Source of the block: He et al. 2016, "Deep Residual Learning", as torchvision has it.
    """

    def __init__(self, config: ModelConfig) -> None:
        # Late, because importing torchvision takes a second that only the classifier should cost.
        from torchvision.models.resnet import BasicBlock

        super().__init__()
        self.config = config
        width = config.width
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()
        )
        stages: list[nn.Module] = []
        previous = width
        for channels, stride in ((width, 1), (2 * width, 2), (4 * width, 2), (8 * width, 2)):
            shortcut = (
                None
                if stride == 1
                else nn.Sequential(
                    nn.Conv2d(previous, channels, 1, stride=stride, bias=False), nn.BatchNorm2d(channels)
                )
            )
            stages.append(BasicBlock(previous, channels, stride, shortcut))
            previous = channels
        self.stages = nn.Sequential(*stages)
        self.head = nn.Linear(previous, config.latent_dim)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures float32 [N, 3, S, S] in [0, 1] to logits [N, attributes]."""
        features = self.stages(self.stem(x))  # [N, 8 width, S/16, S/16]
        return self.head(features.mean(dim=(2, 3))).float()


def build_network(config: ModelConfig) -> Autoencoder | AttributeClassifier:
    """The network that `config` describes, with fresh weights."""
    return AttributeClassifier(config) if config.kind == "classifier" else Autoencoder(config)


def memory_format(config: ModelConfig) -> torch.memory_format:
    """The memory layout in which the network is fastest.

    Channels-last pays only for channel counts in multiples of 8, and with others oneDNN (in torch 2.14) has been seen
    to corrupt memory in the backward pass.
    """
    return torch.channels_last if config.width % 8 == 0 else torch.contiguous_format
