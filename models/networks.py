"""The networks: a convolutional encoder and decoder, and the autoencoder around them.

Letters in the shape comments: N pictures in a batch, S `image_size`, D `latent_dim`.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.classifier import AttributeClassifier
from models.config import ModelConfig
from models.correction import corrected
from models.latent_model import LatentModel

SMALLEST_MAP = 4  # the encoder halves the picture until 4 x 4 pixels are left
MAPPING_BLOCKS = 2
LINEAR_SHRINK = 4  # the linear paths work on the picture shrunk by so much


def channels_by_stage(width: int, image_size: int) -> list[int]:
    """Channels after each halving, from the picture inwards: width, 2 width, ... at most 8 width."""
    halvings = int(math.log2(image_size // SMALLEST_MAP))
    return [width * min(8, 2**stage) for stage in range(halvings)]


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut; a fresh one passes its input on as it is.

    So blocks can be added to a trained network, which then goes on from where it was.
    Source: He et al. 2016, "Deep Residual Learning"; the start as in Goyal et al. 2017, section 5.1.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        last = nn.BatchNorm2d(channels)
        nn.init.zeros_(last.weight)
        self.layers = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.LeakyReLU(0.2),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            last,
        )

    def forward(self, features: Tensor) -> Tensor:
        """Features [N, C, H, W] to features of the same shape."""
        return features + self.layers(features)


class Encoder(nn.Module):
    """Picture to `outputs` numbers: 4 x 4 convolutions of stride 2, then one linear layer.

    After each convolution come `config.encoder_blocks` residual blocks. With `config.linear_path` a linear map of the
    picture shrunk to a quarter is added to the first D outputs.
    """

    def __init__(self, config: ModelConfig, outputs: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        previous = 3
        self.scale = config.encoder_scale
        for channels in channels_by_stage(config.encoder_width or config.width, config.image_size // self.scale):
            layers += [
                nn.Conv2d(previous, channels, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(channels),
                nn.LeakyReLU(0.2),
            ]
            previous = channels
        self.convolutions = nn.Sequential(*layers)
        self.blocks = nn.ModuleList(
            nn.Sequential(*(ResidualBlock(layer.out_channels) for _ in range(config.encoder_blocks)))
            for layer in layers
            if isinstance(layer, nn.Conv2d)
        )
        self.head = nn.Linear(previous * SMALLEST_MAP**2, outputs)
        self.linear = nn.Linear(_linear_inputs(config), config.latent_dim) if config.linear_path else None
        if self.linear is not None:
            nn.init.zeros_(self.head.weight)
            nn.init.zeros_(self.head.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures [N, 3, S, S] to [N, outputs]."""
        features = F.avg_pool2d(x, self.scale) if self.scale > 1 else x
        for stage, blocks in enumerate(self.blocks):
            features = blocks(self.convolutions[3 * stage : 3 * stage + 3](features))  # in the end [N, 8 width, 4, 4]
        outputs: Tensor = self.head(features.flatten(1))  # [N, outputs]
        if self.linear is None:
            return outputs
        straight = self.linear(shrink(x).flatten(1))  # [N, D]
        return outputs + F.pad(straight, (0, outputs.shape[1] - straight.shape[1]))


class LatentMapping(nn.Module):
    """Latents to latents, before anything is drawn: points of N(0, I) to where faces lie, faces to themselves.

    Taught by `models.training.mapping`. A fresh one changes nothing.
    Source: the mapping network of Karras et al. 2019, "A style-based generator architecture for generative adversarial
    networks", section 2; here with a shortcut, since most of what a VAE decodes is in its place already.
    """

    def __init__(self, latent_dim: int, width: int) -> None:
        super().__init__()
        self.begin = nn.Linear(latent_dim, width)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
            for _ in range(MAPPING_BLOCKS)
        )
        self.end = nn.Sequential(nn.SiLU(), nn.Linear(width, latent_dim))
        for last in (*(block[-1] for block in self.blocks), self.end[-1]):  # type: ignore[index]
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, z: Tensor) -> Tensor:
        """Latents [N, D] to latents [N, D]."""
        features = self.begin(z)  # [N, width]
        for block in self.blocks:
            features = features + block(features)
        moved: Tensor = z + self.end(features)
        return moved


class Decoder(nn.Module):
    """Latent to picture: one linear layer, then 4 x 4 transposed convolutions of stride 2.

    With `config.linear_path` the convolutions draw what a linear picture of a quarter the size, enlarged, leaves out.
    With `config.mapping_width` a small network moves the latents to where faces lie first.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        channels = channels_by_stage(config.width, config.image_size)[::-1]
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
        last = nn.ConvTranspose2d(channels[-1], 3, config.last_kernel, stride=2, padding=config.last_kernel // 2 - 1)
        self.linear = nn.Linear(config.latent_dim, _linear_inputs(config)) if config.linear_path else None
        if self.linear is None:
            layers += [last, nn.Sigmoid()]
        else:
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)  # type: ignore[arg-type]
            layers += [last]
        self.convolutions = nn.Sequential(*layers)
        self.small = (3, config.image_size // LINEAR_SHRINK, config.image_size // LINEAR_SHRINK)
        self.mapping = LatentMapping(config.latent_dim, config.mapping_width) if config.mapping_width else None

    def placed(self, z: Tensor) -> Tensor:
        """Latents [N, D] where the layers take them up: as they are where there is no mapping."""
        return z if self.mapping is None else self.mapping(z)

    def forward(self, z: Tensor) -> Tensor:
        """Latents [N, D] to pictures [N, 3, S, S]; with a linear path a little may lie outside [0, 1]."""
        z = self.placed(z)
        picture: Tensor = self.convolutions(self.stem(z))  # [N, 3, S, S]
        if self.linear is None:
            return picture
        small = self.linear(z).unflatten(1, self.small)  # [N, 3, S/4, S/4]
        return picture + F.interpolate(small, scale_factor=LINEAR_SHRINK, mode="bilinear", align_corners=False)


def shrink(x: Tensor) -> Tensor:
    """Pictures [N, 3, S, S] averaged down to [N, 3, S/4, S/4], what the linear path sees."""
    return F.avg_pool2d(x, LINEAR_SHRINK)


def _linear_inputs(config: ModelConfig) -> int:
    return 3 * (config.image_size // LINEAR_SHRINK) ** 2


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
        if config.refinement_steps:  # see models.training.refinement, which fills it
            self.refinement: Tensor
            self.register_buffer("refinement", torch.zeros(config.latent_dim, config.latent_dim))

    @property
    def is_variational(self) -> bool:
        """Whether the encoder returns a distribution (VAE) or a code (AE)."""
        return self.config.kind == "vae"

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return next(self.parameters()).device

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """The posterior q(z|x) of each picture.

        Args:
            x: float32 [N, 3, S, S] in [0, 1].

        Returns:
            `mu` [N, D], and `logvar` [N, D] (natural log of the variance) or None for an AE.
        """
        outputs = self.encoder(x).float()
        if not self.is_variational:
            steps = self.config.refinement_steps
            return (corrected(outputs, x, self.decoder, self.refinement, steps) if steps else outputs), None
        mu, logvar = outputs.chunk(2, dim=1)  # [N, D] each
        return mu, logvar

    def encode(self, x: Tensor) -> Tensor:
        """Pictures float32 [N, 3, S, S] in [0, 1] to latents [N, D]: AE code or posterior mean. Deterministic."""
        return self.posterior(x)[0]

    def decode(self, z: Tensor) -> Tensor:
        """Latents [N, D] to pictures float32 [N, 3, S, S] in [0, 1]."""
        return self.decoder(z).float().clamp(0, 1)

    def forward(self, x: Tensor, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor, Tensor | None]:
        """Reconstruct through a draw from the posterior (VAE) or through the code (AE), unclamped for the gradient.

        Returns:
            reconstruction [N, 3, S, S], `mu` [N, D], `logvar` [N, D] or None.
        """
        mu, logvar = self.posterior(x)
        z = mu if logvar is None else reparameterize(mu, logvar, generator)
        return self.decoder(z).float(), mu, logvar


def encode_alike(a: LatentModel, b: LatentModel) -> bool:
    """Whether both have the same encoder, weight by weight, and nothing behind it that asks the decoder."""
    if not isinstance(a, Autoencoder) or not isinstance(b, Autoencoder) or a.config.refinement_steps:
        return False
    ours, theirs = a.encoder.state_dict(), b.encoder.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def reparameterize(mu: Tensor, logvar: Tensor, generator: torch.Generator | None) -> Tensor:
    """Draw z = mu + sigma * eps with eps ~ N(0, I), so that gradients reach `mu` and `logvar`.

    Source: Kingma and Welling 2014, equation 10. Shapes [N, D].
    """
    eps = torch.randn(mu.shape, generator=generator, device=mu.device, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * eps


def build_network(config: ModelConfig) -> Autoencoder | AttributeClassifier:
    """The network that `config` describes, with fresh weights."""
    return AttributeClassifier(config) if config.kind == "classifier" else Autoencoder(config)


def memory_format(config: ModelConfig) -> torch.memory_format:
    """The memory layout in which the network is fastest.

    Channels-last pays only for channel counts in multiples of 8, and with others oneDNN (in torch 2.14) has been seen
    to corrupt memory in the backward pass.
    """
    narrowest = config.width // 2 if config.architecture == "plain" else config.width
    return torch.channels_last if narrowest % 8 == 0 else torch.contiguous_format
