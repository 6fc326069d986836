"""What a network is made of, as data: the part of `config.json` that rebuilds it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

Kind = Literal["ae", "vae", "classifier"]
Architecture = Literal["residual", "plain"]

IMAGE_SIZES = (64, 128)


class ConfigError(ValueError):
    """A configuration breaks a rule; the message names the rule, the value and the remedy."""


@dataclass(frozen=True)
class ModelConfig:
    """Shape and loss of one network.

    Attributes:
        kind: "ae", "vae" or "classifier".
        image_size: side of the square input and output picture, in pixels (64 or 128).
        latent_dim: number of latent dimensions D; for the classifier, of attributes.
        width: channels of the layer nearest the picture; deeper layers have up to 8 times as many.
        beta: weight of the KL term in the VAE's loss; 0 for the AE, which has none.
        decoder_sigma: standard deviation of the Gaussian p(x|z) per pixel channel, in units of the
            [0, 1] pixel range, at this `image_size` and with errors summed over pixels.
        architecture: how a classifier is built, "residual" or "plain"; an autoencoder does not heed it.
        encoder_scale: the encoder sees the picture shrunk by this factor (by averaging): 1 or 2. A code of a hundred
            numbers has no room for the finest detail, and half the size costs a quarter of the time.
        linear_path: encoder and decoder each have a linear path beside the convolutions, which starts as
            probabilistic PCA of the training pictures (see `models.ppca`).
        perceptual_weight: nats for one unit of `models.perceptual.PerceptualDistance`; 0 for pixels only.
    """

    kind: Kind
    image_size: int = 64
    latent_dim: int = 128
    width: int = 32
    beta: float = 1.0
    decoder_sigma: float = 0.2
    architecture: Architecture = "residual"
    encoder_scale: int = 1
    linear_path: bool = False
    perceptual_weight: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ConfigError(f"kind must be one of {', '.join(get_args(Kind))}, not {self.kind!r}.")
        if self.architecture not in get_args(Architecture):
            raise ConfigError(f"architecture must be residual or plain, not {self.architecture!r}.")
        if self.image_size not in IMAGE_SIZES:
            raise ConfigError(f"image_size must be 64 or 128, not {self.image_size!r}.")
        for name in ("latent_dim", "width"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 4096:
                raise ConfigError(f"{name} must be a whole number from 1 to 4096, not {value!r}.")
        if self.encoder_scale not in (1, 2):
            raise ConfigError(f"encoder_scale must be 1 or 2, not {self.encoder_scale!r}.")
        if not isinstance(self.linear_path, bool):
            raise ConfigError(f"linear_path must be true or false, not {self.linear_path!r}.")
        for name in ("beta", "decoder_sigma", "perceptual_weight"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 <= value < float("inf"):
                raise ConfigError(f"{name} must be a number of at least 0, not {value!r}.")
        if self.decoder_sigma == 0:
            raise ConfigError("decoder_sigma must be above 0: the loss divides by its square.")

    @classmethod
    def from_dict(cls, values: Any) -> ModelConfig:
        """Build a config from parsed JSON.

        Raises:
            ConfigError: not a mapping, an unknown key, a missing `kind`, or a value out of range.
        """
        if not isinstance(values, dict):
            raise ConfigError(f"the model's configuration must be a JSON object, not {type(values).__name__}.")
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ConfigError(f"unknown key {unknown[0]!r}; this version knows {', '.join(sorted(known))}.")
        if "kind" not in values:
            raise ConfigError("the key 'kind' is missing; it must be one of ae, vae, classifier.")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """The config as a JSON-ready dictionary."""
        return asdict(self)
